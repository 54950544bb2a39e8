import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { IPV6_RULES } from "../lib/rules/ipv6";
import type { ReportDocument } from "../lib/rules/report";
import { MaasSimulator } from "../src/simulator";
import { temporaryFolder } from "./support/synth";
import { quietEnvironment, type Result, run, TERRAFORM, terraformIsMissing } from "./support/terraform";

jest.setTimeout(240_000);

const ROOT = resolve(__dirname, "..");
const FOLDER = join(ROOT, "examples/caveats");
const MAIN = join(ROOT, "dist/examples/caveats/main.js");
const README = readFileSync(join(FOLDER, "README.md"), "utf8");

/** The README's table: id and rule of each caveat, in order. */
const CAVEATS = [...README.matchAll(/^\| \[(s\d)\]\(([\w.-]+)\) .*\| (MAAS6-[A-Z]{3}-\d\d) /gm)].map(
  ([, id = "", file = "", rule = ""]) => ({ id, file, rule }),
);

/** Runs the example as a user does, without the cdktf command line, in a fresh folder. */
async function main(env: NodeJS.ProcessEnv): Promise<Result & { readonly stacks: string }> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run \`npm run build\` before these tests`);
  const cwd = temporaryFolder();
  const result = await run(process.execPath, [MAIN], { cwd, env: { PATH: process.env.PATH, ...env } });
  return { ...result, stacks: join(cwd, "cdktf.out/stacks") };
}

/** The lines of the output that are CDKTF's list of what is wrong. */
const refusals = (output: string): string[] =>
  output
    .split("\n")
    .filter((line) => /^ {2}\[s\d/.test(line))
    .map((line) => line.trim());

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();

test("there is one example for each of the eight statements, and each is in the README's table", () => {
  const files = readdirSync(FOLDER).filter((file) => /^s\d-/.test(file));
  expect(CAVEATS.map(({ file }) => file)).toEqual(files.sort());
  expect(CAVEATS.map(({ id }) => id)).toEqual(["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]);
  const known = IPV6_RULES.map(({ id }) => id);
  expect(known).toEqual(expect.arrayContaining(CAVEATS.map(({ rule }) => rule)));
});

test.each(CAVEATS)("the broken $id is refused by $rule, and no stack is written but its report", async (caveat) => {
  const { id, rule } = caveat;
  const { code, output, stacks } = await main({ BROKEN: id });
  expect(code).not.toBe(0);
  const endings = ["codequality.json", "json", "junit.xml", "md", "sarif"];
  expect(filesIn(stacks)).toEqual(endings.map((ending) => join(id, `maas-ipv6-report.${ending}`)));

  const said = refusals(output);
  const line = said.find((text) => text.startsWith(`[${id}] ${rule}[${id}/`));
  expect(line).toMatch(/\. Fix: \S.*\. Source: /);
  const report = JSON.parse(readFileSync(join(stacks, id, "maas-ipv6-report.json"), "utf8")) as ReportDocument;
  expect(report.counts.error).toBe(said.length);
  const finding = report.findings.find((found) => found.id === rule);
  expect(finding?.where).toMatchObject({ file: expect.stringMatching(/dist\/examples\/caveats\/.*\.js$/) as string });

  const shown = new RegExp(`### ${id}\n\n\`\`\`text\n([^]*?)\n\`\`\``).exec(README)?.[1];
  expect(shown?.split("\n")).toEqual(said);
});

test("a BROKEN that is no caveat is refused with the ones there are", async () => {
  const { code, output } = await main({ BROKEN: "s9" });
  expect(code).not.toBe(0);
  expect(output).toContain("BROKEN=s9 is no caveat: set it to one of s1, s2, s3, s4, s5, s6, s7, s8");
});

test("the mended stacks pass all rules together, without a warning", async () => {
  const { code, output, stacks } = await main({});
  expect({ code, output }).toEqual({ code: 0, output: "" });
  expect(readdirSync(stacks).sort()).toEqual(CAVEATS.map(({ id }) => id));
  for (const { id } of CAVEATS) {
    const report = JSON.parse(readFileSync(join(stacks, id, "maas-ipv6-report.json"), "utf8")) as ReportDocument;
    expect({ id, findings: report.findings }).toEqual({ id, findings: [] });
  }
});

(terraformIsMissing() ? test.skip : test)(
  "Terraform deploys each mended stack in one go, all into one region, and has nothing left to do",
  async () => {
    const simulator = await MaasSimulator.start({ seed: join(FOLDER, "region.json") });
    try {
      // Over IPv6, where there is some: the URL of s6 is in brackets then.
      const region = { MAAS_API_URL: simulator.urls.at(-1), MAAS_API_KEY: simulator.apiKey };
      const { stacks } = await main(region);
      for (const { id } of CAVEATS) {
        const cwd = join(stacks, id);
        const env = { ...quietEnvironment(temporaryFolder()), ...region };
        const terraform = async (...args: string[]): Promise<string> => {
          const { code, output } = await run(TERRAFORM, [...args, "-no-color"], { cwd, env });
          expect({ id, args, code, output: code === 0 ? "" : output }).toEqual({ id, args, code: 0, output: "" });
          return output;
        };
        await terraform("init");
        await terraform("apply", "-auto-approve");
        expect(await terraform("plan")).toContain("No changes.");
      }
      const { vlans, subnets, interfaces } = simulator.state;
      const served = vlans.filter(({ dhcpOn }) => dhcpOn).map(({ fabric, vid }) => `${fabric}:${vid}`);
      expect(served).toEqual([1, 2, 4, 4, 5, 7, 8].map((number, index) => `caveat-${number}:${index === 3 ? 20 : 0}`));
      expect(subnets.filter(({ cidr }) => cidr.startsWith("2001:db8:"))).toHaveLength(9);
      const linked = interfaces.filter(({ node }) => node === "node-s3").map(({ links }) => links.map((l) => l.subnet));
      expect(linked).toEqual([["2001:db8:3:1::/64"], ["2001:db8:3:2::/64"]]);
    } finally {
      await simulator.stop();
    }
  },
);
