import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as ts from "typescript";
import { temporaryFolder } from "./support/synth";

const ROOT = join(__dirname, "..");
const FILE = join(ROOT, "docs/ipv6.md");
const TEXT = readFileSync(FILE, "utf8");

/** The rows of the table of statements: number, what is said, what does it, where it is tested. */
const ROWS = [...TEXT.matchAll(/^\| S(\d+) +\|(.*?)\|(.*?)\|(.*?)\|$/gm)];

test("has one row for each of the manual's twenty statements, with what does it and a test", () => {
  expect(ROWS.map(([, number]) => Number(number))).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  for (const [, , , does, tested] of ROWS) {
    expect(does?.trim()).not.toBe("");
    expect(tested).toMatch(/\]\(\.\.\/test\/[\w/.-]+\.test\.ts\)/);
  }
});

test("links only to files, rules and examples that there are", () => {
  const rules = new Set(
    [...readFileSync(join(ROOT, "RULES.md"), "utf8").matchAll(/^### (.*)$/gm)].map(([, title]) => title?.toLowerCase()),
  );
  const links = [...TEXT.matchAll(/\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)/g)];
  expect(links.length).toBeGreaterThan(40);
  for (const [, path = "", anchor] of links) {
    expect([path, existsSync(join(dirname(FILE), path))]).toEqual([path, true]);
    if (anchor !== undefined) expect(rules).toContain(anchor);
  }
});

test("shows a stack that synthesises", () => {
  const code = (/```ts\n([\s\S]*?)```/.exec(TEXT)?.[1] ?? "").replace(/^ {3}/gm, "");
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["cdktf", "constructs"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(ROOT, join(folder, "node_modules/cdktf-maas"));
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  writeFileSync(join(folder, "main.js"), ts.transpileModule(code, { compilerOptions }).outputText);
  execFileSync(process.execPath, ["--preserve-symlinks", "main.js"], { cwd: folder });
  const stack = JSON.parse(readFileSync(join(folder, "cdktf.out/stacks/lab-ipv6/cdk.tf.json"), "utf8")) as {
    resource: Record<string, object>;
  };
  expect(Object.keys(stack.resource).sort()).toEqual(["maas_subnet", "maas_subnet_ip_range"]);
});
