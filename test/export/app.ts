import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readDocument } from "../../lib/model/document/read";
import { expressible, type Expressible } from "../../src/export/expressible";
import { readRegion, type ReadRegion, select } from "../../src/export/selection";
import type { ExportedFile } from "../../src/export/split";
import { typescriptSource } from "../../src/export/typescript-source";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { type Form, MaasClient } from "../../src/maas/client";
import type { Step } from "../../src/reconcile/engine/plan/order";
import { prepare } from "../../src/reconcile/engine/plan/prepare";
import { openRegion } from "../../src/reconcile/kinds";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { temporaryFolder } from "../support/synth";

const ROOT = join(__dirname, "..", "..");

export const STACK = "maas-network";

/** A region that was read, and the app that was written for it. */
export interface Exported {
  readonly region: ReadRegion;
  readonly objects: Expressible;
  readonly source: string;
}

/** Runs a region from a seed for as long as something is done with it. */
export async function withSeed<T>(seed: Seed, use: (simulator: MaasSimulator) => Promise<T>): Promise<T> {
  const simulator = await MaasSimulator.start({ seed });
  try {
    return await use(simulator);
  } finally {
    await simulator.stop();
  }
}

async function withClient<T>({ url, apiKey }: MaasSimulator, use: (client: MaasClient) => Promise<T>): Promise<T> {
  const client = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(apiKey) });
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

const VALUES = ["option ntp-servers 192.0.2.1;", 'if option arch = 00:07 {\n  filename "${x}";\n}'];

/** Makes DHCP snippets for all that a region has of what they can be for. */
export function makeSnippets(simulator: MaasSimulator): Promise<void> {
  return withClient(simulator, async (client) => {
    const { subnets, interfaces } = simulator.state;
    const scopes = [
      ...subnets.slice(0, 2).map(({ cidr }) => ["subnet", `cidr:${cidr}`] as const),
      ...[...new Set(interfaces.map(({ node }) => node))].map((node) => ["node", node] as const),
    ];
    await client.post("dhcp-snippets/", snippet("all", []));
    for (const [index, scope] of scopes.entries()) await client.post("dhcp-snippets/", snippet(`of ${index}`, [scope]));
  });
}

const snippet = (name: string, scope: Form): Form => [
  ["name", name],
  ["value", VALUES[scope.length] ?? ""],
  ["enabled", name === "of 1" ? "false" : "true"],
  ...scope,
];

/** Exports what the simulator has. */
export function exportOf(simulator: MaasSimulator, fabrics?: readonly string[]): Promise<Exported> {
  const { url } = simulator;
  return withClient(simulator, async (client) => {
    const region = await readRegion(client, { machines: true });
    const objects = expressible(select(region.objects, fabrics));
    const leftOut = [...region.unsupported, ...objects.leftOut];
    return { region, objects, source: typescriptSource(objects, { apiUrl: url, stackName: STACK, leftOut }) };
  });
}

/** What the engine would do about a document. */
export function plannedSteps(simulator: MaasSimulator, document: string): Promise<readonly Step[]> {
  return withClient(simulator, async (client) => {
    const region = openRegion(client);
    const { plan } = await prepare(region, { goal: "apply", document: readDocument(document) }, { url: simulator.url });
    return plan.steps;
  });
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
};

/** What strict TypeScript has against the sources, with the package's own types. */
export const faultsOf = (sources: readonly string[]): string[] =>
  faultsOfModules(sources.map((text, index) => ({ name: `main${index}.ts`, text })));

/** The same of modules that import each other. */
export function faultsOfModules(sources: readonly ExportedFile[]): string[] {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["cdktf", "constructs"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  const files = sources.map(({ name, text }) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  });
  const paths = { "cdktf-maas": [join(ROOT, "lib/index.ts")] };
  const program = ts.createProgram(files, { ...OPTIONS, noEmit: true, baseUrl: folder, paths });
  return files
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Runs the source as `cdktf synth` does, in this process, and returns the stack's folder. */
export const synthesise = (source: string): string =>
  join(synthesised([{ name: "main.ts", text: source }]), "stacks", STACK);

/** Runs `main.ts` of these modules, and returns the folders of its stacks. */
export function synthesiseModules(files: readonly ExportedFile[]): string[] {
  const stacks = join(synthesised(files), "stacks");
  return readdirSync(stacks).map((stack) => join(stacks, stack));
}

type Load = (module: string) => unknown;

const nodeRequire: Load = require;

/** Runs a module. @param load what it requires */
function runModule(source: string, load: Load): object {
  const { outputText } = ts.transpileModule(source, { compilerOptions: OPTIONS });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a program, written a moment ago
  const run = new Function("require", "exports", outputText) as (load: Load, exports: object) => void;
  const exports = {};
  run(load, exports);
  return exports;
}

function synthesised(files: readonly ExportedFile[]): string {
  const outdir = join(temporaryFolder(), "cdktf.out");
  const textOf = (name: string): string => files.find((file) => file.name === name)?.text ?? "";
  const load: Load = (module) =>
    module.startsWith("./") ? runModule(textOf(`${module.slice(2)}.ts`), load) : nodeRequire(module);
  const { CDKTF_OUTDIR, CDKTF_CONTEXT_JSON } = process.env;
  Object.assign(process.env, { CDKTF_OUTDIR: outdir, CDKTF_CONTEXT_JSON: '{"cdktfStackTraces":"false"}' });
  try {
    runModule(textOf("main.ts"), load);
  } finally {
    for (const [name, value] of Object.entries({ CDKTF_OUTDIR, CDKTF_CONTEXT_JSON })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  return outdir;
}

/** A JSON file of a synthesised stack. */
export const readJson = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(...path), "utf8")) as Record<string, unknown>;
