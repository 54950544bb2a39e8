// `node scripts/run.mjs bench/growth.ts [SHAPE…] [SIZE…]`: CPU time of what reads documents and live objects as a network grows,
// in the shapes that hurt. Each size is to cost at most 10 times for 8 times the objects.
import { documentText, type DocumentObject, type NetworkDocument } from "../lib/model/document";
import { documentNetwork } from "../lib/model/document/network";
import { readDocument } from "../lib/model/document/read";
import type { Attributes } from "../lib/model/known";
import { evaluate } from "../lib/rules/evaluate";
import { IPV6_RULES } from "../lib/rules/ipv6";
import { expressible } from "../src/export/expressible";
import { adoptingDocument } from "../src/export/network-document";
import { select } from "../src/export/selection";
import { typescriptSource } from "../src/export/typescript-source";
import { pictureOf } from "../src/graph/picture-of";
import type { ObjectJson } from "../src/maas/codec";
import { Snapshot } from "../src/maas/snapshot";
import { liveNetwork } from "../src/reconcile/live-network";
import { liveObjects } from "../src/reconcile/live-objects";
import { tryResolve } from "../src/reconcile/references";
import type { Region } from "../src/reconcile/region";

const SIZES = [1250, 10_000];

/** A region as MAAS lists it. */
interface Rows {
  readonly fabrics: ObjectJson[];
  readonly subnets: ObjectJson[];
  readonly ipranges: ObjectJson[];
}

const cidrOf = (n: number): string =>
  n % 2 === 0 ? `10.${(n >> 9) & 255}.${(n >> 1) & 255}.0/24` : `2001:db8:${n.toString(16)}::/64`;

const netOf = (n: number): string => cidrOf(n).replace(n % 2 === 0 ? /0\/24$/ : /:\/64$/, "");

/** Subnets with a dynamic range each, so many of them on a VLAN. */
function estate(objects: number, subnetsPerVlan: number): Rows {
  const count = Math.ceil(objects / 2);
  const vlans = Array.from({ length: Math.ceil(count / subnetsPerVlan) }, (_, at) => ({
    ...{
      id: 5001 + at,
      vid: at % 4095,
      name: at % 4095 === 0 ? "untagged" : `v${at}`,
      mtu: 1500,
      dhcp_on: false,
      relay_vlan: null,
    },
    ...{
      fabric: `f${Math.floor(at / 4095)}`,
      fabric_id: Math.floor(at / 4095),
      space: "undefined",
      primary_rack: null,
      secondary_rack: null,
    },
  }));
  const subnets = Array.from({ length: count }, (_, n) => ({
    ...{ id: n, cidr: cidrOf(n), name: cidrOf(n), vlan: vlans[Math.floor(n / subnetsPerVlan)], managed: true },
    ...{ gateway_ip: null, dns_servers: [], rdns_mode: 2, allow_dns: true, allow_proxy: true, space: "undefined" },
  }));
  return {
    fabrics: [...new Set(vlans.map(({ fabric_id: id }) => id))].map((id) => ({
      ...{ id, name: `f${id}`, class_type: null },
      vlans: vlans.filter(({ fabric_id: fabric }) => fabric === id),
    })),
    subnets,
    ipranges: subnets.map((subnet, id) => {
      const net = netOf(id);
      const [start_ip, end_ip] = id % 2 === 0 ? [`${net}100`, `${net}199`] : [`${net}0:2::`, `${net}0:2::ffff`];
      return { id, type: "dynamic", start_ip, end_ip, comment: "", subnet };
    }),
  };
}

/** All ranges in one subnet; every other one in the way of the one before. */
function crowded(objects: number): Rows {
  const { fabrics, subnets } = estate(4, 4);
  const subnet = subnets[1] ?? {};
  const ipranges = Array.from({ length: objects }, (_, id) => {
    const net = `2001:db8:1::${(id + 1).toString(16)}`;
    return { id, type: "reserved", start_ip: `${net}:0`, end_ip: `${net}:fff`, comment: "", subnet };
  });
  return { fabrics, subnets: [subnet], ipranges };
}

/** Milliseconds of CPU that the work takes, and what it gives. */
async function timed<T>(work: () => T | Promise<T>): Promise<readonly [T, number]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

const object = (key: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path: `bench/${key}`, origin: "create", attributes },
});

function documentOf(objects: ReturnType<typeof liveObjects>): NetworkDocument {
  const sections: Record<string, DocumentObject[]> = {};
  for (const { kind, key, attributes } of objects) (sections[kind] ??= []).push(object(key, attributes));
  return { objects: sections, suppressions: [] };
}

async function costs({ fabrics, subnets, ipranges }: Rows): Promise<Readonly<Record<string, number>>> {
  const lists: Record<string, ObjectJson[]> = { "fabrics/": fabrics, "subnets/": subnets, "ipranges/": ipranges };
  const client = { get: (path: string) => Promise.resolve(lists[path] ?? []) } as unknown as Region["client"];
  const region = { client, snapshot: new Snapshot(client) };
  const keyed = async (): Promise<void> => {
    for (const collection of ["fabrics", "subnets", "ipranges"] as const) await region.snapshot.list(collection);
    for (const { cidr } of subnets) await tryResolve(region, "subnet", String(cidr));
    for (const { start_ip: start, end_ip: end } of ipranges)
      await tryResolve(region, "ip_range", `${String(start)}-${String(end)}`);
    for (const { vlans } of fabrics)
      for (const { fabric, vid } of vlans as ObjectJson[])
        await tryResolve(region, "vlan", `${String(fabric)}:${String(vid)}`);
  };
  const [, lookups] = await timed(keyed);
  const rows = { fabrics, spaces: [], subnets, ipranges, rackcontrollers: [], machines: [] };
  const [objects, living] = await timed(() => liveObjects(rows));
  const document = documentOf(objects);
  const [text, writing] = await timed(() => documentText(document));
  const [, reading] = await timed(() => readDocument(text));
  const [network, building] = await timed(() => documentNetwork(document));
  const [report, judging] = await timed(() => evaluate({ rules: IPV6_RULES, network, now: new Date(0) }));
  const suppressions = report.findings.map(({ id, where }) => ({ id, where: where.path, reason: "as it is found" }));
  const [, suppressing] = await timed(() => evaluate({ rules: IPV6_RULES, network, suppressions, now: new Date(0) }));
  const [, picturing] = await timed(() => pictureOf(network, report, "bench"));
  const listed = { version: "3.6.5", ...rows, "static-routes": [] };
  const [, auditing] = await timed(() => liveNetwork(listed));
  const [selection, selecting] = await timed(() => expressible(select(objects)));
  const [, adopting] = await timed(() => adoptingDocument(selection, "http://region/MAAS"));
  const [, source] = await timed(() =>
    typescriptSource(selection, { apiUrl: "http://region/MAAS", stackName: "lab", leftOut: [] }),
  );
  return {
    lookups,
    living,
    writing,
    reading,
    building,
    judging,
    suppressing,
    picturing,
    auditing,
    selecting,
    adopting,
    source,
  };
}

async function growth(title: string, rowsOf: (size: number) => Rows, sizes: readonly number[]): Promise<void> {
  process.stdout.write(`\n${title}\n`);
  const measured: Readonly<Record<string, number>>[] = [];
  for (const size of sizes) measured.push(await costs(rowsOf(size)));
  for (const part of Object.keys(measured[0] ?? {})) {
    const times = measured.map((each) => each[part] ?? NaN);
    const factor = (times.at(-1) ?? NaN) / (times[0] ?? NaN);
    const cells = [...times.map((ms) => ms.toFixed(0)), `${factor.toFixed(1)} x`];
    process.stdout.write(`${part.padEnd(12)}${cells.map((cell) => cell.padStart(10)).join("")}\n`);
  }
}

const SHAPES: Readonly<Record<string, readonly [title: string, rowsOf: (size: number) => Rows]>> = {
  four: ["Four subnets on each VLAN", (size) => estate(size, 4)],
  all: ["All subnets on one VLAN", (size) => estate(size, size)],
  one: ["One subnet on each VLAN", (size) => estate(size, 1)],
  ranges: ["All ranges in one subnet", crowded],
};

async function main(): Promise<void> {
  const given = process.argv.slice(2);
  const numbers = given.map(Number).filter((size) => !Number.isNaN(size));
  const wanted = given.filter((shape) => shape in SHAPES);
  const sizes = numbers.length > 0 ? numbers : SIZES;
  process.stdout.write(`CPU ms for ${sizes.join(", ")} objects\n`);
  for (const [name, [title, rowsOf]] of Object.entries(SHAPES))
    if (wanted.length === 0 || wanted.includes(name)) await growth(title, rowsOf, sizes);
}

void main();
