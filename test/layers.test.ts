import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

const ROOT = resolve(__dirname, "..");

/** Which other layers the files of a layer may import, by folder; the longest folder that fits a file is its layer. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  lib: ["lib/model", "lib/rules", "lib/constructs", "lib/aspects", "lib/provider"],
  "lib/model": [],
  "lib/rules": ["lib/model"],
  "lib/constructs": ["lib/model", "lib/rules"],
  "lib/aspects": ["lib/model", "lib/rules", "lib/constructs"],
  "lib/provider": ["lib/model", "lib/rules", "lib/constructs", "lib/aspects"],
  "src/files": [],
  "src/maas": ["lib/model", "lib/rules", "src/files"],
  "src/reconcile": ["lib/model", "lib/rules", "src/files", "src/maas"],
  "src/provider": ["lib/model", "lib/rules", "src/files", "src/maas", "src/reconcile", "src/export"],
  "src/graph": ["lib/model", "lib/rules"],
  "src/export": ["lib/model", "lib/rules", "src/maas", "src/reconcile"],
  "src/migrate": ["lib/model"],
  "src/rollout": ["lib/model", "lib/rules", "src/maas", "src/reconcile", "src/export"],
  "src/cli": [
    ...["lib/model", "lib/rules", "src/files", "src/maas", "src/reconcile"],
    ...["src/graph", "src/export", "src/migrate", "src/rollout"],
  ],
  "src/simulator": ["lib/model", "src/files"],
  "src/testing": ["lib/model", "lib/rules", "lib/constructs", "lib/aspects", "src/simulator"],
};

/** Single files that may cross the layers. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  "lib/cdk.ts": ["cdktf", "constructs"],
  "lib/constructs": ["lib/cdk.ts"],
  "lib/aspects": ["lib/cdk.ts"],
  "lib/provider": ["lib/cdk.ts"],
  "src/testing": ["lib/cdk.ts"],
  "src/cli": [
    ...["src/simulator/command.ts", "lib/provider/repository.ts"],
    ...["plugin-files.ts", "lock-file.ts", "executables.ts"].map((file) => `lib/provider/plugin/${file}`),
  ],
  src: ["package.json"],
};

/**
 * The order of what is inside a folder, each importing what stands before it: a folder or a file of that name, and "." for the
 * other files beside them. What is not listed is tied to one of the others both ways: in lib/model the types of the files beside
 * the folders are inferred from the records, in lib/constructs what is generated has the types of the files beside it, and in
 * src/simulator a record has its handlers.
 */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  "lib/model": ["checks", "kinds", "network", "document", "terraform"],
  "lib/rules": ["verdict.ts", "ipv6", "."],
  "lib/constructs": ["internal", "generated"],
  "lib/provider": ["plugin", ".", "apply-step"],
  "src/provider": ["protocol", "rpc", "instances", "."],
  "src/reconcile": [
    "objects",
    "region",
    "dependents",
    "planned",
    "references",
    "ops",
    "checks",
    "kinds",
    ".",
    "engine",
  ],
  "src/reconcile/engine": ["plan", ".", "record", "run", "verify"],
  "src/graph": [".", "change"],
  "src/migrate": ["hcl", "."],
  "src/rollout": [".", "render", "probe"],
  "src/cli": ["output", "plugin", ".", "ipv6", "whole-program.ts", "main.ts"],
  "src/simulator": ["versions.ts", "text", "resources", "seed", "http", "."],
};

const MAX_LINES = 300;

/** Paths from the project's folder, with forward slashes. */
const sources = ["lib", "src"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".ts")),
);

/** Every module that the source names: in imports, re-exports, import types, require and dynamic import. */
function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

const layerOf = (file: string): string | undefined =>
  Object.keys(LAYERS)
    .filter((layer) => file.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];

/** The project's file that a relative import names; undefined for packages. */
function targetOf(file: string, imported: string): string | undefined {
  if (!imported.startsWith(".")) return undefined;
  const path = relative(ROOT, resolve(ROOT, dirname(file), imported));
  return [`${path}.ts`, `${path}/index.ts`].find((candidate) => existsSync(join(ROOT, candidate))) ?? path;
}

function isException(file: string, target: string): boolean {
  return Object.entries(EXCEPTIONS).some(
    ([from, to]) => (file === from || file.startsWith(`${from}/`)) && to.includes(target),
  );
}

/** What is wrong with one import, if anything. */
function breach(file: string, imported: string): string | undefined {
  const layer = layerOf(file);
  if (layer === undefined) return `${file} is in no layer: add its folder to the table`;
  const target = targetOf(file, imported);
  if (isException(file, target ?? imported)) return undefined;
  if (target === undefined) {
    if (imported === "cdktf-maas" || imported.startsWith("cdktf-maas/")) return `${file} imports its own package`;
    if (/^(cdktf|constructs)(\/|$)/.test(imported)) return `${file} imports ${imported}: only lib/cdk.ts may`;
    const pure = layer === "lib/model" || layer === "lib/rules";
    if (pure && !/^ip-address$/.test(imported)) return `${file} imports ${imported}, but its layer is pure`;
    return undefined;
  }
  const targetLayer = layerOf(target);
  if (targetLayer === layer) return undefined;
  return targetLayer !== undefined && LAYERS[layer]?.includes(targetLayer)
    ? undefined
    : `${file} imports ${target}, which its layer ${layer} must not`;
}

test("imports go one way only", () => {
  const breaches = sources.flatMap((file) =>
    importsOf(readFileSync(join(ROOT, file), "utf8"))
      .map((imported) => breach(file, imported))
      .filter((text) => text !== undefined),
  );
  expect(breaches).toEqual([]);
});

/** What of a folder's inside a file is: a folder or a file of the order, "." for another file beside them; undefined = neither. */
function insideOf(folder: string, order: readonly string[], file: string): string | undefined {
  if (!file.startsWith(`${folder}/`)) return undefined;
  const [first = "", ...rest] = file.slice(folder.length + 1).split("/");
  const inside = rest.length === 0 && !order.includes(first) ? "." : first;
  return order.includes(inside) ? inside : undefined;
}

/** The orders that an import goes against. */
function againstOrder(file: string, imported: string): string[] {
  const target = targetOf(file, imported);
  if (target === undefined) return [];
  return Object.entries(ORDERS).flatMap(([folder, order]) => {
    const [from, to] = [file, target].map((path) => insideOf(folder, order, path));
    const isBreach = from !== undefined && to !== undefined && order.indexOf(to) > order.indexOf(from);
    return isBreach ? [`${file} imports ${target}, which comes after it in ${folder}: ${order.join(", ")}`] : [];
  });
}

test("imports go one way inside of the folders whose order is declared", () => {
  const breaches = sources.flatMap((file) =>
    importsOf(readFileSync(join(ROOT, file), "utf8")).flatMap((imported) => againstOrder(file, imported)),
  );
  expect(breaches).toEqual([]);
  expect(againstOrder("src/reconcile/engine/plan/diff.ts", "../run/run")).toHaveLength(1);
  expect(againstOrder("src/provider/rpc/grpc.ts", "../provider")).toHaveLength(1);
  expect(againstOrder("src/reconcile/references/lookups.ts", "../kinds")).toHaveLength(1);
  expect(againstOrder("src/cli/ipv6/plan-command.ts", "../main")).toHaveLength(1);
  expect(againstOrder("src/provider/provider.ts", "./rpc/dispatch")).toEqual([]);
});

/** The files that a file needs when it is loaded: all that it imports but types. */
function neededBy(file: string, text: string): string[] {
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier) || isOfTypes(statement)) return [];
    return targetOf(file, moduleSpecifier.text) ?? [];
  });
}

function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const { name, namedBindings, isTypeOnly = false } = statement.importClause ?? {};
  const isEachType =
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly);
  return isTypeOnly || isEachType;
}

/** A way from the file back to itself, if there is one. */
function circleAt(file: string, needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const from = new Map<string, string>();
  for (const reached = [file]; reached.length > 0;) {
    const at = reached.shift() ?? file;
    for (const next of needs.get(at) ?? []) {
      if (next === file) {
        const way = [file];
        for (let back: string | undefined = at; back !== undefined; back = from.get(back)) way.unshift(back);
        return way;
      }
      if (from.has(next)) continue;
      from.set(next, at);
      reached.push(next);
    }
  }
  return undefined;
}

test("no files need each other to be loaded", () => {
  const needs = new Map(sources.map((file) => [file, neededBy(file, readFileSync(join(ROOT, file), "utf8"))]));
  expect(sources.flatMap((file) => circleAt(file, needs)?.join(" -> ") ?? [])).toEqual([]);
  const round = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["a"]],
    ["d", ["a"]],
  ]);
  expect([circleAt("a", round), circleAt("d", round)]).toEqual([["a", "b", "c", "a"], undefined]);
  const text = 'import { type A } from "./field"; import type { B } from "./kind"; import { c } from "./known";';
  expect(neededBy("lib/model/lists.ts", text)).toEqual(["lib/model/known.ts"]);
});

test("what users get is not in an internal folder", () => {
  const inner = importsOf(readFileSync(join(ROOT, "lib/index.ts"), "utf8")).filter((file) =>
    file.includes("/internal/"),
  );
  expect(inner).toEqual([]);
});

test("the check itself sees every form of import, and refuses what it should", () => {
  expect(
    importsOf('import a from "a"; import type { b } from "b"; export * from "c"; await import("d"); require("e");'),
  ).toEqual(expect.arrayContaining(["a", "b", "c", "d", "e"]));
  for (const [file, imported] of [
    ["lib/model/field.ts", "node:fs"],
    ["lib/model/field.ts", "../constructs/fabric"],
    ["lib/rules/verdict.ts", "cdktf"],
    ["lib/constructs/fabric.ts", "constructs"],
    ["lib/constructs/fabric.ts", "../../src/maas/client"],
    ["lib/constructs/fabric.ts", "../aspects/ipv6-caveats"],
    ["src/maas/client.ts", "../reconcile/plan"],
    ["src/provider/main.ts", "../cli/main"],
    ["src/simulator/index.ts", "../maas/client"],
    ["src/simulator/index.ts", "../../lib/rules/verdict"],
    ["src/cli/main.ts", "../simulator/store"],
    ["src/maas/client.ts", "cdktf-maas"],
    ["src/other/thing.ts", "node:fs"],
  ] as const) {
    expect([file, imported, breach(file, imported)]).toEqual([file, imported, expect.any(String)]);
  }
});

test(`source files stay under ${MAX_LINES} lines, generated ones excepted`, () => {
  const long = sources
    .filter((file) => !file.endsWith("_pb.ts"))
    .filter((file) => readFileSync(join(ROOT, file), "utf8").split("\n").length > MAX_LINES);
  expect(long).toEqual([]);
});

test("CONTRIBUTING.md says what each layer is for", () => {
  const tree = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8").split("```")[1] ?? "";
  const folders = Object.keys(LAYERS).map((layer) => layer.split("/").at(-1) ?? "");
  expect(folders.filter((folder) => !new RegExp(`^ *${folder}/ `, "m").test(tree))).toEqual([]);
});
