import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { documentText } from "../../lib/model/document";
import { MaasSimulator } from "../../src/simulator";
import { documentOf } from "../graph/networks";
import { cdktfMaas } from "../support/command-line";

jest.setTimeout(60_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-graph-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function documentFile(vlans: number): string {
  const file = join(folder, "maas-network.json");
  writeFileSync(file, documentText(documentOf(vlans)));
  return file;
}

describe("cdktf-maas graph", () => {
  test.each([
    ["mermaid", /^%% .*\nflowchart LR\n/],
    ["svg", /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/],
    ["html", /^<!doctype html>/],
  ])("draws a document as %s, the same each time", async (format, start) => {
    const draw = () => cdktfMaas(["graph", documentFile(2), "--format", format, "--title", "lab"]);
    const [first, second] = [await draw(), await draw()];
    expect([first.code, first.stderr]).toEqual([0, ""]);
    expect(first.stdout).toMatch(start);
    expect(first.stdout).toContain("2001:db8:2::/64");
    expect(first.stdout).toContain("MAAS6-DUA-02");
    expect(second.stdout).toBe(first.stdout);
  });

  test.each([
    ["of its folder", "stacks/lab-network/maas-network.json", "lab-network"],
    ["of its objects, where it stands elsewhere", "copy.json", "net"],
  ])("is titled with the stack's name: that %s", async (_, name, title) => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, documentText(documentOf(1)));
    const { stdout } = await cdktfMaas(["graph", file]);
    expect(stdout).toContain(`<h1>${title}</h1>`);
  });

  test("says that a text is longer than viewers of Mermaid take", async () => {
    const { code, stdout, stderr } = await cdktfMaas(["graph", documentFile(300), "--format", "mermaid"]);
    expect([code, stderr]).toEqual([
      0,
      `Note: viewers of Mermaid refuse more than 50000 characters, and this has ${stdout.length}. Use --format svg or html.\n`,
    ]);
  });

  test("draws a live region into a file", async () => {
    const simulator = await MaasSimulator.start();
    const output = join(folder, "region.svg");
    const env = { MAAS_API_KEY: simulator.apiKey };
    const args = ["graph", "--url", simulator.url, "--format", "svg", "--output", output];
    const { code, stdout } = await cdktfMaas(args, env).finally(() => simulator.stop());
    expect([code, stdout]).toEqual([0, ""]);
    expect(readFileSync(output, "utf8")).toMatch(/rack rack1[\s\S]*untagged/);
    expect(readFileSync(output, "utf8")).not.toContain(simulator.apiKey);
  });

  test("draws what a plan changes, of Terraform's plan in JSON", async () => {
    const plan = join(__dirname, "../graph/plans/terraform.json");
    const { code, stdout, stderr } = await cdktfMaas([
      "graph",
      "--plan",
      plan,
      "--format",
      "markdown",
      "--title",
      "lab",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^```mermaid\n%% lab: 4 added, 3 changed, .*\n[\s\S]*```\n$/);
  });

  test.each([
    ["PK\u0003\u0004", "this is a plan in Terraform's own form, and one in JSON is wanted. Give a plan of"],
    ["{", "this is no JSON. Give a plan of `cdktf-maas plan --format json"],
    ['{"format":"maas-network"}', "this is no plan. Give a plan of"],
    ['{"meta":{},"encrypted_data":"x","encryption_version":"v0"}', "this is encrypted by OpenTofu, and a plan as tofu"],
    ['{"version":4,"serial":1,"lineage":"x","resources":[]}', "this is a state, and a plan is wanted"],
    ['{"format":"maas-plan","version":1}', "this saved plan is not whole"],
  ])("says what to give in place of %j", async (text, says) => {
    const file = join(folder, "plan.json");
    writeFileSync(file, text);
    const { code, stdout, stderr } = await cdktfMaas(["graph", "--plan", file]);
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(`plan.json: ${says}`)]);
  });

  test("says where a document is wrong and what to give", async () => {
    const file = join(folder, "wrong.json");
    writeFileSync(
      file,
      '{"format":"maas-network","version":1,"objects":{"vlan":[{"key":"lab:1","attributes":{"vid":"1"}}]}}',
    );
    const { code, stdout, stderr } = await cdktfMaas(["graph", file]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("/objects/vlan/0/attributes/vid");
    expect(stderr).toContain("wrong.json");
  });
});
