// `node scripts/run.mjs bench/rules.ts`: time to build and judge networks of growing size, and how it grows.
import { type Network, NetworkBuilder } from "../lib/model/network";
import { evaluate } from "../lib/rules/evaluate";
import { IPV6_RULES } from "../lib/rules/ipv6";
import { reportJson } from "../lib/rules/report";
import { median } from "./support/table";

const REPEATS = 5;

/** An estate as the region of a large site has it: half of the subnets IPv4, half IPv6, two ranges on each. */
function estate(subnets: number, subnetsPerVlan = 2): NetworkBuilder {
  const builder = new NetworkBuilder();
  builder.add("fabric", { key: "f", at: { path: "fabric f" }, name: "f" });
  const at = (path: string) => ({ path });
  for (let vlan = 0; vlan < subnets / subnetsPerVlan; vlan += 1) {
    const key = `v${vlan}`;
    builder.add("vlan", { key, at: at(`VLAN ${key}`), fabric: "f", vid: vlan % 4095 });
    const rack = `r${Math.floor(vlan / 25)}`;
    if (vlan % 25 === 0) {
      const regionUrl = "http://region.lab.example:5240/MAAS";
      builder.add("rack_controller", { key: rack, at: at(`rack ${rack}`), hostname: rack, regionUrl });
    }
    builder.add("vlan_dhcp", {
      key,
      at: at(`DHCP ${key}`),
      vlan: key,
      on: true,
      primary: rack,
      secondary: null,
      relayTo: null,
    });
    const links = [{ subnet: `s${vlan * subnetsPerVlan + 1}`, ip: "2001:db8::2", mode: "static" as const }];
    const name = `eth1.${vlan % 4095}`;
    builder.add("rack_interface", { key, at: at(`${rack}/${name}`), rack, name, vlan: key, links });
  }
  for (let index = 0; index < subnets; index += 1) {
    const [high, low] = [index >> 8, index & 255];
    const isIpv4 = index % 2 === 0;
    const net = isIpv4 ? `10.${high}.${low}` : `2001:db8:${index.toString(16)}:0`;
    const key = `s${index}`;
    builder.add("subnet", {
      key,
      at: at(`subnet ${key}`),
      vlan: `v${Math.floor(index / subnetsPerVlan)}`,
      cidr: isIpv4 ? `${net}.0/24` : `${net}::/64`,
      gatewayIp: isIpv4 ? `${net}.1` : `${net}::1`,
      dnsServers: [isIpv4 ? `${net}.2` : `${net}::2`],
      managed: true,
    });
    const ends = isIpv4
      ? [[`${net}.10`, `${net}.99`] as const, [`${net}.100`, `${net}.199`] as const]
      : [[`${net}:1::`, `${net}:1:ffff:ffff:ffff`] as const, [`${net}:2::`, `${net}:2::ffff`] as const];
    for (const [number, [startIp, endIp]] of ends.entries()) {
      const type = number === 0 ? "reserved" : "dynamic";
      const range = `${key}-${number}`;
      builder.add("ip_range", { key: range, at: at(`range ${range}`), subnet: key, type, startIp, endIp });
    }
  }
  return builder;
}

/** One subnet with all the ranges, unmanaged or not: where a comparison by pairs would show. */
function crowded(ranges: number, managed: boolean): NetworkBuilder {
  const builder = new NetworkBuilder();
  builder.add("vlan", { key: "v", at: { path: "v" }, fabric: "f", vid: 0 });
  const cidr = "2001:db8::/64";
  builder.add("subnet", { key: "s", at: { path: "s" }, vlan: "v", cidr, gatewayIp: null, dnsServers: [], managed });
  for (let index = 0; index < ranges; index += 1) {
    const net = `2001:db8::${(index + 1).toString(16)}`;
    const common = { at: { path: `r${index}` }, subnet: "s", startIp: `${net}:0:0`, endIp: `${net}:0:fff` } as const;
    builder.add("ip_range", { ...common, key: `r${index}`, type: managed || index % 2 === 0 ? "dynamic" : "reserved" });
  }
  return builder;
}

const milliseconds = (act: () => unknown): number => {
  const start = process.hrtime.bigint();
  act();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

/** The median of several runs, each on a network of its own, so that nothing is remembered. */
function measure(builderOf: () => NetworkBuilder): { build: number; judge: number; report: number; findings: number } {
  const runs = Array.from({ length: REPEATS }, () => {
    const builder = builderOf();
    let network: Network | undefined;
    const build = milliseconds(() => (network = builder.build({ hasAdvertisements: false, maasVersion: "3.6.5" })));
    if (network === undefined) throw new Error("no network");
    const evaluation = { rules: IPV6_RULES, network, now: new Date(0) };
    let report = evaluate({ ...evaluation, rules: [] });
    const judge = milliseconds(() => (report = evaluate(evaluation)));
    return { build, judge, report: milliseconds(() => reportJson(report)), findings: report.findings.length };
  });
  const of = (name: "build" | "judge" | "report") => median(runs.map((run) => run[name]));
  return { build: of("build"), judge: of("judge"), report: of("report"), findings: runs[0]?.findings ?? 0 };
}

function compare(title: string, sizes: readonly [number, number], builderOf: (size: number) => NetworkBuilder): void {
  const rows = sizes.map((size) => ({ size, ...measure(() => builderOf(size)) }));
  process.stdout.write(`${title}\n`);
  for (const { size, build, judge, report, findings } of rows) {
    const times = `build ${build.toFixed(0)} ms, judge ${judge.toFixed(0)} ms, JSON report ${report.toFixed(0)} ms`;
    process.stdout.write(`  ${size.toString().padStart(6)}: ${times}, ${findings} findings\n`);
  }
  const [small, large] = rows;
  if (small === undefined || large === undefined) return;
  const growth = ((large.build + large.judge) / (small.build + small.judge)).toFixed(1);
  process.stdout.write(`  ${large.size / small.size} times the objects take ${growth} times as long\n`);
}

compare("subnets, each with two ranges, two on a VLAN", [1_000, 10_000], (size) => estate(size));
compare("subnets, each with two ranges, all on one VLAN", [1_000, 10_000], (size) => estate(size, size));
compare("ranges on one managed subnet", [2_000, 20_000], (size) => crowded(size, true));
compare("ranges on one unmanaged subnet", [2_000, 20_000], (size) => crowded(size, false));
