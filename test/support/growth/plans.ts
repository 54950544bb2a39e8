import { IpAddress } from "../../../lib/model/address";
import type { DesiredObject, LiveState } from "../../../src/reconcile/engine/plan/read-live";
import {
  adopted,
  at,
  dhcp,
  fabric,
  link,
  liveObject,
  nic,
  range,
  regionOf,
  relay,
  space,
  subnet,
  vlan,
} from "../../reconcile/engine/support/objects";

/** A network as former runs have left it, and as it is to be. */
export interface PlanShape {
  readonly title: string;
  /** @param size objects, about. */
  readonly of: (size: number) => {
    readonly before: readonly DesiredObject[];
    readonly after: readonly DesiredObject[];
  };
}

/** The region of a plan: what former runs have left, with the racks and the machine that its objects name. */
export const regionBefore = (before: readonly DesiredObject[]): LiveState =>
  regionOf(before, [
    ...["rack1", "rack2"].map((hostname) => liveObject("rack_controller", hostname, hostname, { hostname })),
    liveObject("machine", "node1", "node1", { hostname: "node1" }),
  ]);

const listOf = <T>(size: number, of: (n: number) => T): T[] => Array.from({ length: Math.ceil(size) }, (_, n) => of(n));

const hex = (n: number): string => n.toString(16);

/** The network of a number: every other one is IPv6. */
const cidrOf = (n: number): string =>
  n % 2 === 0 ? `10.${(n >> 9) & 255}.${(n >> 1) & 255}.0/24` : `2001:db8:${hex(n)}::/64`;

/** A dynamic range of such a network; `half` 0 or 1. */
function poolOf(n: number, half: number): string {
  const net = cidrOf(n).replace(/(0\/24|:\/64)$/, "");
  return n % 2 === 0
    ? `${net}${100 + half * 50}-${net}${149 + half * 50}`
    : `${net}0:${half + 2}::-${net}0:${half + 2}::ffff`;
}

const BIG = "2001:db8::/64";

/** The first address that ranges take: those after it are as long as text, however many there are. */
const FIRST = IpAddress.parse("2001:db8:0:0:1:0:1000:0");

/** From one place to the next. */
const STRIDE = 0x10000;

/** Addresses of the one big subnet, both ends counted from its first. */
const ends = (start: number, end: number): string => `${FIRST.plus(start).toString()}-${FIRST.plus(end).toString()}`;

/** One of the places for ranges, 16 addresses long; `margin` of them left out at its start. */
const place = (n: number, margin = 0): string => ends(STRIDE * n + margin, STRIDE * n + 15);

const LAB = [fabric("lab"), vlan("lab:0"), vlan("lab:1"), vlan("lab:2")];
const CROWD = [...LAB, subnet(BIG, "lab:1")];

const named = (place: string, object: DesiredObject): DesiredObject => at(`lab/${place}`, object);

interface Estate {
  readonly perVlan: number;
  readonly half?: number;
  readonly fabricOf?: (n: number) => string;
}

/** Subnets with a dynamic range each, so many of them on a VLAN that serves DHCP. */
function estate(size: number, { perVlan, half = 0, fabricOf = (n) => `f${n}` }: Estate): DesiredObject[] {
  const vlans = listOf(size / 2 / perVlan, (n) => ({ n, key: `${fabricOf(n >> 12)}:${(n & 4095) + 1}` }));
  const vlanOf = (n: number): string => vlans[Math.floor(n / perVlan)]?.key ?? "";
  return [
    ...listOf((vlans.length + 1) / 4096, (n) => named(`fabric ${n}`, fabric(fabricOf(n)))),
    ...vlans.map(({ n, key }) => named(`vlan ${n}`, vlan(key))),
    ...listOf(size / 2, (n) => named(`subnet ${n}`, subnet(cidrOf(n), vlanOf(n)))),
    ...listOf(size / 2, (n) => named(`pool ${n} ${half}`, range(cidrOf(n), "dynamic", poolOf(n, half)))),
    ...vlans.map(({ n, key }) => named(`dhcp ${n}`, dhcp(key, "rack1"))),
  ];
}

/** Fabrics with a VLAN and a subnet each. */
const fabrics = (size: number, prefix: string): DesiredObject[] =>
  listOf(size / 4, (n) => [
    named(`fabric ${n}`, fabric(`${prefix}${n}`)),
    named(`default ${n}`, adopted(vlan(`${prefix}${n}:0`))),
    named(`vlan ${n}`, vlan(`${prefix}${n}:10`)),
    named(`subnet ${n}`, subnet(cidrOf(n), `${prefix}${n}:10`)),
  ])
    .flat()
    .sort((a, b) => KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind));

const KIND_ORDER: readonly string[] = ["space", "fabric", "vlan", "subnet"];

const spaces = (size: number, prefix: string): DesiredObject[] => [
  ...listOf(size / 2, (n) => named(`space ${n}`, space(`${prefix}${n}`))),
  ...listOf(size / 8192, (n) => fabric(`f${n}`)),
  ...listOf(size / 2, (n) => vlan(`f${n >> 12}:${(n & 4095) + 1}`, { space: `${prefix}${n}` })),
];

/** VLANs with a subnet each, as many in a fabric as there are VIDs of that parity. */
const vlans = (size: number, first: 1 | 2): DesiredObject[] => {
  const keyOf = (n: number): string => `f${Math.floor(n / 2040)}:${2 * (n % 2040) + first}`;
  return [
    ...listOf(size / 4080, (n) => fabric(`f${n}`)),
    ...listOf(size / 2, (n) => named(`vlan ${n}`, vlan(keyOf(n)))),
    ...listOf(size / 2, (n) => named(`subnet ${n}`, subnet(cidrOf(n), keyOf(n)))),
  ];
};

/** Ranges of one subnet, each with the addresses that are given for its number. */
const ranges = (size: number, endsOf: (n: number) => string): DesiredObject[] => [
  ...CROWD,
  ...listOf(size, (n) => named(`range ${n}`, range(BIG, "reserved", endsOf(n)))),
];

/** Links of one machine, with an interface each. */
const links = (size: number, attributes: (n: number) => Parameters<typeof link>[3]): DesiredObject[] => [
  ...LAB,
  ...listOf(size / 2, (n) => subnet(cidrOf(n), "lab:1")),
  ...listOf(size / 2, (n) => link("node1", `eth${n}`, cidrOf(n), attributes(n))),
];

/** Interfaces of two racks, an eighth of all objects, each on a VLAN of its own; and subnets on the first of them. */
const nics = (size: number, owner: string): DesiredObject[] => [
  ...[fabric("old"), vlan("old:0"), ...LAB],
  ...listOf(size / 2, (n) => named(`subnet ${n}`, subnet(cidrOf(n), `${owner}:1`))),
  ...listOf(size / 4, (n) => vlan(`lab:${n + 3}`)),
  ...listOf(size / 4, (n) => vlan(`old:${n + 1}`)),
  ...listOf(size / 4, (n) => nic(`rack${1 + (n % 2)}/eth${n}`, `${owner}:${owner === "old" ? n + 1 : n + 3}`)),
];

const relays = (size: number, targetOf: (n: number) => number | undefined): DesiredObject[] => [
  ...listOf(size / 8192 + 1, (n) => fabric(`f${n}`)),
  ...listOf(size / 2, (n) => vlan(vlanOf(n))),
  ...listOf(size / 2, (n) => {
    const target = targetOf(n);
    return target === undefined ? [] : [named(`dhcp ${n}`, relay(vlanOf(n), vlanOf(target)))];
  }).flat(),
];
const vlanOf = (n: number): string => `f${n >> 12}:${(n & 4095) + 1}`;

const unmanaged = (size: number): DesiredObject[] => [
  ...[...LAB, subnet(BIG, "lab:1", { managed: false })],
  ...listOf(size / 2, (n) => range(BIG, "reserved", place(n))),
  ...listOf(size / 2, (n) => range(BIG, "dynamic", place(n, 8))),
];

const beside = (size: number): DesiredObject[] => ranges(size, (n) => place(n));
const overlapping = (size: number): DesiredObject[] => ranges(size, (n) => ends(STRIDE * n, STRIDE * (n + size)));

const plan = (
  title: string,
  before: (size: number) => DesiredObject[],
  after: (size: number) => DesiredObject[],
): PlanShape => ({
  title,
  of: (size) => ({ before: before(size), after: after(size) }),
});
const none = (): DesiredObject[] => [];

/** What a network may become, in the shapes that hurt. */
export const PLAN_SHAPES: readonly PlanShape[] = [
  plan("all subnets on one VLAN, made", none, (size) => estate(size, { perVlan: size })),
  plan("all subnets on one VLAN, deleted", (size) => estate(size, { perVlan: size }), none),
  plan(
    "all dynamic ranges of one VLAN, replaced by others",
    (size) => estate(size, { perVlan: size }),
    (size) => estate(size, { perVlan: size, half: 1 }),
  ),
  plan(
    "all subnets on one VLAN, spread over others",
    (size) => estate(size, { perVlan: size }),
    (size) => estate(size, { perVlan: 1 }),
  ),
  plan(
    "all fabrics, renamed",
    (size) => fabrics(size, "f"),
    (size) => fabrics(size, "g"),
  ),
  plan(
    "all spaces, renamed",
    (size) => spaces(size, "s"),
    (size) => spaces(size, "t"),
  ),
  plan(
    "all VLANs, renumbered",
    (size) => vlans(size, 1),
    (size) => vlans(size, 2),
  ),
  plan("all ranges in one subnet, into the next one's place", beside, (size) => ranges(size, (n) => place(n + 1, 1))),
  plan("all ranges in one subnet, changing places in pairs", beside, (size) => ranges(size, (n) => place(n ^ 1, 1))),
  plan("all ranges in one subnet, changing places in a ring", beside, (size) =>
    ranges(size, (n) => place((n + 1) % size, 1)),
  ),
  plan("all ranges in one subnet, all overlapping, made", none, overlapping),
  plan("all ranges in one subnet, made to overlap all", beside, overlapping),
  plan("all ranges in one unmanaged subnet, made", none, unmanaged),
  plan(
    "all links of one machine, from DHCP to another subnet",
    (size) => links(size, () => ({ mode: "DHCP" })),
    (size) => links(size, () => ({ mode: "AUTO" })),
  ),
  plan(
    "all interfaces of two racks, and all subnets of one of their VLANs, moved to another fabric",
    (size) => nics(size, "old"),
    (size) => nics(size, "lab"),
  ),
  plan("all VLANs relayed to one, made", none, (size) => relays(size, (n) => (n === 0 ? undefined : 0))),
  plan(
    "all relays turned round in pairs",
    (size) => relays(size, (n) => (n % 2 === 0 ? n + 1 : undefined)),
    (size) => relays(size, (n) => (n % 2 === 1 ? n - 1 : undefined)),
  ),
];
