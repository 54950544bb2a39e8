import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ts from "typescript";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "..");

/** What a user's own project would hold. */
const MAIN = `
import { App, TerraformStack } from "cdktf";
import { ApplyStep, Fabric, MaasProvider, Suppressions } from "cdktf-maas";
import { MaasSimulator } from "cdktf-maas/simulator";

const app = new App();
const stack = new TerraformStack(app, "mine");
new MaasProvider(stack, "maas");
new ApplyStep(stack, "apply");
export const name: string = new Fabric(stack, "lab", { name: "lab" }).name;
export const suppressions: Suppressions = Suppressions.of(stack);
export async function regionOfMyOwn(): Promise<number> {
  const simulator = await MaasSimulator.start({ seed: { fabrics: [{ name: "mine" }] }, faults: { latency: 1 } });
  const { length } = simulator.state.subnets;
  await simulator.stop();
  return length;
}
app.synth();
`;

describe("the packed package", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-package-"));
  const modules = join(folder, "node_modules");

  beforeAll(() => {
    // What `prepack` does, without `prepare`: other tests run what that builds anew.
    execFileSync("npm", ["run", "--silent", "build:types"], { cwd: ROOT });
    const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
    const packed = execFileSync("npm", pack, { cwd: ROOT, encoding: "utf8" });
    const [tarball = ""] = packed.trim().split("\n").slice(-1);
    mkdirSync(join(modules, "cdktf-maas"), { recursive: true });
    execFileSync("tar", ["xzf", join(folder, tarball), "--strip-components=1", "-C", join(modules, "cdktf-maas")]);
    for (const peer of ["@cdktf", "cdktf", "constructs", "@types"])
      symlinkSync(join(ROOT, "node_modules", peer), join(modules, peer));
    writeFileSync(join(folder, "main.ts"), MAIN);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("has types that a strict project compiles against, with nothing else installed than the peers", () => {
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ["node"],
      typeRoots: [join(modules, "@types")],
      preserveSymlinks: true,
    };
    const program = ts.createProgram([join(folder, "main.ts")], options);
    program.emit();
    // cdktf's own declarations are not ours to judge.
    const faults = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => file === undefined || !/node_modules\/(?!cdktf-maas)/.test(file.fileName))
      .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
    expect(faults).toEqual([]);
  });

  it("runs: synthesises a stack with its plugin, starts a simulator, and has the command", () => {
    const run =
      "const { regionOfMyOwn } = require('./main.js'); regionOfMyOwn().then((n) => process.stdout.write('subnets: ' + n));";
    const output = execFileSync(process.execPath, ["--preserve-symlinks", "-e", run], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(output).toContain("subnets: 0");
    expect(readdirSync(join(folder, "cdktf.out/stacks/mine"))).toEqual(
      expect.arrayContaining(["cdk.tf.json", "cdktf-maas-apply.js", "maas-network.json", "terraform.d"]),
    );
    const command = join(modules, "cdktf-maas/dist/bin/cdktf-maas.js");
    expect(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" })).toContain("simulate");
  });

  it("carries what it needs and nothing of the repository's own", () => {
    const dist = readdirSync(join(modules, "cdktf-maas/dist")).sort();
    expect(dist).toEqual(["bin", "lib", "src"]);
    expect(readdirSync(join(modules, "cdktf-maas/node_modules"))).toEqual(["ip-address"]);
  });
});
