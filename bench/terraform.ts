// What Terraform takes for an estate, with this provider and beside others: `--peer PATH` for a canonical/maas that somebody
// built, `--before PATH` for the plugin of another version of this one. The same configuration for each, of what both have, and
// the state behind an HTTP backend: with a local one Terraform writes the whole file after each resource (`--local` shows it).
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../lib/constructs/internal/facts";
import { MaasSimulator } from "../src/simulator";
import { StateServer } from "../test/support/state-server";
import { quietEnvironment, run, TERRAFORM } from "../test/support/terraform";
import { MeteredPlugin, SOURCE, VERSION } from "./support/metered-plugin";
import { NOT_MEASURED, ratio, seconds, table, timed } from "./support/table";

const OWN = process.env.BENCH_PLUGIN ?? join(packageRoot(), "dist/bin/terraform-provider-maas");

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

type Blocks = Record<string, Record<string, unknown>>;

/** canonical/maas takes the VLAN of a subnet only with its fabric. */
const CANONICAL = "canonical/maas";

/** Resources of an estate of both families: for each VLAN 10 subnets with a range each, for each fabric 10 VLANs. */
function estate(
  resources: number,
  withFabric: boolean,
): { readonly resource: Record<string, Blocks[string]>; readonly count: number } {
  const fabrics: Blocks = {};
  const vlans: Blocks = {};
  const subnets: Blocks = {};
  const ranges: Blocks = {};
  const count = (): number => [fabrics, vlans, subnets, ranges].reduce((sum, of) => sum + Object.keys(of).length, 0);
  for (let vlan = 0; count() < resources; vlan += 1) {
    const fabric = `bench-${Math.floor(vlan / 10)}`;
    fabrics[fabric] ??= { name: fabric };
    const [vid, fabricId] = [10 + (vlan % 10), `\${maas_fabric.${fabric}.id}`];
    vlans[`vlan-${vlan}`] = { fabric: fabricId, vid, name: `vlan-${vlan}` };
    for (let at = 0; at < 10 && count() < resources; at += 1) {
      const net = at % 2 === 0 ? `10.${vlan}.${at}` : `2001:db8:${vlan}:${at}:`;
      const [prefix, first, last] = at % 2 === 0 ? [24, ".100", ".199"] : [64, "0:1::", "0:1::ffff"];
      const name = `subnet-${vlan}-${at}`;
      subnets[name] = {
        cidr: `${net}${at % 2 === 0 ? ".0" : ":"}/${prefix}`,
        ...(withFabric && { fabric: fabricId }),
        vlan: `\${maas_vlan.vlan-${vlan}.id}`,
        name,
        gateway_ip: `${net}${at % 2 === 0 ? ".1" : ":1"}`,
      };
      ranges[`range-${vlan}-${at}`] = {
        subnet: `\${maas_subnet.${name}.id}`,
        type: "reserved",
        start_ip: `${net}${first}`,
        end_ip: `${net}${last}`,
      };
    }
  }
  const resource = { maas_fabric: fabrics, maas_vlan: vlans, maas_subnet: subnets, maas_subnet_ip_range: ranges };
  return { resource, count: count() };
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number | undefined;
  readonly peakMb: number | undefined;
  readonly gets: number;
  readonly writes: number;
}

interface Measured {
  readonly costs: Readonly<Record<string, Cost>>;
  readonly stateBytes: number;
}

const STEPS: Readonly<Record<string, readonly string[]>> = {
  apply: ["apply", "-auto-approve"],
  "plan, nothing to do": ["plan"],
  "plan -refresh=false": ["plan", "-refresh=false"],
  "plan -destroy": ["plan", "-destroy"],
  destroy: ["destroy", "-auto-approve"],
};

async function measure(program: string, resource: unknown): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-bench-"));
  const simulator = await MaasSimulator.start();
  const states = await StateServer.start("plain");
  const plugin = new MeteredPlugin(program, folder);
  const keys = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  const env = { ...quietEnvironment(folder), TF_CLI_CONFIG_FILE: plugin.cliConfig, ...states.environment, ...keys };
  const backend = local ? {} : { backend: { http: {} } };
  const configuration = {
    terraform: { required_providers: { maas: { source: SOURCE, version: VERSION } }, ...backend },
    provider: { maas: { api_url: simulator.url, api_key: simulator.apiKey } },
    resource,
  };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration, null, 2));
  const terraform = async (args: readonly string[]): Promise<void> => {
    const { code, output } = await run(TERRAFORM, [...args, "-no-color"], { cwd: folder, env });
    if (code !== 0)
      throw new Error(`${program}: ${TERRAFORM} ${args.join(" ")} ended with ${code}:\n${output.slice(-4000)}`);
  };
  await terraform(["init"]);
  const costs: Record<string, Cost> = {};
  let stateBytes = 0;
  for (const [step, args] of Object.entries(STEPS)) {
    plugin.clear();
    simulator.requests.clear();
    const ms = await timed(() => terraform(args));
    const gets = simulator.requests.count("GET");
    costs[step] = { ms, ...plugin.cost, gets, writes: simulator.requests.count() - gets };
    if (step === "apply")
      stateBytes = local ? statSync(join(folder, "terraform.tfstate")).size : Buffer.byteLength(states.state ?? "");
  }
  plugin.stop();
  await states.stop();
  await simulator.stop();
  rmSync(folder, { recursive: true });
  return { costs, stateBytes };
}

const shown = (value: number | undefined, of: (value: number) => string): string =>
  value === undefined ? NOT_MEASURED : of(value);

async function main(): Promise<void> {
  const programs = Object.entries({ ours: OWN, before, [CANONICAL]: peer });
  const estateOf = (name: string): ReturnType<typeof estate> => estate(Number(size), name === CANONICAL);
  const measured = new Map<string, Measured>();
  for (const [name, program] of programs)
    if (program !== undefined) measured.set(name, await measure(program, estateOf(name).resource));
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
  const rows = Object.keys(STEPS).flatMap((step) => [
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
  process.stdout.write(
    `${estateOf("ours").count} resources, state ${local ? "in a local file" : "behind an HTTP backend"}\n\n`,
  );
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
