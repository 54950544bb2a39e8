// Synth of 10,000 subnets with a range each, in a process of its own: time, the part of it that judges the network by the rules, and
// memory; next to as many resources of CDKTF itself with the same attributes, which shows what CDKTF takes. `--size N`: other sizes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runScript, wholeNumber } from "../scripts/options";
import { App, TerraformResource, TerraformStack } from "cdktf";
import { Fabric, Ipv4Subnet, Ipv6Subnet, MaasProvider, StaticRange, Suppressions, Vlan } from "../lib";
import { asResources, type Estate, estateOf } from "./support/estate";
import { type Profile, profiled } from "./support/profile";
import { ratio, seconds, table } from "./support/table";

const OBJECTS = 21_100;

/** The estate in constructs of the library. */
function constructs(stack: TerraformStack, { fabrics, vlans, subnets }: Estate): void {
  new MaasProvider(stack, "maas", { apiUrl: "http://region.lab.example:5240/MAAS" });
  Suppressions.of(stack).add({ id: "MAAS6-DUA-02", reason: "the estate is measured, and has no racks" });
  const fabricOf = new Map(fabrics.map((name) => [name, new Fabric(stack, name, { name })]));
  const made = vlans.map(({ name, fabric, vid }) => {
    const owner = fabricOf.get(fabric);
    if (owner === undefined) throw new Error(`no fabric ${fabric}`);
    return new Vlan(stack, name, { name, fabric: owner, vid });
  });
  for (const { name, cidr, gateway, start, end, vlan: at, hasRange } of subnets) {
    const vlan = made[at];
    if (vlan === undefined) throw new Error(`no VLAN ${at}`);
    const props = { name, cidr, vlan, gatewayIp: gateway };
    const subnet = cidr.includes(":") ? new Ipv6Subnet(stack, name, props) : new Ipv4Subnet(stack, name, props);
    if (hasRange) new StaticRange(stack, `${name}-range`, { subnet, startIp: start, endIp: end });
  }
}

/** A resource of CDKTF, with nothing of this library. */
class PlainResource extends TerraformResource {
  constructor(
    scope: TerraformStack,
    id: string,
    terraformResourceType: string,
    private readonly values: Record<string, unknown>,
  ) {
    super(scope, id, { terraformResourceType });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.values;
  }
}

function plain(stack: TerraformStack, estate: Estate): void {
  for (const [type, resources] of Object.entries(asResources(estate)))
    for (const [name, values] of Object.entries(resources as Record<string, Record<string, unknown>>))
      new PlainResource(stack, name, type, values);
}

const WAYS: Readonly<Record<string, (stack: TerraformStack, estate: Estate) => void>> = { constructs, plain };

/** What one way takes, in this process. */
async function synth(way: string, objects: number): Promise<Profile> {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  const estate = estateOf(objects);
  const profile = await profiled(["evaluate"], () => {
    const app = new App({ outdir, stackTraces: false });
    WAYS[way]?.(new TerraformStack(app, "bench"), estate);
    app.synth();
  });
  rmSync(outdir, { recursive: true });
  return profile;
}

function inProcess(way: string, objects: number): Profile {
  const args = [process.argv[1] ?? "", "--way", way, "--size", String(objects)];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`${way} has failed`);
  // CDKTF writes lines of its own before it.
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Profile;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { way: { type: "string" }, size: { type: "string" } } });
  const objects = wholeNumber("--size", values.size, OBJECTS);
  if (values.way !== undefined) {
    process.stdout.write(`\n${JSON.stringify(await synth(values.way, objects))}\n`);
    return;
  }
  const [own, base] = [inProcess("constructs", objects), inProcess("plain", objects)];
  const estate = estateOf(objects);
  process.stdout.write(
    `${estate.count} objects, of which ${estate.subnets.length} are subnets, with a range each; CPU time\n\n`,
  );
  const row = (what: string, { cpuMs, peakMb }: Profile): string[] => [
    what,
    seconds(cpuMs),
    ratio(cpuMs, base.cpuMs),
    `${peakMb.toFixed(0)} MB`,
  ];
  process.stdout.write(
    table(
      ["", "CPU", "to CDKTF", "memory"],
      [
        row("synth of cdktf-maas", own),
        ["of that, the rules", seconds(own.cpuMs * own.share), `${(100 * own.share).toFixed(0)} %`, ""],
        row("as many resources of CDKTF itself", base),
      ],
    ),
  );
}

runScript(main);
