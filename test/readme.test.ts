import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ts from "typescript";

jest.setTimeout(60_000);

const ROOT = join(__dirname, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

const blocks = (language: string): string[] =>
  [...README.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code ?? "");

describe("the README", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-readme-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("shows a stack that compiles under strict TypeScript, and synthesises", () => {
    const [code] = blocks("ts");
    const source = join(folder, "main.ts");
    writeFileSync(source, code ?? "");
    mkdirSync(join(folder, "node_modules"));
    for (const name of ["cdktf", "constructs"])
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
    symlinkSync(ROOT, join(folder, "node_modules/cdktf-maas"));
    const options: ts.CompilerOptions = {
      strict: true,
      skipLibCheck: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      moduleResolution: ts.ModuleResolutionKind.Node10,
      paths: { "cdktf-maas": [join(ROOT, "lib/index.ts")] },
      baseUrl: folder,
    };
    const program = ts.createProgram([source], { ...options, noEmit: true });
    const faults = program
      .getSemanticDiagnostics(program.getSourceFile(source))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(faults).toEqual([]);

    writeFileSync(join(folder, "main.js"), ts.transpileModule(code ?? "", { compilerOptions: options }).outputText);
    execFileSync(process.execPath, ["--preserve-symlinks", "main.js"], { cwd: folder });
    const stack = readFileSync(join(folder, "cdktf.out/stacks/lab-network/cdk.tf.json"), "utf8");
    expect(JSON.parse(stack)).toMatchObject({ resource: { maas_vlan_dhcp: { dhcp: {} } } });
  });

  it("names only npm scripts that there are", () => {
    const named = [...README.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name ?? "");
    expect(named).not.toEqual([]);
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
  });

  it("links only to what there is", () => {
    const links = [...README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => join(ROOT, path ?? ""));
    for (const link of links) expect(() => readFileSync(link)).not.toThrow(/ENOENT/);
  });
});
