import { badRequest } from "../../model/errors";
import type { Region } from "../../model/region";
import type { Store } from "../../model/store";
import { deleteInterface } from "../interface/links";
import { vlanLabel } from "../labels";
import type { VlanRow } from "../vlan";
import { isRack, NodeType } from "./kinds";
import type { NodeRow } from "./node";

/**
 * Takes the rack controller out of service. A region that is a rack too stays a region; a rack that did not register
 * itself stays as a machine; another one is deleted.
 * @throws MaasError when a VLAN would be left without DHCP, unless forced
 */
export function deleteRack(region: Region, rack: NodeRow, force: boolean): void {
  const { store, version } = region;
  const stuck = store.vlans.all().filter((vlan) => vlan.dhcp_on && !handOver(store, vlan, rack));
  if (stuck.length > 0 && !force) {
    const vlans = stuck.map((vlan) => vlanLabel(store, version.features, vlan)).join(", ");
    throw badRequest(
      `Unable to delete '${rack.hostname}'; it is currently set as a primary rack controller on VLANs ${vlans} and no other rack controller can provide DHCP.`,
    );
  }
  for (const vlan of store.vlans.all().filter((row) => row.secondary_rack === rack.id)) {
    store.vlans.update(vlan, { secondary_rack: null });
  }
  if (rack.node_type === NodeType.REGION_AND_RACK) store.nodes.update(rack, { node_type: NodeType.REGION_CONTROLLER });
  else if (rack.is_dynamic) deleteNode(store, rack);
  else store.nodes.update(rack, { node_type: NodeType.MACHINE, services: {} });
}

/** Gives the rack's place on the VLAN to another rack that is connected to it. Whether the VLAN still has a primary. */
function handOver(store: Store, vlan: VlanRow, rack: NodeRow): boolean {
  const connected = store.interfaces
    .by("vlan", vlan.id)
    .map((nic) => store.nodes.get(nic.node))
    .filter((node) => node !== undefined)
    .filter((node) => isRack(node) && node !== rack);
  const besides = (other: number | null) => connected.find((node) => node.id !== other)?.id ?? null;
  const { primary_rack: primary, secondary_rack: secondary } = vlan;
  if (primary === rack.id && secondary !== null) {
    store.vlans.update(vlan, { primary_rack: secondary, secondary_rack: besides(secondary) });
  } else if (primary === rack.id) {
    const successor = besides(null);
    store.vlans.update(vlan, { primary_rack: successor, dhcp_on: successor !== null });
  } else if (secondary === rack.id) {
    store.vlans.update(vlan, { secondary_rack: besides(primary) });
  }
  return vlan.dhcp_on;
}

function deleteNode(store: Store, node: NodeRow): void {
  for (const vlan of store.vlans.all().filter((row) => row.primary_rack === node.id)) {
    store.vlans.update(vlan, { primary_rack: null });
  }
  for (const nic of store.interfaces.by("node", node.id)) deleteInterface(store, nic);
  store.nodes.delete(node);
}
