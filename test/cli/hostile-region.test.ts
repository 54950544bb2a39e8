import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { documentText } from "../../lib/model/document";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { hasChromium, launchChromium } from "../support/chromium";
import { cdktfMaas, type CommandResult } from "../support/command-line";
import { RewritingFront } from "../support/rewriting-front";

jest.setTimeout(120_000);

/** What a region may send as a name. Each carries its number, by which it is found again: `h07`. */
const PAYLOADS = [
  "\u001b[38;5;1mred",
  "\u001b]0;title\u0007",
  "\u009b2J",
  "\u001b[2J\u001b[H",
  "over\rwritten",
  "two\nlines",
  "\u202etxt.exe",
  "\u2028separated\u2029",
  "nul\u0000",
  "deleted\u007f\b\b",
  "<script>evil()</script>",
  '"><img src=x onerror=evil()>',
  "</title></svg><svg onload=evil()>",
  "]]><evil/><!--",
  "| cell | more |",
  "[link](javascript:evil())",
  "`code` **bold** ~~struck~~",
  '"];evil["<br>',
  '%%{init: {"securityLevel": "loose"}}%%',
  "\nend\nsubgraph evil",
  "${evil()}",
  "'); evil(); //",
  "\\",
  "*/ evil(); /*",
  "\nevil();//",
  "%{ if evil }",
  "\ud800",
  "\ufffe&lt;&#27;",
].map((text, index) => `h${String(index).padStart(2, "0")}${text}`);

const numbers = PAYLOADS.map((_, index) => index);
const placeholder = (index: number): string => `P${index}P`;

const SEED: Seed = {
  spaces: numbers.map((index) => ({ name: placeholder(index) })),
  fabrics: [
    { name: "plain", vlans: [{ vid: 10 }] },
    ...numbers.map((index) => ({
      name: placeholder(index),
      vlans: [{ vid: 10, name: placeholder(index), space: placeholder(index) }],
    })),
  ],
  subnets: numbers.flatMap((index) => [
    { cidr: `2001:db8:${index}::/64`, fabric: placeholder(index), vid: 10, name: placeholder(index) },
    { cidr: `10.1.${index}.0/24`, fabric: "plain", vid: 10, name: placeholder(index) },
  ]),
  ip_ranges: numbers.map((index) => ({
    ...{ type: "reserved", start_ip: `10.1.${index}.2`, end_ip: `10.1.${index}.9`, comment: placeholder(index) },
  })),
};

/** A document that renames what the region has. */
const DOCUMENT = documentText({
  objects: {
    fabric: [{ key: "plain", path: "lab/plain", origin: "look_up", attributes: {} }],
    vlan: [{ key: "plain:10", path: "lab/vlan", origin: "adopt", attributes: { fabric: "plain", vid: 10, mtu: 1400 } }],
    subnet: numbers.map((index) => {
      const cidr = `10.1.${index}.0/24`;
      return { key: cidr, path: `lab/${index}`, origin: "adopt", attributes: { cidr, vlan: "plain:10", name: "ours" } };
    }),
  },
  suppressions: [],
});

let simulator: MaasSimulator;
let region: RewritingFront;
let folder: string;
let document: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-hostile-"));
  document = join(folder, "network.json");
  writeFileSync(document, DOCUMENT);
  simulator = await MaasSimulator.start({ seed: SEED });
  region = await RewritingFront.start(simulator.url, (reply) => ({
    ...reply,
    body: reply.body.replace(/"P(\d+)P"/g, (_, index: string) => JSON.stringify(PAYLOADS[Number(index)])),
  }));
});

afterAll(async () => {
  await region.stop();
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> =>
  cdktfMaas(args, { MAAS_API_URL: region.url, MAAS_API_KEY: simulator.apiKey, ...env });

/** What steers a terminal, or hides what a line says. The line break and the tab are layout. */
const STEERING = /[^\P{Cc}\n\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

const OWN_COLOUR = new RegExp(`${"\u001b"}\\[(?:0|1|2|22|3[1-6]|39)m`, "g");

/** What {@link Output} itself may send where colours are wanted. */
const withoutColours = (text: string): string => text.replace(OWN_COLOUR, "");

type Check = (text: string) => void | Promise<void>;

const json: Check = (text) => expect(() => JSON.parse(text) as unknown).not.toThrow();

/** Nothing of a payload is code: `evil` stands in texts and comments only. */
const typescript: Check = (text) => {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  const calls: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) calls.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("main.ts", text, ts.ScriptTarget.ES2022));
  expect(calls).not.toContain("evil");
};

const markdown: Check = (text) => {
  for (const line of text.split("\n")) {
    // An empty comment keeps `@name` and `#1` from being taken for a person and an issue.
    const plain = line.replace(/\\./g, "").replaceAll("<!-- -->", "");
    expect(plain).not.toMatch(/<(?!\/?(details|summary|br)>)/);
    expect(plain).not.toMatch(/\]\(|\*\*bold|`code|~~/);
  }
};

const mermaid: Check = (text) => {
  expect(text).not.toContain("%%{");
  for (const line of text.trimEnd().split("\n"))
    expect(line).toMatch(
      /^(%% [^{]*|flowchart LR| *(subgraph \w+\["[^"]*"\]|end|\w+[[(]+"[^"]*"[\])]+(:::\w+)?|\w+ -->\|"[^"]*"\| \w+|classDef .*))$/,
    );
};

const inChromium =
  (type: "image/svg+xml" | "text/html"): Check =>
  async (text) => {
    if (!hasChromium) return;
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const found = await page.evaluate(
        ([source = "", as = ""]) => {
          // In the page, which has no types here.
          const { DOMParser: Parser } = globalThis as unknown as {
            DOMParser: new () => {
              parseFromString(
                text: string,
                type: string,
              ): { querySelectorAll(selector: string): { length: number }; documentElement: { textContent: string } };
            };
          };
          const parsed = new Parser().parseFromString(source, as);
          const count = (selector: string): number => parsed.querySelectorAll(selector).length;
          return { errors: count("parsererror"), foreign: count("img, evil, [onload], [onerror], script") };
        },
        [text, type],
      );
      expect(found).toEqual({ errors: 0, foreign: type === "text/html" ? 1 : 0 });
    } finally {
      await browser.close();
    }
  };

/** Every output of the command line that tells of a region: what is run, where payloads must be found again, and what is checked. */
const OUTPUTS: readonly (readonly [name: string, args: () => readonly string[], tells: number, check: Check])[] = [
  ["audit as text", () => ["audit"], 1, () => undefined],
  ["audit as JSON", () => ["audit", "--format", "json"], 1, json],
  ["audit as SARIF", () => ["audit", "--format", "sarif"], 1, json],
  ["audit as Markdown", () => ["audit", "--format", "markdown"], 1, markdown],
  ["graph as Mermaid", () => ["graph", "--format", "mermaid"], PAYLOADS.length, mermaid],
  ["graph as SVG", () => ["graph", "--format", "svg"], PAYLOADS.length, inChromium("image/svg+xml")],
  ["graph as HTML", () => ["graph", "--format", "html"], PAYLOADS.length, inChromium("text/html")],
  ["export as TypeScript", () => ["export"], PAYLOADS.length, typescript],
  ["export as a document", () => ["export", "--format", "document"], 1, json],
  ["plan as text", () => ["plan", document], PAYLOADS.length, () => undefined],
  ["plan as JSON", () => ["plan", document, "--format", "json"], PAYLOADS.length, json],
  ["plan as Markdown", () => ["plan", document, "--format", "markdown"], PAYLOADS.length, markdown],
  ["verify as text", () => ["verify", document, "--timeout", "0"], PAYLOADS.length, () => undefined],
  ["verify as JSON", () => ["verify", document, "--timeout", "0", "--format", "json"], PAYLOADS.length, json],
];

const told = (text: string): number => PAYLOADS.filter((payload) => text.includes(payload.slice(0, 3))).length;

test.each(OUTPUTS)(
  "%s: names of a hostile region steer nothing and break nothing",
  async (_name, args, tells, check) => {
    const { code, stdout, stderr } = await run(args());
    expect([code, stderr]).toEqual([
      expect.any(Number),
      expect.not.stringMatching(/cdktf-maas is at fault|mistake in/),
    ]);
    expect(code).not.toBe(1);
    expect(stdout + stderr).not.toMatch(STEERING);
    expect(told(stdout + stderr)).toBeGreaterThanOrEqual(tells);
    await check(stdout);
  },
);

test.each([
  ["plan", []],
  ["verify", ["--timeout", "0"]],
])("%s, with colours: no escape sequence comes from the region", async (command, options) => {
  const { stdout, stderr } = await run([command, document, ...options], { FORCE_COLOR: "1" });
  expect(stdout).toContain("\u001b[1m");
  expect(withoutColours(stdout + stderr)).not.toMatch(STEERING);
});

test.each(["audit", "graph", "export", "plan"])("%s: the same in a file", async (command) => {
  const file = join(folder, command);
  await run([command, ...(command === "plan" ? [document] : []), "--output", file]);
  const text = readFileSync(file, "utf8");
  expect(text).not.toMatch(STEERING);
  expect(told(text)).toBeGreaterThan(0);
});

/** All payloads in a few texts, none longer than what is shown of an answer. */
const JOINED = [0, 10, 20].map((from) => PAYLOADS.slice(from, from + 10).join(" "));

describe.each(["text", "json"])("errors as %s", (format) => {
  test("escape what a region answers", async () => {
    for (const body of JOINED) {
      const hostile = await RewritingFront.start(simulator.url, () => ({
        ...{ status: 400, headers: { "content-type": "text/plain" }, body },
      }));
      const { stderr } = await run(["--error-format", format, "audit", "--url", hostile.url]);
      await hostile.stop();
      expect(stderr).toContain(body.slice(0, 3));
      expect(stderr).not.toMatch(STEERING);
    }
  });

  test.each([
    ["names of files", (text: string) => ["plan", text]],
    ["options", (text: string) => ["audit", `--${text}`]],
    ["values of options", (text: string) => ["audit", "--format", text]],
  ])("escape %s", async (_what, argsOf) => {
    // No argument can hold the character that ends it.
    const text = JOINED.join(" ").replaceAll("\0", "");
    const { code, stderr } = await run(["--error-format", format, ...argsOf(text)]);
    expect([code, told(stderr)]).toEqual([1, PAYLOADS.length]);
    expect(stderr).not.toMatch(STEERING);
  });
});
