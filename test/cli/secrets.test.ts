import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import { cdktfMaas, startCommand } from "../support/command-line";
import { RewritingFront } from "../support/rewriting-front";
import { SecretScan } from "../support/secrets";

jest.setTimeout(60_000);

const PARTS = ["cOnSuMeRConSumEr18", "TOKENtokenTOKEN18x", "SECRETsecretSECRETsecretSECRET32"];
const KEY = PARTS.join(":");

/** What must not be read anywhere: a part of the key, plain or in base64. */
const LEAK = /CONSUMERconsumer|TOKENtokenTOKEN|SECRETsecret|U0VDUkVUc2VjcmV0/i;

const COMMANDS = [["audit"], ["graph", "--format", "mermaid"], ["export"], ["export", "--format", "document"]];

let simulator: MaasSimulator;

beforeAll(async () => {
  simulator = await MaasSimulator.start({ adminKey: KEY });
});
afterAll(() => simulator.stop());

describe("the API key in place of the URL is not shown", () => {
  const urls = [KEY, `http://${KEY}`, `http://${KEY}/MAAS`, `http://${KEY}@region.example/MAAS`, `https://${KEY}`];

  test.each(urls.flatMap((url) => ["text", "json"].map((format) => [url, format] as const)))(
    "%s, errors as %s",
    async (url, format) => {
      // Also where it is not known to be the key.
      for (const env of [{}, { MAAS_API_KEY: KEY }, { MAAS_API_KEY: "another:key:ofthistest" }]) {
        const { code, stdout, stderr } = await cdktfMaas(["--error-format", format, "audit", "--url", url], env);
        expect(code).toBe(1);
        expect(stdout + stderr).not.toMatch(LEAK);
      }
    },
  );
});

test.each([
  ["plan", KEY],
  ["audit", `--${KEY}`],
  ["audit", "--format", KEY],
])("nor is it in place of another argument: %s", async (...args) => {
  const { stdout, stderr } = await cdktfMaas(args, { MAAS_API_URL: simulator.url, MAAS_API_KEY: KEY });
  expect(stdout + stderr).not.toMatch(LEAK);
});

describe.each(["text", "json"])("a region, or a proxy before it, that echoes the key: errors as %s", (format) => {
  const base64 = Buffer.from(KEY).toString("base64");
  const bodies = [
    KEY,
    PARTS.join(" "),
    `Authorization: Basic ${base64}`,
    encodeURIComponent(KEY),
    [...KEY].map((character) => `%${character.charCodeAt(0).toString(16)}`).join(""),
    [...KEY].map((character) => `&#${character.charCodeAt(0)};`).join(""),
  ];

  test.each([401, 403, 404, 500, 200, 301])("with the status %i", async (status) => {
    const hostile = await RewritingFront.start(simulator.url, (_reply, { authorization }) => ({
      status,
      headers: { "content-type": "text/plain", location: `http://elsewhere.example/${encodeURIComponent(KEY)}/` },
      body: [...bodies, authorization].join(" | "),
    }));
    const { code, stdout, stderr } = await cdktfMaas(["--error-format", format, "audit", "--url", hostile.url], {
      ...{ MAAS_API_KEY: KEY, MAAS_RETRY_TIMEOUT: "0" },
    });
    await hostile.stop();
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(LEAK);
  });
});

test.each([
  ["audit", "--url", `http://region.example:5240/MAAS/${KEY}`],
  ["audit", "--url", `http://user@region.example:5240/${KEY}`],
  ["audit", "--url", "http://region.example:5240/MAAS", "--ca-cert", KEY],
  ["plan", KEY],
])("nor is one that nobody has named as a key: %s %s %s", async (...args) => {
  const { code, stdout, stderr } = await cdktfMaas(args, { MAAS_API_KEY: "another:key:ofthistest" });
  expect(code).toBe(1);
  expect(stdout + stderr).not.toMatch(LEAK);
});

test.each(["ftp://user:hunter2hunter2@backend.example/state", "https:/user:hunter2hunter2@backend.example/state"])(
  "what looks like the URL of a backend and is none is no file for the record: %s",
  async (record) => {
    const { code, stderr } = await cdktfMaas(["plan", "--record", record]);
    expect(code).toBe(1);
    expect(stderr).toContain("--record");
  },
);

test.each(COMMANDS)("no output has the key: %s %s %s", async (...args) => {
  const echoing = await RewritingFront.start(simulator.url, (reply) => ({
    ...reply,
    body: reply.body.replace(/"description": ?""/g, `"description": ${JSON.stringify(KEY)}`),
  }));
  const words = args.filter((word) => word !== undefined);
  const { code, stdout, stderr } = await cdktfMaas([...words, "--url", echoing.url], { MAAS_API_KEY: KEY });
  await echoing.stop();
  expect([0, 2]).toContain(code);
  expect(stdout + stderr).not.toMatch(LEAK);
});

test("the simulator shows the key that it was given, since nobody could use it otherwise", async () => {
  const running = startCommand(["simulate", "--port", "0", "--admin-key", KEY], { env: { MAAS_API_KEY: KEY } });
  await running.said("User key");
  running.kill("SIGTERM");
  expect((await running.result).stdout).toContain(KEY);
});

describe("what looks for secrets in all that tests run", () => {
  const scan = SecretScan.ofKey(KEY);
  const secret = PARTS[2] ?? "";
  const authorization = `OAuth oauth_signature="%26${secret}"`;

  test.each([
    KEY,
    secret,
    `cut ${secret.slice(0, 17)}`,
    encodeURIComponent(KEY),
    Buffer.from(authorization).toString("base64"),
    Buffer.from(`x${KEY}`).toString("base64url"),
    Buffer.from(KEY).toString("hex"),
  ])("finds it in %s, and in an error that has it as a cause or in a hidden member", (text) => {
    expect(scan.inText(`... ${text} ...`)).toBeDefined();
    expect(scan.inValue(new Error("no", { cause: { headers: [text] } }))).toBeDefined();
    expect(
      scan.inValue(Object.defineProperty(new Error("no"), "data", { value: text, enumerable: false })),
    ).toBeDefined();
  });

  test("looks at the arguments of the processes that this one has started, and not at those of another test's", async () => {
    const waits = [process.execPath, "-e", "setTimeout(() => {}, 60_000)", KEY];
    // The shell ends at once, so that what it has started is nobody's child here.
    const { stdout } = spawnSync("sh", ["-c", '"$@" >/dev/null 2>&1 & echo $!', "sh", ...waits], { encoding: "utf8" });
    try {
      expect(scan.inProcesses()).toEqual([]);
      const [program = "", ...args] = waits;
      const own = spawn(program, args, { stdio: "ignore", timeout: 20_000 });
      await once(own, "spawn");
      expect(scan.inProcesses()).toEqual([expect.stringContaining(PARTS[0] ?? "")]);
      own.kill();
    } finally {
      process.kill(Number(stdout));
    }
  });

  test("finds nothing in what has none, such as a client with a key", () => {
    const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(KEY) });
    expect(scan.inValue(client)).toBeUndefined();
    expect(scan.inText("consumer:token:secret, [redacted]")).toBeUndefined();
    return client.close();
  });
});
