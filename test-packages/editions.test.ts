import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import { describeWithTerraform, quietEnvironment, run } from "../test/support/terraform";
import { artefact, Project, ROOT } from "./support/project";

/** The pairs of a CDK and our package for it. */
const EDITIONS = {
  cdktf: ["cdktf@0.21.0", "constructs@10.7.2", "@cdktf/provider-null@11.0.1"],
  cdktn: ["cdktn@0.24.0", "constructs@10.7.2"],
};
type Cdk = keyof typeof EDITIONS;

/** The command line of CDK Terrain needs Node 22.19. */
const NODES = ["node22@npm:node@22", "node24@npm:node@24"];

/** A rack controller, as the README's example has it. */
const SEED = { racks: [{ hostname: "rack1", interfaces: [{ name: "eth1" }] }] };

/** The README's example, with other packages. */
function exampleOf(cdk: string, maas: string): string {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8")) ?? [];
  return code
    .replaceAll('"cdktf"', JSON.stringify(cdk))
    .replaceAll('"cdktf-maas"', JSON.stringify(`${maas}-maas`))
    .replace('"http://region.lab.example:5240/MAAS"', (url) => `process.env.REGION_URL ?? ${url}`);
}

/** The same as JavaScript, with something to add to its stack. */
function appFor(cdk: string, maas: string, body = ""): string {
  return exampleOf(cdk, maas)
    .replaceAll(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);")
    .replace(
      "app.synth()",
      `const other = require("cdktn-maas".replace("cdktn", process.env.OTHER ?? "${maas}"));\n${body}\napp.synth()`,
    );
}

/** The README's example in the files of `cdktf init --template=typescript`. Node 22 and 24 read TypeScript by themselves. */
const TEMPLATE = {
  "main.ts": exampleOf("cdktf", "cdktf"),
  "setup.js": 'require("cdktf").Testing.setupJest();\n',
  "__tests__/main-test.ts": 'import "cdktf/lib/testing/adapters/jest"; // Load types for expect matchers\n',
  "cdktf.json": JSON.stringify({ language: "typescript", app: "node main.ts", projectId: "lab" }),
};

const BOTH = Object.keys(EDITIONS) as Cdk[];

describe("the two editions", () => {
  const projects = new Map(BOTH.map((cdk) => [cdk, new Project()]));
  const mixed = new Project();
  const nodes = new Project();
  const pathTo = (node: string): string =>
    `${join(nodes.folder, "node_modules", node, "bin")}:${process.env.PATH ?? ""}`;
  const of = (cdk: Cdk): Project => projects.get(cdk) ?? mixed;
  const out = (cdk: Cdk, file: string): string => join(of(cdk).folder, "cdktf.out/stacks/lab-network", file);

  beforeAll(() => {
    for (const cdk of BOTH) of(cdk).install([artefact("npm", `${cdk}-maas-`), ...EDITIONS[cdk]]);
    mixed.install([...BOTH.map((cdk) => artefact("npm", `${cdk}-maas-`)), ...EDITIONS.cdktf, "cdktn@0.24.0"]);
    nodes.install(NODES);
  });
  afterAll(() => {
    for (const project of [...projects.values(), mixed, nodes]) project.remove();
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

  it.each(["node22", "node24"])(
    "start their plugin in %s without a word of V8 about what it is set to",
    async (node) => {
      const plugin = join(ROOT, "dist/bin/terraform-provider-maas");
      const { code, output } = await run("node", [plugin], { cwd: ROOT, env: { ...process.env, PATH: pathTo(node) } });
      expect([code, output]).toEqual([1, expect.stringContaining("plugin")]);
      expect(output).not.toContain("flag");
    },
  );

  describeWithTerraform()("with Terraform", () => {
    it("are changed by the steps of the guide: the state stays, and the plan after the move is empty", async () => {
      const guide = readFileSync(join(ROOT, "docs/cdk-terrain.md"), "utf8");
      const [packages, imports, plan] = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, step = ""]) => step);
      const simulator = await MaasSimulator.start({ seed: SEED });
      const project = of("cdktf");
      const app = { REGION_URL: simulator.url, MAAS_API_KEY: simulator.apiKey, CHECKPOINT_DISABLE: "1", CI: "1" };
      const shell = async (step: string, node: string): Promise<string> => {
        const env = { ...quietEnvironment(project.folder), ...app, PATH: pathTo(node) };
        const { code, output } = await run("bash", ["-euo", "pipefail", "-c", step], { cwd: project.folder, env });
        expect([code, output]).toEqual([0, expect.any(String)]);
        return output;
      };
      try {
        for (const [file, text] of Object.entries(TEMPLATE)) project.write(file, text);
        const manifest = JSON.parse(readFileSync(join(project.folder, "package.json"), "utf8")) as object;
        const scripts = { synth: "cdktf synth", upgrade: "npm i cdktf@latest cdktf-cli@latest" };
        project.write("package.json", JSON.stringify({ ...manifest, scripts }));
        const cdktf = join(ROOT, "node_modules/cdktf-cli/bundle/bin/cdktf.js");
        await shell(`node ${cdktf} deploy --auto-approve`, "node22");
        const before = simulator.requests.all().length;

        await shell(packages?.replace(/ cdktn-maas$/m, ` ${artefact("npm", "cdktn-maas-")}`) ?? "", "node22");
        await shell(imports ?? "", "node22");
        for (const file of Object.keys(TEMPLATE))
          if (file !== "cdktf.json") expect(readFileSync(join(project.folder, file), "utf8")).not.toContain("cdktf");
        // The folder of the artefacts is called so too.
        expect(readFileSync(join(project.folder, "package.json"), "utf8")).not.toMatch(/cdktf(?!-maas-packages)/);
        const output = await shell(plan?.replace("cdktn deploy", "cdktn deploy --auto-approve") ?? "", "node24");
        expect(output).toContain("No changes.");
        const changes = simulator.requests
          .all()
          .slice(before)
          .filter(({ method }) => method !== "GET");
        expect(changes).toEqual([]);
        expect(readFileSync(out("cdktf", "cdk.tf.json"), "utf8")).toContain("0.24.0");
        expect(await shell("npx cdktn synth", "node22")).toContain(
          "Generated Terraform code for the stacks: lab-network",
        );
      } finally {
        await simulator.stop();
      }
    });
  });
});
