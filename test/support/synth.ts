import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { Suppressions } from "cdktf-maas";
import { PLUGIN } from "./command-line";

/** The attributes of one synthesised resource or data source. */
export type SynthesisedBlock = Record<string, unknown>;

/** A stack's cdk.tf.json, as far as tests look at it. */
export interface SynthesisedStack {
  readonly folder: string;
  readonly provider: Record<string, SynthesisedBlock[]>;
  readonly resource: Record<string, Record<string, SynthesisedBlock>>;
  readonly data: Record<string, Record<string, SynthesisedBlock>>;
  readonly terraform: { readonly required_providers: Record<string, { source: string; version: string }> };
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A fresh folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-test-"));
  folders.push(folder);
  return folder;
}

/** An app that writes to a fresh folder. A real synth places the built plugin, so that must be there. */
export function temporaryApp(): App {
  if (!existsSync(PLUGIN)) throw new Error(`${PLUGIN} is missing: run \`npm run build\` before these tests`);
  return new App({ outdir: join(temporaryFolder(), "cdktf.out"), stackTraces: false });
}

/** The file of a stack that was synthesised. */
export function readStack(app: App, name: string): SynthesisedStack {
  const folder = join(app.outdir, "stacks", name);
  return {
    folder,
    ...(JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Omit<SynthesisedStack, "folder">),
  };
}

/** What the caveats say of an IPv6 subnet by itself: its VLAN has no IPv4. */
export const IPV6_ALONE = ["MAAS6-DUA-01", "MAAS6-DUA-02"] as const;

/**
 * Makes a stack `lab`, really synthesises it, and reads it back. Throws what the constructs or the synth throw.
 *
 * @param incomplete rules about whole networks that a test of one part breaks.
 */
export function synth(build: (stack: TerraformStack) => void, incomplete: readonly string[] = []): SynthesisedStack {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  for (const id of incomplete) Suppressions.of(stack).add({ id, reason: "a test of one part, not of a whole network" });
  build(stack);
  app.synth();
  return readStack(app, "lab");
}

/** A synthesised block without CDKTF's own metadata. @throws Error when there is none of that type and name. */
export function block(
  blocks: Record<string, Record<string, SynthesisedBlock>> | undefined,
  type: string,
  name: string,
): SynthesisedBlock {
  const found = blocks?.[type]?.[name];
  if (found === undefined) {
    throw new Error(`no ${type} "${name}" among ${JSON.stringify(Object.keys(blocks?.[type] ?? {}))}`);
  }
  const { "//": _metadata, ...attributes } = found;
  return attributes;
}

/** The message that `act` throws; fails when it throws none. */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
