import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import * as ts from "typescript";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "..");

/** What is published: each file is one of these. */
const CONTENTS: readonly RegExp[] = [
  ...[/^(API|CHANGELOG|CONTRIBUTING|README|RULES)\.md$/, /^LICENSE$/, /^package\.json$/, /^\.jsii(\.tabl\.json)?$/],
  ...[/^dist\/THIRD-PARTY-NOTICES\.txt$/, /^dist\/sbom\.cdx\.json$/],
  ...[
    /^dist\/bin\/(cdktf-maas|cdktf-maas-commands|cdktf-maas-apply|simulator|testing)\.js$/,
    /^dist\/bin\/terraform-provider-maas$/,
  ],
  ...[/^dist\/lib\/(?!.*\.test\.).+(\.js|\.d\.ts)$/, /^dist\/src\/(?!.*\.test\.).+\.d\.ts$/],
  ...[/^docs\/.+\.(md|svg|json)$/, /^schema\/.+\.json$/, /^node_modules\/ip-address\//],
  /^examples\/(?!.*(\.test\.|cdktf\.out|tfstate)).+\.(ts|md|json|tf|hcl|yml)$/,
];

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

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
    execFileSync("npm", ["run", "--silent", "prepack"], { cwd: ROOT });
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

  /** What the compiler has against the user's project, with the JavaScript written beside it. */
  function faultsWith(options: ts.CompilerOptions): string[] {
    const program = ts.createProgram([join(folder, "main.ts")], {
      ...{ ...options, types: ["node"], typeRoots: [join(modules, "@types")], preserveSymlinks: true },
    });
    program.emit();
    // cdktf's own declarations are not ours to judge.
    return ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => file === undefined || !/node_modules\/(?!cdktf-maas)/.test(file.fileName))
      .map(({ file, messageText }) => `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  }

  it("has types that the project of `cdktf init --template=typescript` compiles against, the simulator's too", () => {
    const template = join(ROOT, "node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json");
    const { config } = ts.readConfigFile(template, (file) => readFileSync(file, "utf8")) as { config: object };
    const { options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
    expect([errors, options.module]).toEqual([[], ts.ModuleKind.CommonJS]);
    expect(faultsWith({ ...options, incremental: false })).toEqual([]);
  });

  it("has types that a strict project compiles against, with nothing else installed than the peers", () => {
    const options = {
      ...{ strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16 },
      moduleResolution: ts.ModuleResolutionKind.Node16,
    };
    expect(faultsWith(options)).toEqual([]);
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
    expect(dist).toEqual(["THIRD-PARTY-NOTICES.txt", "bin", "lib", "sbom.cdx.json", "src"]);
    expect(readdirSync(join(modules, "cdktf-maas/node_modules"))).toEqual(["ip-address"]);
    const examples = readdirSync(join(modules, "cdktf-maas/examples"), { recursive: true, encoding: "utf8" });
    expect(examples.filter((file) => /\.test\.ts$|cdktf\.out/.test(file))).toEqual([]);
  });

  it("consists of these files, each of which is there, and of no others", () => {
    const files = filesIn(join(modules, "cdktf-maas"));
    expect(files.filter((file) => !CONTENTS.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(CONTENTS.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
  });

  it("has no path of the machine that it was made on, no map of sources that are not in it, and no secret of a test", () => {
    const own = filesIn(join(modules, "cdktf-maas")).filter((file) => !file.startsWith("node_modules/"));
    const faults = own.flatMap((file) => {
      const text = readFileSync(join(modules, "cdktf-maas", file), "utf8");
      const found = [ROOT, tmpdir() + sep, homedir() + sep, "sourceMappingURL=data:"].find((path) =>
        text.includes(path),
      );
      return found === undefined || (found === `${tmpdir()}${sep}` && /\.(md|json)$/.test(file))
        ? []
        : [`${file}: ${found}`];
    });
    expect(faults).toEqual([]);
  });

  it("runs nothing when it is installed", () => {
    const { scripts = {} } = JSON.parse(readFileSync(join(modules, "cdktf-maas/package.json"), "utf8")) as {
      readonly scripts?: Readonly<Record<string, string>>;
    };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  it("carries what its README links to, and the JSON Schema of documents, which can be resolved", () => {
    const readme = readFileSync(join(modules, "cdktf-maas/README.md"), "utf8");
    const links = [...readme.matchAll(/\]\(([^):]+)\)/g)].map(([, target = ""]) => target.replace(/#.*/, ""));
    expect(links).toContain("docs/provider.md");
    expect(links.filter((link) => !existsSync(join(modules, "cdktf-maas", link)))).toEqual([]);
    const schema = require.resolve("cdktf-maas/schema/maas-network.schema.json", { paths: [folder] });
    expect(JSON.parse(readFileSync(schema, "utf8"))).toHaveProperty("$schema");
  });
});

/** What the SBOM says of a component, as far as it is looked at here. */
interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly object[];
}

describe("the notices and the SBOM of a build", () => {
  const folders = ["one", "two"].map((name) => mkdtempSync(join(tmpdir(), `cdktf-maas-build-${name}-`)));
  const [one = "", two = ""] = folders;
  const textOf = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

  beforeAll(() => {
    for (const folder of folders)
      execFileSync(process.execPath, [join(ROOT, "scripts/build.mjs"), folder], { cwd: ROOT });
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const components = (): readonly Component[] =>
    (JSON.parse(textOf(one, "sbom.cdx.json")) as { components: readonly Component[] }).components;

  it("are the same bytes for the same packages, and so are the programs", () => {
    for (const file of [
      "THIRD-PARTY-NOTICES.txt",
      "sbom.cdx.json",
      ...readdirSync(join(one, "bin")).map((name) => `bin/${name}`),
    ])
      expect([file, textOf(one, file) === textOf(two, file)]).toEqual([file, true]);
  });

  it("name every package that is in a program, with its licence text", () => {
    // Not minified, the simulator says itself which file each part of it is from.
    const parts = textOf(one, "bin/simulator.js").matchAll(/^\/\/ .*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);
    const inSimulator = [...new Set([...parts].map(([, name = ""]) => name))];
    const names = components().map(({ name }) => name);
    expect(inSimulator.length).toBeGreaterThan(30);
    expect(inSimulator.filter((name) => !names.includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(["@bufbuild/protobuf", "undici", "commander", "ip-address"]));
    const sections = textOf(one, "THIRD-PARTY-NOTICES.txt")
      .split(`${"=".repeat(80)}\n`)
      .slice(1);
    expect(sections.map((section) => section.split("\n")[0])).toEqual(
      components().map(({ name, version }) => `${name} ${version}`),
    );
    const isText = (section: string): boolean =>
      /Permission (is hereby granted|to use)|Redistribution and use|TERMS AND CONDITIONS|Eclipse Public License/i.test(
        section,
      );
    expect(sections.filter((section) => !isText(section)).map((section) => section.split("\n")[0])).toEqual([]);
    expect(sections.find((section) => section.startsWith("@bufbuild/protobuf"))).toContain(
      "Copyright 2008 Google Inc.",
    );
  });

  it("are CycloneDX: each component once, with its package URL and its licence", () => {
    expect(JSON.parse(textOf(one, "sbom.cdx.json"))).toMatchObject({
      ...{ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 },
      metadata: { component: { name: "cdktf-maas", licenses: [{ license: { id: "Apache-2.0" } }] } },
    });
    const purls = components().map(({ purl }) => purl);
    expect(new Set(purls).size).toBe(purls.length);
    expect(purls.filter((purl) => !/^pkg:npm\/(%40[^/]+\/)?[^/@]+@\d+\.\d+\.\d+$/.test(purl))).toEqual([]);
    expect(purls).toContainEqual(expect.stringMatching(/^pkg:npm\/%40bufbuild\/protobuf@/));
    expect(components().filter(({ licenses }) => licenses.length === 0)).toEqual([]);
  });
});
