import { ofKind } from "../../../lib/model/kinds";
import { parseKey } from "../../../lib/model/natural-key";
import { fault, type Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { RACKS, unreachable } from "../rack-reach";
import type { Region } from "../region";
import type { DesiredObject } from "./desired";
import type { LiveState } from "./live-state";
import type { Step } from "./order";
import { makes } from "./step-graph";

interface Sides {
  readonly steps: readonly Step[];
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

const vidOf = (vlan: unknown): number => Number(parseKey("vlan", textOf(vlan ?? ""))?.vid);

/** Racks that are to serve DHCP on VLANs where MAAS would refuse them, before and after the plan. */
export async function unreachedVlans(region: Region, { steps, desired, live }: Sides): Promise<Problem<string>[]> {
  const found: Problem<string>[] = [];
  const wanted = ofKind(desired, "rack_interface");
  const moved = new Map(wanted.map(({ key, attributes }) => [key, attributes.vlan]));
  for (const { path, desired: dhcp = {} } of ofKind(steps.filter(makes), "vlan_dhcp")) {
    const vid = vidOf(dhcp.vlan);
    for (const name of RACKS) {
      const rack = typeof dhcp[name] === "string" ? live.findNamed("rack_controller", dhcp[name]) : undefined;
      if (rack === undefined) continue;
      const own = live.ofKind("rack_interface").filter(({ attributes }) => attributes.rack_controller === rack.key);
      if (own.some(({ key, attributes }) => vidOf(moved.get(key) ?? attributes.vlan) === vid)) continue;
      const racks = await region.snapshot.list("rackcontrollers");
      const vlan = `VLAN ${textOf(dhcp.vlan ?? "")}`;
      const words = unreachable(racks, { hostname: rack.key, vlan, vid });
      found.push({ ...fault("MAAS-OPS-21", name, words), subject: { path } });
    }
  }
  return found;
}
