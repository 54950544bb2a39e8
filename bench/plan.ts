// What the engine's plan, apply and verify cost as a network grows: API calls and time against the simulator, which runs
// in the same process and takes its share, and the time of the pure part alone.
import { documentText, type NetworkDocument } from "../lib/model/document";
import { readDocument } from "../lib/model/document/read";
import { ApiKey } from "../src/maas/api-key";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import { diff } from "../src/reconcile/engine/plan/diff";
import { ordered } from "../src/reconcile/engine/plan/order";
import { prepare, type Prepared } from "../src/reconcile/engine/plan/prepare";
import { type DesiredObject, desiredObjects, LiveState } from "../src/reconcile/engine/plan/read-live";
import { converge } from "../src/reconcile/engine/run/run";
import { verify } from "../src/reconcile/engine/verify/verify";
import { openRegion } from "../src/reconcile/kinds";
import type { Region } from "../src/reconcile/region/region";
import { MaasSimulator } from "../src/simulator";
import { object } from "./support/document-object";

const SIZES = [5, 20, 100, 400, 1600];
const PURE_SIZES = [1250, 2500, 5000, 10_000];
const PURE_RUNS = 3;

/** The network of a subnet, and the ends of its ranges, by the subnet's number: every other one is IPv6. */
function subnetOf(number: number): { readonly cidr: string; readonly ranges: readonly (readonly [string, string])[] } {
  if (number % 2 === 0) {
    const net = `10.${number >> 8}.${number & 255}`;
    return {
      cidr: `${net}.0/24`,
      ranges: [`${net}.100`, `${net}.10`].map((end, at) => [end, `${net}.${at === 0 ? 199 : 99}`]),
    };
  }
  const net = `2001:db8:${number.toString(16)}:0`;
  return {
    cidr: `2001:db8:${number.toString(16)}::/64`,
    ranges: [2, 1].map((half) => [`${net}:${half}::`, `${net}:${half}::ffff`]),
  };
}

interface Estate {
  readonly subnets: number;
  /** 1 = a dynamic range in each subnet; 2 = a reserved one as well. */
  readonly ranges: 1 | 2;
  /** DHCP on each VLAN. */
  readonly dhcp: boolean;
  /** @default 4 */
  readonly subnetsPerVlan?: number;
}

function estate({ subnets, ranges, dhcp, subnetsPerVlan = 4 }: Estate): NetworkDocument {
  const numbers = Array.from({ length: subnets }, (_, number) => number);
  const vlanOf = (number: number): number => 1 + Math.floor(number / subnetsPerVlan);
  const vids = [...new Set(numbers.map(vlanOf))];
  return {
    objects: {
      fabric: [object("bench", { name: "bench" })],
      vlan: vids.map((vid) => object(`bench:${vid}`, { fabric: "bench", vid })),
      subnet: numbers.map((number) => {
        const { cidr } = subnetOf(number);
        return object(cidr, { cidr, vlan: `bench:${vlanOf(number)}` });
      }),
      ip_range: numbers.flatMap((number) => {
        const { cidr, ranges: ends } = subnetOf(number);
        return ends.slice(0, ranges).map(([start_ip, end_ip], at) => {
          const type = at === 0 ? "dynamic" : "reserved";
          return object(`${start_ip}-${end_ip} in ${cidr}`, { subnet: cidr, type, start_ip, end_ip });
        });
      }),
      rack_controller: [{ ...object("rack1", {}), origin: "look_up" }],
      vlan_dhcp: dhcp
        ? vids.map((vid) => object(`bench:${vid}`, { vlan: `bench:${vid}`, primary_rack_controller: "rack1" }))
        : [],
    },
    suppressions: [],
  };
}

function crowded(ranges: number): NetworkDocument {
  const cidr = "2001:db8::/64";
  const { objects } = estate({ subnets: 0, ranges: 1, dhcp: false });
  const rangesOf = Array.from({ length: ranges }, (_, number) => {
    const [start_ip, end_ip] = [
      `2001:db8:0:0:1:${number.toString(16)}::`,
      `2001:db8:0:0:1:${number.toString(16)}:0:fff`,
    ];
    return object(`${start_ip}-${end_ip} in ${cidr}`, { subnet: cidr, type: "reserved", start_ip, end_ip });
  });
  const vlan = object("bench:1", { fabric: "bench", vid: 1 });
  return {
    objects: { ...objects, vlan: [vlan], subnet: [object(cidr, { cidr, vlan: vlan.key })], ip_range: rangesOf },
    suppressions: [],
  };
}

interface Cost {
  readonly gets: number;
  readonly writes: number;
  readonly ms: number;
}

async function costOf<T>(simulator: MaasSimulator, work: () => Promise<T>): Promise<readonly [T, Cost]> {
  simulator.requests.clear();
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  const gets = simulator.requests.count("GET");
  return [result, { gets, writes: simulator.requests.count() - gets, ms }];
}

interface Measured {
  readonly objects: number;
  readonly plan: Cost;
  readonly apply: Cost;
  readonly again: Cost;
  readonly verify: Cost;
  readonly destroy: Cost;
}

async function measure(subnets: number): Promise<Measured> {
  const simulator = await MaasSimulator.start({ seed: { racks: [{ hostname: "rack1" }] } });
  const { url } = simulator;
  const client = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(simulator.apiKey) });
  const document = readDocument(documentText(estate({ subnets, ranges: 1, dhcp: false })));
  const planned = async (goal: "apply" | "destroy"): Promise<readonly [Region, Prepared]> => {
    const region = openRegion(client);
    return [region, await prepare(region, { goal, document }, { url, maxDeletions: Infinity })];
  };
  const run = async ([region, prepared]: readonly [Region, Prepared]): Promise<void> => {
    const { failed, notTried } = await converge(region, prepared, { concurrency: 4 });
    for (const { step, error } of failed)
      throw new Error(`${step.action} ${step.kind} ${step.key} failed`, { cause: error });
    if (notTried.length > 0) throw new Error(`${notTried.length} steps were not tried`);
  };
  const [first, plan] = await costOf(simulator, () => planned("apply"));
  const [, apply] = await costOf(simulator, () => run(first));
  const [[, { plan: empty }], again] = await costOf(simulator, () => planned("apply"));
  if (empty.steps.length > 0) throw new Error("the second plan is not empty");
  const [, verified] = await costOf(simulator, () => verify(client, document, { url, timeout: 0, interval: 0 }));
  const [, destroy] = await costOf(simulator, async () => run(await planned("destroy")));
  await client.close();
  await simulator.stop();
  return { objects: first[1].plan.steps.length, plan, apply, again, verify: verified, destroy };
}

const row = (cells: readonly (string | number)[]): void =>
  void process.stdout.write(`${cells.map((cell) => String(cell).padStart(10)).join("")}\n`);

async function calls(): Promise<void> {
  process.stdout.write("API calls, and time per object next to the smallest network\n");
  const head = ["plan", "apply", "2nd plan", "verify", "destroy"];
  row(["subnets", "objects", ...head.flatMap((name) => [name, "ratio"])]);
  let base: readonly number[] | undefined;
  for (const size of SIZES) {
    const { objects, ...costs } = await measure(size);
    const all = [costs.plan, costs.apply, costs.again, costs.verify, costs.destroy];
    const each = all.map(({ ms }) => ms / objects);
    base ??= each;
    const ratios = each.map((ms, at) => (ms / (base?.[at] ?? NaN)).toFixed(2));
    row([size, objects, ...all.flatMap(({ gets, writes }, at) => [`${gets}+${writes}`, ratios[at] ?? ""])]);
    row(["", "ms", ...all.flatMap(({ ms }) => [ms.toFixed(0), ""])]);
  }
}

/** The desired objects, as a region would have them. */
const asLive = (desired: readonly DesiredObject[]): LiveState =>
  new LiveState(desired.map(({ kind, key, attributes }, at) => ({ kind, key, id: String(at), attributes })));

/** Milliseconds of CPU of each part of planning without the region, each the best of several runs. */
function pure(document: NetworkDocument): readonly number[] {
  const timed = <T>(work: () => T): readonly [T, number] => {
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    return [result, (user + system) / 1000];
  };
  const once = (): readonly number[] => {
    const [desired, wanting] = timed(() => desiredObjects(document));
    const empty = new LiveState([]);
    const live = asLive(desired);
    const [created, creating] = timed(() => diff({ desired, live: empty, recorded: [] }));
    const [, orderingCreation] = timed(() => ordered(created.changes, desired, empty));
    const [, comparing] = timed(() => diff({ desired, live, recorded: desired }));
    const [removed, removing] = timed(() => diff({ desired: [], live, recorded: desired }));
    const [, orderingRemoval] = timed(() => ordered(removed.changes, [], live));
    return [wanting, creating, orderingCreation, comparing, removing, orderingRemoval];
  };
  const runs = Array.from({ length: PURE_RUNS }, once);
  return (runs[0] ?? []).map((_, part) => Math.min(...runs.map((times) => times[part] ?? NaN)));
}

function growth(title: string, documentOf: (size: number) => NetworkDocument): void {
  process.stdout.write(`\n${title}\n`);
  row(["size", "desired", "diff new", "order", "diff same", "diff gone", "order"]);
  // The smallest one would else pay for what Node compiles.
  pure(documentOf(PURE_SIZES[0] ?? 0));
  const rows = PURE_SIZES.map((size) => {
    const times = pure(documentOf(size));
    row([size, ...times.map((ms) => ms.toFixed(0))]);
    return times;
  });
  const [first = [], last = []] = [rows[0], rows.at(-1)];
  const factor = (PURE_SIZES.at(-1) ?? NaN) / (PURE_SIZES[0] ?? NaN);
  row([`${factor} x`, ...last.map((ms, at) => `${(ms / (first[at] ?? NaN)).toFixed(1)} x`)]);
}

async function main(): Promise<void> {
  if (!process.argv.includes("--pure")) await calls();
  growth("The pure part in ms of CPU: subnets with two ranges each, DHCP on each VLAN of 4 subnets", (subnets) =>
    estate({ subnets, ranges: 2, dhcp: true }),
  );
  growth("All subnets on one VLAN with DHCP", (subnets) =>
    estate({ subnets, ranges: 2, dhcp: true, subnetsPerVlan: subnets }),
  );
  growth("All ranges in one subnet", crowded);
}

void main();
