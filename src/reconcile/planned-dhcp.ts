import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../lib/model/known";
import { NetworkBuilder } from "../../lib/model/network/builder";
import { textOf } from "../../lib/model/text";
import type { Problem } from "../../lib/model/problem";
import type { ObjectJson } from "../maas/codec";
import { addInterfaces } from "./live-network";
import { checkRelay } from "./ops/relay";
import { OWN } from "./planned-network";
import { checkReach } from "./rack-reach";
import { tryResolve } from "./references";
import type { Checked } from "./region-checks";
import type { Region } from "./region";
import { problemOn, findingsAt, rulesOf } from "./rule-findings";

const DHCP_RULES = rulesOf("MAAS6-DHC-04");

async function idOf(
  region: Region,
  kind: "vlan" | "rack_controller",
  value: Value | undefined,
): Promise<Known<string>> {
  return typeof value === "string" ? ((await tryResolve(region, kind, value)) ?? UNKNOWN) : UNKNOWN;
}

async function addDhcp(network: NetworkBuilder, region: Region, planned: Attributes): Promise<void> {
  const vlan = await idOf(region, "vlan", planned.vlan);
  const rackOf = async (value: Value | undefined): Promise<Known<string | null>> => {
    if (value === null || value === undefined) return null;
    const id = await idOf(region, "rack_controller", value);
    const live = isKnown(id) ? await region.snapshot.read("rackcontrollers", id) : undefined;
    if (live !== undefined && !network.has("rack_controller", textOf(live.system_id))) addRack(network, live);
    return id;
  };
  const [primary, secondary] = await Promise.all([
    rackOf(planned.primary_rack_controller),
    rackOf(planned.secondary_rack_controller),
  ]);
  const live = isKnown(vlan) ? await region.snapshot.read("vlans", vlan) : undefined;
  if (live !== undefined && isKnown(vlan)) {
    network.add("vlan", {
      key: vlan,
      at: { path: `VLAN ${vlan}` },
      fabric: UNKNOWN,
      vid: Number(live.vid),
    });
  }
  const relayTo = planned.relay_vlan === null ? null : UNKNOWN;
  network.add("vlan_dhcp", {
    key: OWN,
    at: { path: "this DHCP" },
    vlan,
    on: relayTo === null,
    primary,
    secondary,
    relayTo,
  });
}

function addRack(network: NetworkBuilder, rack: ObjectJson): void {
  const hostname = textOf(rack.hostname);
  const at = { path: `rack controller ${hostname}` };
  network.add("rack_controller", { key: textOf(rack.system_id), at, hostname, regionUrl: UNKNOWN });
  addInterfaces(network, "rack_interface", rack);
}

/** What the rules say of DHCP in view of the racks that are to serve it. */
export async function checkDhcp(checked: Checked, planned: Attributes): Promise<Problem[]> {
  const { region, kind, own, moment, planned: run } = checked;
  if (!own.isChanged) return [];
  // An interface may move to the very VLAN in the same run, so that only apply can tell.
  if (moment === "plan") return [...(await checkRelay(region, run, planned)), ...(await checkReach(checked, planned))];
  const network = new NetworkBuilder();
  await addDhcp(network, region, planned);
  return findingsAt("this DHCP", network.build(), DHCP_RULES).map((finding) => problemOn(kind, finding));
}
