// What Terraform takes for an estate, with this provider and beside others: one that does nothing, `--peer PATH` for a
// canonical/maas that somebody built, `--before PATH` for the plugin of another version of this one. The same configuration for
// each, of what both have, and the state behind an HTTP backend; `--local` keeps it in a local file, which Terraform writes as a
// whole after each resource.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../lib/constructs/internal/facts";
import { runScript, wholeNumber } from "../scripts/options";
import { temporaryFolder } from "../scripts/temporary-folder";
import { GetProviderSchema_Response } from "../src/provider/protocol/tfplugin6_pb";
import { maasProvider } from "../src/provider/provider";
import { createLogger } from "../src/provider/rpc/grpc";
import { bundlePlugin } from "../test/support/bundle-plugin";
import { asResources, estateOf } from "./support/estate";
import { ALL_STEPS, type Measured, OWN, playTerraform } from "./support/terraform-run";
import { NOT_MEASURED, ratio, seconds, table } from "./support/table";

const {
  values: { peer, before, size, local },
} = parseArgs({
  options: {
    peer: { type: "string" },
    before: { type: "string" },
    size: { type: "string" },
    local: { type: "boolean", default: false },
  },
});

/** One where Node's start counts, and one where it does not. */
const SIZES = [700, 2110];

/** canonical/maas takes the VLAN of a subnet only with its fabric. */
const CANONICAL = "canonical/maas";

const shown = (value: number | undefined, of: (value: number) => string): string =>
  value === undefined ? NOT_MEASURED : of(value);

/** Programs by name; undefined = nobody gave a path. */
type Programs = Readonly<Record<string, string | undefined>>;

async function measure(programs: Programs, resources: number): Promise<ReadonlyMap<string, Measured>> {
  const estate = estateOf(resources);
  const measured = new Map<string, Measured>();
  for (const [name, program] of Object.entries(programs))
    if (program !== undefined)
      measured.set(name, await playTerraform(program, asResources(estate, name === CANONICAL), { local }));
  return measured;
}

function tableOf(programs: Programs, measured: ReadonlyMap<string, Measured>): string {
  const ours = measured.get("ours");
  if (ours === undefined) throw new Error("nothing was measured");
  const names = Object.keys(programs);
  const head = ["", ...names.flatMap((name) => (name === "ours" ? [name] : [name, "ours to it"]))];
  const row = (what: string, of: (one: Measured) => number | undefined, unit: (value: number) => string): string[] => [
    what,
    ...names.flatMap((name) => {
      const one = measured.get(name);
      if (one === undefined) return [NOT_MEASURED, ""];
      const [value, own] = [of(one), of(ours)];
      const cell = shown(value, unit);
      return name === "ours" ? [cell] : [cell, value === undefined || own === undefined ? "" : ratio(own, value)];
    }),
  ];
  const whole = (value: number): string => value.toFixed(0);
  const megabytes = (value: number): string => `${value.toFixed(0)} MB`;
  const rows = ALL_STEPS.flatMap((step) => [
    row(`${step}: time`, ({ costs }) => costs[step]?.ms, seconds),
    row(`${step}: CPU of the plugin`, ({ costs }) => costs[step]?.cpuMs, seconds),
    row(`${step}: its memory`, ({ costs }) => costs[step]?.peakMb, megabytes),
    row(`${step}: GETs`, ({ costs }) => costs[step]?.gets, whole),
    row(`${step}: writes`, ({ costs }) => costs[step]?.writes, whole),
  ]);
  const state = row(
    "state",
    ({ stateBytes }) => stateBytes,
    (bytes) => `${(bytes / 1e6).toFixed(2)} MB`,
  );
  return table(head, [...rows, state]);
}

/** A plugin that does nothing, with this provider's schema. */
async function makeIdle(): Promise<string> {
  const folder = temporaryFolder("cdktf-maas-idle-");
  const program = join(folder, "terraform-provider-idle");
  bundlePlugin(join(packageRoot(), "bench/support/idle-plugin.ts"), program);
  writeFileSync(join(folder, "schema.bin"), await schemaOfProvider());
  return program;
}

async function schemaOfProvider(): Promise<Uint8Array> {
  const { getProviderSchema } = maasProvider({}, packageRoot());
  const { signal } = new AbortController();
  const reply = await getProviderSchema?.({}, { signal, stopSignal: signal, log: createLogger("bench", {}) });
  return GetProviderSchema_Response.encode(GetProviderSchema_Response.fromPartial(reply ?? {})).finish();
}

async function main(): Promise<void> {
  const sizes = size === undefined ? SIZES : [wholeNumber("--size", size, 1)];
  const programs = { ours: OWN, before, [CANONICAL]: peer, idle: await makeIdle() };
  for (const resources of sizes) {
    const measured = await measure(programs, resources);
    const place = local ? "in a local file" : "behind an HTTP backend";
    process.stdout.write(`${resources} resources, state ${place}\n\n${tableOf(programs, measured)}\n`);
  }
}

runScript(main);
