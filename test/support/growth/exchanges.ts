import type { KindName } from "../../../lib/model/field";
import { KINDS } from "../../../lib/model/kinds";
import { attributeEntries, type Attributes } from "../../../lib/model/known";
import { checkExchange, checkTakeover } from "../../../src/reconcile/checks/exchange";
import { openRegion, strategyOf } from "../../../src/reconcile/kinds";
import { fieldExchange } from "../../../src/reconcile/ops/exchanges";
import { PlannedChanges } from "../../../src/reconcile/planned/planned-changes";
import { asPlanned } from "../../../src/reconcile/region-checks";
import { RegionObjects } from "../../../src/reconcile/region-objects";
import type { Region } from "../../../src/reconcile/region/region";
import type { Part } from "./part";

/** Objects of a kind that each get the natural key of the next one, the last that of the first. */
interface Ring {
  readonly kind: KindName;
  readonly of: (n: number) => Attributes;
}

const RINGS: readonly Ring[] = [
  { kind: "fabric", of: (n) => ({ name: `f${n}` }) },
  { kind: "vlan", of: (n) => ({ fabric: `${n >> 12}`, vid: (n & 4095) + 1 }) },
  { kind: "static_route", of: (n) => ({ source: "1", destination: "2", gateway_ip: `10.${n >> 8}.0.${n & 255}` }) },
];

/** The orders in which Terraform may plan the objects of a ring. */
const ORDERS: Readonly<Record<string, (size: number) => readonly number[]>> = {
  "one after the other": (size) => Array.from({ length: size }, (_, n) => n),
  "from the last on": (size) => Array.from({ length: size }, (_, n) => size - 1 - n),
  "in no order": (size) =>
    Array.from({ length: size }, (_, n) => n).sort((a, b) => ((a * 7919) % size) - ((b * 7919) % size) || a - b),
};

/** A region of which nothing is asked but what is free: a subnet, and no VLANs or routes. */
function regionOf(): Region {
  const answers: Readonly<Record<string, unknown>> = {
    "subnets/1/": { id: 1, cidr: "172.16.0.0/12", name: "s", vlan: { id: 1 } },
    "subnets/2/": { id: 2, cidr: "10.0.0.0/8", name: "d", vlan: { id: 1 } },
    "static-routes/": [],
  };
  const client = {
    get: (path: string) => Promise.resolve(answers[path] ?? (path.startsWith("fabrics/") ? { id: 0, vlans: [] } : [])),
  } as unknown as Region["client"];
  return openRegion(client);
}

/** Plans all objects of a ring, as far as that is about their keys. */
async function planRing({ kind: name, of }: Ring, order: readonly number[]): Promise<void> {
  const region = regionOf();
  const { run: planned, around } = new RegionObjects(region);
  const kind = KINDS[name];
  for (const n of order) {
    const [prior, after] = [n, (n + 1) % order.length].map((at) => ({ ...of(at), id: `${n + 1}` }));
    if (prior === undefined || after === undefined) continue;
    const changed = attributeEntries(after).flatMap(([name, value]) => (prior[name] === value ? [] : [name]));
    PlannedChanges.of(region).add(kind, prior, { attributes: after, changed, requiresReplace: [] });
    const own = asPlanned(kind, prior, after);
    const checked = { ...{ region, kind, prior, own, planned, around }, moment: "plan" } as const;
    const { exchange = fieldExchange(kind) } = strategyOf(name);
    const found = [...(await checkExchange(checked, exchange)), ...(await checkTakeover(checked))];
    if (found.length > 0) throw new Error("there is a key that is free");
  }
}

/** Rings of each kind of key, planned in each order. */
export const exchangeParts = (size: number): Readonly<Record<string, Part>> =>
  Object.fromEntries(
    RINGS.flatMap((ring) =>
      Object.entries(ORDERS).map(([title, orderOf]) => [
        `${ring.kind}s, ${title}`,
        (): Promise<void> => planRing(ring, orderOf(size)),
      ]),
    ),
  );
