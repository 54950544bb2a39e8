import { badRequest } from "../errors";
import type { Region } from "../region";
import { type NodeRow, NodeType, type VlanRow } from "../store/rows";
import type { Store } from "../store/store";
import { deleteInterface } from "./interface";
import { isRack, vlanLabel } from "./vlan";

/**
 * Takes the rack controller out of service. A region that is a rack too stays a region; a rack that did not register
 * itself stays as a machine; another one is deleted.
 * @throws MaasError when a VLAN would be left without DHCP, unless forced
 */
export function deleteRack(region: Region, rack: NodeRow, force: boolean): void {
  const { store, version } = region;
  const stuck = store.vlans.all().filter((vlan) => vlan.dhcpOn && !handOver(store, vlan, rack));
  if (stuck.length > 0 && !force) {
    const vlans = stuck.map((vlan) => vlanLabel(store, version.features, vlan)).join(", ");
    throw badRequest(
      `Unable to delete '${rack.hostname}'; it is currently set as a primary rack controller on VLANs ${vlans} and no other rack controller can provide DHCP.`,
    );
  }
  for (const vlan of store.vlans.all().filter((row) => row.secondaryRackId === rack.id)) {
    store.vlans.update(vlan, { secondaryRackId: null });
  }
  if (rack.nodeType === NodeType.REGION_AND_RACK) store.nodes.update(rack, { nodeType: NodeType.REGION_CONTROLLER });
  else if (rack.isDynamic) deleteNode(store, rack);
  else store.nodes.update(rack, { nodeType: NodeType.MACHINE, services: {} });
}

/** Gives the rack's place on the VLAN to another rack that is connected to it. Whether the VLAN still has a primary. */
function handOver(store: Store, vlan: VlanRow, rack: NodeRow): boolean {
  const connected = store.interfaces
    .by("vlan", vlan.id)
    .map((nic) => store.nodes.get(nic.nodeId))
    .filter((node) => node !== undefined && isRack(node) && node !== rack);
  const besides = (other: number | null) => connected.find((node) => node?.id !== other)?.id ?? null;
  const { primaryRackId: primary, secondaryRackId: secondary } = vlan;
  if (primary === rack.id && secondary !== null) {
    store.vlans.update(vlan, { primaryRackId: secondary, secondaryRackId: besides(secondary) });
  } else if (primary === rack.id) {
    const successor = besides(null);
    store.vlans.update(vlan, { primaryRackId: successor, dhcpOn: successor !== null });
  } else if (secondary === rack.id) {
    store.vlans.update(vlan, { secondaryRackId: besides(primary) });
  }
  return vlan.dhcpOn;
}

function deleteNode(store: Store, node: NodeRow): void {
  for (const vlan of store.vlans.all().filter((row) => row.primaryRackId === node.id)) {
    store.vlans.update(vlan, { primaryRackId: null });
  }
  for (const nic of store.interfaces.by("node", node.id)) deleteInterface(store, nic);
  store.nodes.delete(node);
}
