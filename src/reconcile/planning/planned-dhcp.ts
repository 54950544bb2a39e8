import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../../lib/model/known";
import type { Network } from "../../../lib/model/network";
import type { Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { tryResolve } from "../objects/references";
import { checkRelay } from "../ops/relay";
import { OWN } from "./planned-network";
import { checkReach } from "./rack-reach";
import type { Checked } from "./region-checks";
import { findingsAt, problemOn, rulesOf } from "./rule-findings";
import { liveRack } from "../region/live-network";
import type { Region } from "../region/region";

const DHCP_RULES = rulesOf("MAAS6-DHC-04");

async function idOf(
  region: Region,
  kind: "vlan" | "rack_controller",
  value: Value | undefined,
): Promise<Known<string>> {
  return typeof value === "string" ? ((await tryResolve(region, kind, value)) ?? UNKNOWN) : UNKNOWN;
}

/** DHCP with its VLAN and its racks, as a network. */
async function networkOf(region: Region, planned: Attributes): Promise<Network> {
  const { snapshot } = region;
  const vlan = await idOf(region, "vlan", planned.vlan);
  const rackOf = async (value: Value | undefined): Promise<Known<string | null>> =>
    value === null || value === undefined ? null : idOf(region, "rack_controller", value);
  const [primary, secondary] = await Promise.all([
    rackOf(planned.primary_rack_controller),
    rackOf(planned.secondary_rack_controller),
  ]);
  const ids = new Set([primary, secondary].flatMap((id) => (isKnown(id) && id !== null ? [id] : [])));
  const rows = await Promise.all([...ids].map((id) => snapshot.read("rackcontrollers", id)));
  const racks = rows.flatMap((row) =>
    row === undefined ? [] : [liveRack(row, `rack controller ${textOf(row.hostname)}`)],
  );
  const live = isKnown(vlan) ? await snapshot.read("vlans", vlan) : undefined;
  const relay_vlan = planned.relay_vlan === null ? null : UNKNOWN;
  const served = { vlan, primary_rack_controller: primary, secondary_rack_controller: secondary, relay_vlan };
  const made = (key: string, path: string, attributes: Attributes): DocumentObject => ({
    ...{ key, path, origin: "create" },
    attributes,
  });
  const objects: NetworkDocument["objects"] = {
    ...(live !== undefined && isKnown(vlan) && { vlan: [made(vlan, `VLAN ${vlan}`, {})] }),
    vlan_dhcp: [made(OWN, "this DHCP", { ...served, dhcp_on: relay_vlan === null })],
    rack_controller: racks.flatMap(({ rack_controller: rack }) => rack),
    rack_interface: racks.flatMap(({ rack_interface: nics }) => nics),
  };
  return documentNetwork({ objects, suppressions: [] });
}

/** What the rules say of DHCP in view of the racks that are to serve it. */
export async function checkDhcp(checked: Checked, planned: Attributes): Promise<Problem[]> {
  const { region, kind, own, moment, planned: run } = checked;
  if (!own.isChanged) return [];
  // An interface may move to the very VLAN in the same run, so that only apply can tell.
  if (moment === "plan") return [...(await checkRelay(region, run, planned)), ...(await checkReach(checked, planned))];
  return findingsAt("this DHCP", await networkOf(region, planned), DHCP_RULES).map((finding) =>
    problemOn(kind, finding),
  );
}
