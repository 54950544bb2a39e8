import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { textOf } from "../../../lib/model/text";
import { decode, type ObjectJson } from "../../maas/codec";
import { tryResolve } from "../references/lookups";
import type { Region } from "../region/region";

/** What this run has taken away that the DHCP of VLANs needs. */
interface Taken {
  /** Subnets that have lost a dynamic range, by id or natural key. */
  readonly subnets: Set<string>;
  /** The VLANs that subnets have left, by the subnet's id. */
  readonly left: Map<string, string>;
  /** System ids of rack controllers, each with the VID that an interface of theirs has left. */
  readonly racks: Set<string>;
}

const takenOf = oncePer((_: Region): Taken => ({ subnets: new Set(), left: new Map(), racks: new Set() }));

/** What MAAS complains about in the DHCP that a VLAN has, in the names of its form. */
export const COMPLAINTS = ["dhcp_on", "primary_rack", "secondary_rack"] as const;
export type Complaint = (typeof COMPLAINTS)[number];

const onVid = (rack: unknown, vlan: ObjectJson): string => `${textOf(rack)} ${textOf(vlan.vid)}`;

/** Notes a dynamic range that is one no longer. References may be natural keys. */
export function noteRange(region: Region, before?: Attributes, after?: Attributes): void {
  const isOne = before?.type === "dynamic" && after?.type !== "dynamic";
  if (isOne && typeof before.subnet === "string") takenOf(region).subnets.add(before.subnet);
}

/** Notes a subnet that was moved to another VLAN. References are ids. */
export function noteSubnet(region: Region, before?: Attributes, after?: Attributes): void {
  if (typeof before?.vlan === "string" && typeof after?.id === "string" && before.vlan !== after.vlan)
    takenOf(region).left.set(after.id, before.vlan);
}

/** Notes an interface of a rack controller that was moved from the VLAN with that row. */
export function noteRackInterface(region: Region, rack: string, before: ObjectJson | null): void {
  if (before !== null) takenOf(region).racks.add(onVid(rack, before));
}

/** Whether this run has taken away all that the DHCP lacks. What it has noted is looked up only here: that is rarely needed. */
export async function isTaken(
  region: Region,
  vlan: ObjectJson,
  complaints: readonly Complaint[],
  isMoved: boolean,
): Promise<boolean> {
  const { racks } = takenOf(region);
  const isRackTaken = complaints
    .filter((name) => name !== "dhcp_on")
    .every((name) => isMoved || racks.has(onVid(vlan[name], vlan)));
  return isRackTaken && (!complaints.includes("dhcp_on") || (await hasLostRanges(region, textOf(vlan.id))));
}

async function hasLostRanges(region: Region, id: string): Promise<boolean> {
  const { subnets, left } = takenOf(region);
  for (const key of subnets) {
    const subnet = await tryResolve(region, "subnet", key, "before");
    if (subnet !== undefined && (left.get(subnet) ?? (await vlanOf(region, subnet))) === id) return true;
  }
  const moved = [...left].flatMap(([subnet, vlan]) => (vlan === id ? [subnet] : []));
  if (moved.length === 0) return false;
  const ranges = (await region.snapshot.list("ipranges")).map((row) => decode(KINDS.ip_range, row));
  return ranges.some(({ type, subnet }) => type === "dynamic" && moved.includes(textOf(subnet ?? "")));
}

/** The id of the VLAN that the subnet is on. */
export async function vlanOf({ snapshot }: Region, subnet: string): Promise<string | undefined> {
  const row = await snapshot.read("subnets", subnet);
  const { vlan } = row === undefined ? {} : decode(KINDS.subnet, row);
  return typeof vlan === "string" ? vlan : undefined;
}
