import { badRequest } from "../errors";
import type { Region } from "../region";
import type { NodeRow } from "../store/rows";
import { deleteInterface } from "./interface";
import { isRack, vlanLabel } from "./vlan";

/**
 * Deletes a rack controller. Where it is a VLAN's primary, the secondary or another rack on that VLAN takes over.
 * @throws MaasError when no other rack can, unless forced
 */
export function deleteNode(region: Region, node: NodeRow, force: boolean): void {
  const { store, version } = region;
  const stuck: string[] = [];
  for (const vlan of store.vlans.all().filter((row) => row.primaryRackId === node.id)) {
    const others = store.interfaces
      .by("vlan", vlan.id)
      .map((nic) => store.nodes.get(nic.nodeId))
      .filter((other) => other !== undefined && isRack(other) && other !== node);
    const successor = vlan.secondaryRackId ?? others[0]?.id ?? null;
    if (successor === null && vlan.dhcpOn && !force) stuck.push(vlanLabel(store, version.features, vlan));
    store.vlans.update(vlan, {
      primaryRackId: successor,
      secondaryRackId: null,
      dhcpOn: vlan.dhcpOn && successor !== null,
    });
  }
  if (stuck.length > 0) {
    throw badRequest(
      `Unable to delete '${node.hostname}'; it is currently set as a primary rack controller on VLANs ${stuck.join(", ")} and no other rack controller can provide DHCP.`,
    );
  }
  for (const vlan of store.vlans.all().filter((row) => row.secondaryRackId === node.id)) {
    store.vlans.update(vlan, { secondaryRackId: null });
  }
  for (const nic of store.interfaces.by("node", node.id)) deleteInterface(store, nic);
  store.nodes.delete(node);
}
