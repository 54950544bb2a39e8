import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wholeProgram } from "../src/cli/whole-program";
import { MaasSimulator } from "../src/simulator";
import { programFile } from "./support/command-line";
import { runConsoleBlocks } from "./support/console-doc";

jest.setTimeout(120_000);

const FILE = join(__dirname, "..", "docs/cli.md");
const PAGE = readFileSync(FILE, "utf8");

/** The region's address in the page. */
const SHOWN_URL = "http://127.0.0.1:5240/MAAS";

/** What differs from run to run: the port, and how long things take. */
const normalised =
  (url: string) =>
  (output: string): string =>
    output
      .replaceAll(url, SHOWN_URL)
      .replace(/after \d+(\.\d+)? (ms|s)\b/g, "after 12 ms")
      .replace(/\d+(\.\d+)? (ms|s) after/g, "12 ms after");

test("docs/cli.md shows what the commands really say", async () => {
  const simulator = await MaasSimulator.start({ adminKey: "consumer:token:secret" });
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-cli-doc-"));
  try {
    const [, document = ""] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
    writeFileSync(join(folder, "maas-network.json"), document.replace(SHOWN_URL, simulator.url));
    const [, configuration = ""] = /```hcl\n([\s\S]*?)```/.exec(PAGE) ?? [];
    writeFileSync(join(folder, "lab.tf"), configuration);
    const run = await runConsoleBlocks(PAGE.replaceAll(SHOWN_URL, simulator.url), {
      ...{ cwd: folder, env: { MAAS_API_KEY: simulator.apiKey }, program: programFile("cdktf-maas") },
    });
    const page = normalised(simulator.url)(run);
    // UPDATE_DOCS=1 writes what the commands say now.
    if (process.env.UPDATE_DOCS === "1") writeFileSync(FILE, page);
    else expect(page).toBe(PAGE);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true });
  }
});

test("docs/cli.md has each command in its table", () => {
  const table = PAGE.slice(PAGE.indexOf("| Command "), PAGE.indexOf("Everything below"));
  const missing = wholeProgram().commands.filter((command) => !table.includes(`[\`${command.name()}`));
  expect(missing.map((command) => command.name())).toEqual([]);
});

/** The anchors of a page's headings. */
const anchorsIn = (page: string): string[] =>
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );

test("docs/cli.md links only to headings and files that there are", () => {
  const links = [...PAGE.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
  expect(links.length).toBeGreaterThan(10);
  for (const [, path = "", anchor] of links) {
    const page = path === "" ? PAGE : readFileSync(join(FILE, "..", path), "utf8");
    if (anchor !== undefined) expect(anchorsIn(page)).toContain(anchor);
  }
});
