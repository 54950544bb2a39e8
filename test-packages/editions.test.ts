import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../test/support/terraform";
import { artefact, Project, ROOT } from "./support/project";

/** The pairs of a CDK and our package for it. */
const EDITIONS = {
  cdktf: ["cdktf@0.21.0", "constructs@10.7.2", "@cdktf/provider-null@11.0.1"],
  cdktn: ["cdktn@0.24.0", "constructs@10.7.2"],
};
type Cdk = keyof typeof EDITIONS;

/** Programs of CDK Terrain's users: its command line needs Node 22.19. */
const TOOLS = ["cdktn-cli@0.24.0", "node22@npm:node@22", "node24@npm:node@24"];

/** A rack controller, as the README's example has it. */
const SEED = { racks: [{ hostname: "rack1", interfaces: [{ name: "eth1" }] }] };

/** The README's example as JavaScript, with other packages and something to add to its stack. */
function appFor(cdk: string, maas: string, body = ""): string {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  return code
    .replaceAll(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);")
    .replaceAll('"cdktf"', JSON.stringify(cdk))
    .replaceAll('"cdktf-maas"', JSON.stringify(`${maas}-maas`))
    .replace('"http://region.lab.example:5240/MAAS"', (url) => `process.env.REGION_URL ?? ${url}`)
    .replace(
      "app.synth()",
      `const other = require("cdktn-maas".replace("cdktn", process.env.OTHER ?? "${maas}"));\n${body}\napp.synth()`,
    );
}

const BOTH = Object.keys(EDITIONS) as Cdk[];

describe("the two editions", () => {
  const projects = new Map(BOTH.map((cdk) => [cdk, new Project()]));
  const mixed = new Project();
  const of = (cdk: Cdk): Project => projects.get(cdk) ?? mixed;
  const out = (cdk: Cdk, file: string): string => join(of(cdk).folder, "cdktf.out/stacks/lab-network", file);

  beforeAll(() => {
    for (const cdk of BOTH) of(cdk).install([artefact("npm", `${cdk}-maas-`), ...EDITIONS[cdk]]);
    mixed.install([...BOTH.map((cdk) => artefact("npm", `${cdk}-maas-`)), ...EDITIONS.cdktf, "cdktn@0.24.0"]);
  });
  afterAll(() => {
    for (const project of [...projects.values(), mixed]) project.remove();
  });

  /** Synthesises the app in an edition's project. */
  function synth(cdk: Cdk, body = "", env: NodeJS.ProcessEnv = {}): void {
    of(cdk).write("main.js", appFor(cdk, cdk, body));
    of(cdk).succeed(process.execPath, ["main.js"], env);
  }

  /** The stack's files with their contents; of Terraform's file all but what says who wrote it. */
  function filesOf(cdk: Cdk): Record<string, unknown> {
    const names = readdirSync(join(of(cdk).folder, "cdktf.out/stacks/lab-network"), {
      recursive: true,
      encoding: "utf8",
    });
    const contents = names
      .filter((name) => /\.(json|hcl|sarif|md|conf|yaml)$/.test(name))
      .map((name) => {
        const text = readFileSync(out(cdk, name), "utf8").replaceAll(of(cdk).folder, "PROJECT");
        if (!name.endsWith("cdk.tf.json")) return [name, text];
        const { "//": _metadata, ...rest } = JSON.parse(text) as Record<string, unknown>;
        return [name, JSON.parse(JSON.stringify(rest).replaceAll(/"\/\/":\{"metadata":\{.*?\}\},?/g, "")) as unknown];
      });
    return Object.fromEntries(contents) as Record<string, unknown>;
  }

  it("synthesise the same files from the same stack, but for metadata", () => {
    for (const cdk of BOTH) synth(cdk);
    const [ours, successors] = [filesOf("cdktf"), filesOf("cdktn")];
    expect(Object.keys(ours)).toEqual(
      expect.arrayContaining(["cdk.tf.json", "maas-network.json", ".terraform.lock.hcl"]),
    );
    expect(successors).toEqual(ours);
  });

  it.each([
    ["cdktn", "cdktf"],
    ["cdktf", "cdktn"],
  ])("say so when an app of %s has constructs of %s-maas", (cdk, maas) => {
    mixed.write("main.js", appFor(cdk, maas));
    const { code, output } = mixed.node("main.js");
    expect([code, output]).toEqual([1, expect.stringContaining("MAAS-CON-22")]);
    expect(output).toContain(`Import from "${cdk}-maas" in place of "${maas}-maas"`);
    expect(output).toContain(`App and TerraformStack from "${maas}" in place of "${cdk}"`);
    expect(output).not.toContain("is not a function");
  });

  it.each([
    ["an ApplyStep", 'new other.ApplyStep(stack, "apply");'],
    ["a look-up", 'other.Space.fromName(stack, "space", "default");'],
    ["a reading of a region", 'new other.RegionNetwork(stack, "region");'],
    ["a next free network", 'new other.NextFree(stack, "next", { prefix: "10.0.0.0/8", prefixLength: 24 });'],
    ["a provider", 'new other.MaasProvider(stack, "other", { alias: "other" });'],
  ])("say so of %s alone in a stack of the other one", (_, body) => {
    mixed.write("main.js", appFor("cdktf", "cdktf", body));
    const { code, output } = mixed.run(process.execPath, ["main.js"], { OTHER: "cdktn" });
    expect([code, output]).toEqual([1, expect.stringContaining("MAAS-CON-22")]);
    expect(output).toContain('Import from "cdktf-maas" in place of "cdktn-maas"');
  });

  it("keep Terraform's own terraform_data for an ApplyStep of CDK Terrain, whatever is installed", () => {
    synth("cdktn", 'new other.ApplyStep(stack, "apply");');
    expect(readFileSync(out("cdktn", "cdk.tf.json"), "utf8")).toContain('"terraform_data"');
    mixed.write("main.js", appFor("cdktn", "cdktn", 'new other.ApplyStep(stack, "apply");'));
    expect(mixed.succeed(process.execPath, ["main.js"])).not.toContain("null_resource");
    const asked = 'new other.ApplyStep(stack, "apply", { carrier: other.ApplyCarrier.NULL_RESOURCE });';
    mixed.write("main.js", appFor("cdktn", "cdktn", asked));
    expect(mixed.node("main.js").output).toContain("moveFrom(ApplyCarrier.NULL_RESOURCE) keeps its state");
  });

  it("write what the project imports", async () => {
    const simulator = await MaasSimulator.start();
    try {
      const exported = async (cdk: Cdk, command: string, options: string[] = []): Promise<string> => {
        const program = join(of(cdk).folder, "node_modules/.bin", command);
        const env = { ...process.env, MAAS_API_KEY: simulator.apiKey };
        const { output } = await run(program, ["export", "--url", simulator.url, ...options], {
          cwd: of(cdk).folder,
          env,
        });
        return output;
      };
      expect(await exported("cdktf", "cdktf-maas")).toMatch(/from "cdktf";[\s\S]*from "cdktf-maas";/);
      expect(await exported("cdktf", "cdktf-maas", ["--cdk", "cdktn"])).toMatch(
        /from "cdktn";[\s\S]*from "cdktn-maas";/,
      );
      expect(await exported("cdktn", "cdktn-maas")).toMatch(/from "cdktn";[\s\S]*from "cdktn-maas";/);
    } finally {
      await simulator.stop();
    }
  });

  it("are used with the command line of CDK Terrain, under Node 22 and 24", () => {
    const project = of("cdktn");
    project.install([artefact("npm", "cdktn-maas-"), ...EDITIONS.cdktn, ...TOOLS]);
    project.write("main.js", appFor("cdktn", "cdktn"));
    const settings = { language: "typescript", app: "node main.js", projectId: "lab", sendCrashReports: "false" };
    project.write("cdktf.json", JSON.stringify(settings));
    for (const node of ["node22", "node24"]) {
      const bin = join(project.folder, "node_modules", node, "bin");
      const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, CHECKPOINT_DISABLE: "1", CI: "1" };
      expect(project.succeed("node", ["--version"], env)).toMatch(`v${node.slice(4)}.`);
      const command = join(project.folder, "node_modules/.bin/cdktn");
      expect(project.succeed("node", [command, "synth"], env)).toContain(
        "Generated Terraform code for the stacks: lab-network",
      );
    }
  });

  describeWithTerraform()("with Terraform", () => {
    it("share a state: the plan after the move from CDKTF to CDK Terrain is empty", async () => {
      const simulator = await MaasSimulator.start({ seed: SEED });
      try {
        const env = { REGION_URL: simulator.url };
        synth("cdktf", "", env);
        const cwd = join(of("cdktf").folder, "cdktf.out/stacks/lab-network");
        const terraform = (args: readonly string[]) =>
          run(TERRAFORM, args, {
            cwd,
            env: { ...quietEnvironment(of("cdktf").folder), MAAS_API_KEY: simulator.apiKey },
          });
        expect(await terraform(["init", "-no-color"])).toMatchObject({ code: 0 });
        expect(await terraform(["apply", "-auto-approve", "-no-color"])).toMatchObject({ code: 0 });
        // The same folder, with the other packages.
        of("cdktn").write("main.js", appFor("cdktn", "cdktn"));
        of("cdktf").succeed(process.execPath, [join(of("cdktn").folder, "main.js")], env);
        expect(readFileSync(out("cdktf", "cdk.tf.json"), "utf8")).toContain("0.24.0");
        // 0: there is nothing to do; 2: there is.
        expect(await terraform(["plan", "-detailed-exitcode", "-no-color"])).toMatchObject({ code: 0 });
      } finally {
        await simulator.stop();
      }
    });
  });
});
