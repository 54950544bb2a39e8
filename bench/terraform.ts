// What Terraform takes for an estate, with this provider and beside others: `--peer PATH` for a canonical/maas that somebody
// built, `--before PATH` for the plugin of another version of this one. The same configuration for each, of what both have, and
// the state behind an HTTP backend; `--local` keeps it in a local file, which Terraform writes as a whole after each resource.
import { parseArgs } from "node:util";
import { asResources, estateOf } from "./support/estate";
import { ALL_STEPS, type Measured, OWN, playTerraform } from "./support/terraform-run";
import { NOT_MEASURED, ratio, seconds, table } from "./support/table";

const {
  values: { peer, before, size, local },
} = parseArgs({
  options: {
    peer: { type: "string" },
    before: { type: "string" },
    size: { type: "string", default: "700" },
    local: { type: "boolean", default: false },
  },
});

/** canonical/maas takes the VLAN of a subnet only with its fabric. */
const CANONICAL = "canonical/maas";

const shown = (value: number | undefined, of: (value: number) => string): string =>
  value === undefined ? NOT_MEASURED : of(value);

async function main(): Promise<void> {
  const programs = Object.entries({ ours: OWN, before, [CANONICAL]: peer });
  const estate = estateOf(Number(size));
  const measured = new Map<string, Measured>();
  for (const [name, program] of programs)
    if (program !== undefined)
      measured.set(name, await playTerraform(program, asResources(estate, name === CANONICAL), { local }));
  const ours = measured.get("ours");
  if (ours === undefined) throw new Error("nothing was measured");
  const head = ["", ...programs.flatMap(([name]) => (name === "ours" ? [name] : [name, "ours to it"]))];
  const row = (what: string, of: (one: Measured) => number | undefined, unit: (value: number) => string): string[] => [
    what,
    ...programs.flatMap(([name]) => {
      const one = measured.get(name);
      if (one === undefined) return [NOT_MEASURED, ""];
      const [value, own] = [of(one), of(ours)];
      const cell = shown(value, unit);
      return name === "ours" ? [cell] : [cell, value === undefined || own === undefined ? "" : ratio(own, value)];
    }),
  ];
  const whole = (value: number): string => value.toFixed(0);
  const rows = ALL_STEPS.flatMap((step) => [
    row(`${step}: time`, ({ costs }) => costs[step]?.ms, seconds),
    row(`${step}: CPU of the plugin`, ({ costs }) => costs[step]?.cpuMs, seconds),
    row(
      `${step}: its memory`,
      ({ costs }) => costs[step]?.peakMb,
      (mb) => `${mb.toFixed(0)} MB`,
    ),
    row(`${step}: GETs`, ({ costs }) => costs[step]?.gets, whole),
    row(`${step}: writes`, ({ costs }) => costs[step]?.writes, whole),
  ]);
  process.stdout.write(`${estate.count} resources, state ${local ? "in a local file" : "behind an HTTP backend"}\n\n`);
  process.stdout.write(
    table(head, [
      ...rows,
      row(
        "state",
        ({ stateBytes }) => stateBytes,
        (bytes) => `${(bytes / 1e6).toFixed(2)} MB`,
      ),
    ]),
  );
}

void main();
