import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { HttpRecordStore } from "../../../../src/reconcile/engine/record/http-store";
import { cdktfMaas } from "../../../support/command-line";
import { asRead } from "../../../support/engine";
import { SHOP } from "../../../support/shop-document";
import { type StateRules, StateServer } from "../../../support/state-server";

jest.setTimeout(60_000);

const recordOf = (objects: NetworkDocument["objects"]): NetworkDocument =>
  asRead({ apiUrl: "http://region.example:5240/MAAS", objects, suppressions: [] });
const RECORD = recordOf(SHOP);

describe.each(["gitlab", "plain"] satisfies StateRules[])(
  "a record behind an HTTP backend, by the rules: %s",
  (rules) => {
    let server: StateServer;
    const store = (environment: NodeJS.ProcessEnv = {}): HttpRecordStore =>
      new HttpRecordStore("http", { ...server.environment, ...environment }, 1);

    beforeEach(async () => {
      server = await StateServer.start(rules);
    });
    afterEach(() => server.stop());

    test("is what was written last, with a serial that grows by one per write, also from run to run", async () => {
      const first = store();
      const lock = await first.lock();
      expect(await first.read()).toBeUndefined();
      await first.write(recordOf({}));
      await first.write(RECORD);
      await lock.release();
      expect(server.lock).toBeUndefined();

      const second = store();
      const again = await second.lock();
      expect(documentText((await second.read())!)).toBe(documentText(RECORD));
      await second.remove();
      await again.release();
      expect(await store().read()).toBeUndefined();
      await store().write(RECORD);
      expect(JSON.parse(server.state ?? "")).toMatchObject({
        serial: 4,
        record: { objects: expect.any(Object) as object },
      });
      expect(server.state).not.toContain("secret");
    });

    test("is locked against a second run, which names the holder and how its lock is freed", async () => {
      await store().lock();
      const { ID: id } = JSON.parse(server.lock ?? "") as { ID: string };
      const message = await store()
        .lock()
        .catch((error: Error) => error.message);
      expect(message).toMatch(
        /^\w+@\S+ \(cdktf-maas, since \d{4}-.*\) works with the same record, and nothing was changed/,
      );
      expect(message).toContain(`run cdktf-maas unlock ${id} and run the command again`);
      // Without the lock nothing is written.
      await expect(store().write(RECORD)).rejects.toThrow(id);
      expect(server.state).toBeUndefined();

      const wrong = await cdktfMaas(["unlock", "other"], server.environment);
      expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining(id)]);
      expect(await cdktfMaas(["unlock", id], server.environment)).toMatchObject({
        code: 0,
        stdout: "The record is free.\n",
      });
      await (await store().lock()).release();
    });

    test.each([
      ["a lost answer", "lose"],
      ["a server that is busy", 503],
    ] as const)("survives %s at any request", async (_, fault) => {
      for (let at = 0; at < 5; at += 1) {
        server.state = undefined;
        const one = store();
        const steps = [
          async () => void (lock = await one.lock()),
          async () => void (await one.read()),
          () => one.write(recordOf({})),
          () => one.write(RECORD),
          async () => void (await lock?.release()),
        ];
        let lock: Awaited<ReturnType<HttpRecordStore["lock"]>> | undefined;
        for (const [index, step] of steps.entries()) {
          if (index === at) server.faults.push(fault);
          await step();
        }
        expect([at, server.lock, (JSON.parse(server.state ?? "{}") as { serial?: number }).serial]).toEqual([
          at,
          undefined,
          2,
        ]);
      }
    });

    test("says what to do where it is refused, missing, or a state of Terraform", async () => {
      await expect(store({ TF_HTTP_PASSWORD: "wrong" }).read()).rejects.toThrow(
        /the record can't be read: the server answers 401 .* Set TF_HTTP_USERNAME and TF_HTTP_PASSWORD/,
      );
      server.state = JSON.stringify({
        version: 4,
        terraform_version: "1.11.4",
        serial: 7,
        lineage: "x",
        resources: [],
      });
      for (const act of [() => store().read(), () => store().write(RECORD), () => store().remove()])
        await expect(act()).rejects.toThrow(
          /may be a state of Terraform. Nothing was changed. Give the record an address/,
        );
      expect(server.state).toContain("lineage");
      const gone = store();
      await server.stop();
      await expect(gone.read()).rejects.toThrow(/does not answer .* Check TF_HTTP_ADDRESS/);
    });
  },
);

test("the settings are those of Terraform, and wrong ones are said by name", async () => {
  const read = (environment: NodeJS.ProcessEnv, name = "http") => new HttpRecordStore(name, environment);
  expect(() => read({})).toThrow("TF_HTTP_ADDRESS: it is not set");
  expect(() => read({ TF_HTTP_ADDRESS: "gitlab.example" })).toThrow(
    "TF_HTTP_ADDRESS: this is no URL of an HTTP backend",
  );
  expect(() => read({ TF_HTTP_LOCK_ADDRESS: "nowhere" }, "http://a.example")).toThrow(
    "TF_HTTP_LOCK_ADDRESS: this is no URL",
  );
  await expect(read({ TF_HTTP_ADDRESS: "http://a.example/s" }).unlock("1")).rejects.toThrow(
    "such as http://a.example/s/lock",
  );
  const failed = read({}, "http://user:hidden-word@127.0.0.1:9/s").read();
  await expect(failed).rejects.toThrow("http://127.0.0.1:9/s");
  await expect(failed).rejects.not.toThrow("hidden-word");
});

/** Answers every request as the test says, where it listens. */
async function answering<T>(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (address: string) => Promise<T>,
  host = "127.0.0.1",
): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, host, done));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(`http://${host.includes(":") ? `[${host}]` : host}:${port}/state`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "done",
    ({ message }: Error) => message,
  );

const storeAt = (address: string, more: NodeJS.ProcessEnv = {}, name = "http"): HttpRecordStore =>
  new HttpRecordStore(name, { TF_HTTP_ADDRESS: address, TF_HTTP_LOCK_ADDRESS: `${address}/lock`, ...more }, 1);

describe("a server that answers otherwise", () => {
  test.each<[string, number, Record<string, string>, string, RegExp]>([
    ["401 without a body", 401, {}, "", /the server answers 401\. Set TF_HTTP_USERNAME/],
    [
      "a redirect, whose token is not shown",
      302,
      { location: "https://u:hidden-word@login.example/in?token=hidden-word" },
      "",
      /answers 302 \(to https:\/\/login\.example\/in\?…\)\. Redirects are not followed\. Set TF_HTTP_ADDRESS/,
    ],
    [
      "a log-in page",
      200,
      { "content-type": "text/html" },
      "<html><title>x</title><h1>Sign in</h1>",
      /is a page in HTML \(Sign in\), and no record\. Nothing was changed/,
    ],
    [
      "a record of a later version",
      200,
      {},
      '{"format":"maas-network-record","version":2,"serial":1,"record":{}}',
      /one of another version/,
    ],
    [
      "a record that is cut off",
      200,
      {},
      '{"format":"maas-network-record","version":1,"ser',
      /no record of cdktf-maas/,
    ],
    [
      "an envelope of nothing",
      200,
      {},
      '{"format":"maas-network-record","version":1,"serial":1}',
      /Nothing was changed/,
    ],
    ["500 with an escape sequence", 500, {}, "\u001b[2Joops", /answers 500 \(\\u001b\[2Joops\)/],
  ])("is told of: %s", async (_, status, headers, body, says) => {
    const message = await answering(
      (_request, response) => response.writeHead(status, headers).end(body),
      (address) => failureOf(storeAt(address).read()),
    );
    expect(message).toMatch(says);
    expect(message).not.toContain("hidden-word");
    expect(message).not.toContain("\u001b");
  });

  test("has the settings of locks named where it knows no such method or address", async () => {
    const message = await answering(
      (_, response) => response.writeHead(405).end(),
      (address) => failureOf(storeAt(address).lock()),
    );
    expect(message).toMatch(
      /can't be locked: the server answers 405\. Check TF_HTTP_LOCK_ADDRESS, and TF_HTTP_LOCK_METHOD, which is LOCK\. .*POST/,
    );
  });

  test.each([
    ["", 3],
    ["0", 1],
    ["4", 5],
  ])("is asked again while it is busy, with TF_HTTP_RETRY_MAX=%s", async (max, attempts) => {
    let requests = 0;
    await answering(
      (_, response) => response.writeHead((requests += 1) % 2 === 0 ? 429 : 503).end(),
      (address) => failureOf(storeAt(address, { TF_HTTP_RETRY_MAX: max }).read()),
    );
    expect(requests).toBe(attempts);
  });

  test("has what it says of a lock shown in one line, in a command that is one for a shell", async () => {
    const holder = { ID: "$(rm -rf ~)'", Who: "a\u001b[31mb", Operation: "cdktf-maas", Created: "now" };
    const message = await answering(
      (_, response) => response.writeHead(423).end(JSON.stringify(holder)),
      (address) => failureOf(storeAt(address, {}, `${address}?private=hidden-word`).lock()),
    );
    expect(message).toMatch(
      /^a\\u001b\[31mb \(cdktf-maas, since now\) works with the same record, and nothing was changed/,
    );
    expect(message).toMatch(/run cdktf-maas unlock '\$\(rm -rf ~\)'\\''' --record 'http:\S+\?…'/);
    expect(message).not.toContain("hidden-word");
  });

  test("and does not free the lock: told after the run, with the command that frees it", async () => {
    const message = await answering(
      ({ method }, response) => response.writeHead(method === "UNLOCK" ? 403 : 200).end(),
      async (address) => failureOf((await storeAt(address).lock()).release()),
    );
    expect(message).toMatch(
      /can't be unlocked: the server answers 403.*its lock stays: run cdktf-maas unlock [\w-]{36}\.$/,
    );
  });

  test("is found at an IPv6 address", async () => {
    const record = await answering(
      (_, response) => response.writeHead(404).end(),
      (address) => storeAt(address).read(),
      "::1",
    );
    expect(record).toBeUndefined();
  });
});

test("a run that has lost its lock does not say that nothing was changed, and one whose record is overtaken is told", async () => {
  const server = await StateServer.start("gitlab");
  const store = new HttpRecordStore("http", server.environment, 1);
  const lock = await store.lock();
  await store.write(RECORD);
  server.lock = JSON.stringify({ ID: "other", Who: "somebody", Operation: "cdktf-maas", Created: "now" });
  const lost = await failureOf(store.write(recordOf({})));
  expect(lost).toMatch(
    /^the lock of this run was freed while it lasted, and somebody .* works with the same record now/,
  );
  expect(lost).not.toContain("nothing was changed");
  expect(await failureOf(lock.release())).toContain("somebody");
  server.lock = undefined;
  server.state = server.state?.replace('"serial":1', '"serial":4');
  expect(await failureOf(store.write(recordOf({})))).toMatch(/answers 422 .* If another run has written the record/);
  await server.stop();
});

test.each([
  ["100%:p@ss/w ör#d?", encodeURIComponent("100%:p@ss/w ör#d?")],
  ["50%-of-it-all", "50%-of-it-all"],
])("the password %s is sent as it is and told to nobody, by variable and in a URL", async (password, inUrl) => {
  const sent: string[] = [];
  const echo = ({ headers }: IncomingMessage, response: ServerResponse): void => {
    const pair = Buffer.from((headers.authorization ?? "").slice(6), "base64").toString("utf8");
    sent.push(pair);
    response.writeHead(500).end(`${headers.authorization} ${pair} ${encodeURIComponent(password)}`);
  };
  const told = await answering(echo, async (address) => {
    const once = { TF_HTTP_RETRY_MAX: "0" };
    const byVariable = storeAt(address, { ...once, TF_HTTP_USERNAME: "ci", TF_HTTP_PASSWORD: password });
    const byUrl = storeAt(address, once, address.replace("//", `//ci:${inUrl}@`));
    // What a saved plan keeps.
    expect([byVariable.name, byUrl.name]).toEqual(["http", address]);
    return [await failureOf(byVariable.read()), await failureOf(byUrl.read())];
  });
  expect(sent).toEqual([`ci:${password}`, `ci:${password}`]);
  for (const text of told)
    for (const form of [password, encodeURIComponent(password), Buffer.from(`ci:${password}`).toString("base64")])
      expect(text).not.toContain(form);
});

test.each(["CLIENT_CA_CERTIFICATE_PEM", "CLIENT_CERTIFICATE_PEM", "CLIENT_PRIVATE_KEY_PEM"])(
  "TF_HTTP_%s that is no PEM text is named",
  (name) => {
    expect(() => storeAt("https://a.example/s", { [`TF_HTTP_${name}`]: "/etc/ssl/ca.pem" })).toThrow(
      `TF_HTTP_${name}: it can't be used. Set it to the text of a PEM file`,
    );
  },
);
