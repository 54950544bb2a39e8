import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { readRegion, type ReadRegion, select } from "../../src/export/selection";
import { expressible, type Expressible } from "../../src/export/expressible";
import { typescriptSource } from "../../src/export/typescript-source";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { Snapshot } from "../../src/maas/snapshot";
import type { Step } from "../../src/reconcile/engine/plan/order";
import { readDocument } from "../../lib/model/document/read";
import { prepare } from "../../src/reconcile/engine/plan/prepare";
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
    const region = { client, snapshot: new Snapshot(client) };
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
export function faultsOf(sources: readonly string[]): string[] {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["cdktf", "constructs"])
    symlinkSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
  const files = sources.map((source, index) => {
    const file = join(folder, `main${index}.ts`);
    writeFileSync(file, source);
    return file;
  });
  const paths = { "cdktf-maas": [join(ROOT, "lib/index.ts")] };
  const program = ts.createProgram(files, { ...OPTIONS, noEmit: true, baseUrl: folder, paths });
  return files
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** Runs the source as `cdktf synth` does, in this process, and returns the stack's folder. */
export function synthesise(source: string): string {
  const outdir = join(temporaryFolder(), "cdktf.out");
  const { outputText } = ts.transpileModule(source, { compilerOptions: OPTIONS });
  const { CDKTF_OUTDIR, CDKTF_CONTEXT_JSON } = process.env;
  Object.assign(process.env, { CDKTF_OUTDIR: outdir, CDKTF_CONTEXT_JSON: '{"cdktfStackTraces":"false"}' });
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a program, written a moment ago
    const app = new Function("require", "exports", outputText) as (load: NodeJS.Require, exports: object) => void;
    app(require, {});
  } finally {
    for (const [name, value] of Object.entries({ CDKTF_OUTDIR, CDKTF_CONTEXT_JSON })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  return join(outdir, "stacks", STACK);
}

/** A JSON file of a synthesised stack. */
export const readJson = (...path: string[]): Record<string, unknown> =>
  JSON.parse(readFileSync(join(...path), "utf8")) as Record<string, unknown>;
