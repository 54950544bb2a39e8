import { childrenOf, effectiveMtu, linksOf } from "../models/interface";
import { linkMode } from "../models/ip-address";
import { AllocType, type InterfaceRow, type IpAddressRow } from "../store/rows";
import { API_PATH, type Json, type View } from "./view";

/** An interface of a node. */
export function showInterface(view: View, nic: InterfaceRow): Json {
  const { store } = view.region;
  const systemId = store.nodes.get(nic.nodeId)?.systemId ?? null;
  const parents = nic.parentIds.map((id) => store.interfaces.need(id).name);
  return {
    system_id: systemId,
    id: nic.id,
    name: nic.name,
    type: nic.type,
    vlan: nic.vlanId === null ? null : view.vlan(store.vlans.need(nic.vlanId)),
    mac_address: nic.macAddress,
    parents: parents.sort(),
    children: childrenOf(store, nic)
      .map((child) => child.name)
      .sort(),
    tags: nic.tags,
    enabled: nic.enabled,
    links: linksOf(store, nic).map((link) => showLink(view, link)),
    params: nic.params,
    discovered: showDiscovered(view, nic),
    effective_mtu: effectiveMtu(store, nic),
    vendor: null,
    product: null,
    firmware_version: null,
    link_connected: nic.linkConnected,
    interface_speed: nic.interfaceSpeed,
    link_speed: nic.linkSpeed,
    numa_node: nic.nodeId === null ? null : 0,
    sriov_max_vf: 0,
    resource_uri: `${API_PATH}nodes/${systemId ?? "system_id"}/interfaces/${nic.id}/`,
  };
}

function showLink(view: View, link: IpAddressRow): Json {
  const subnet = view.region.store.subnets.get(link.subnetId);
  return {
    id: link.id,
    mode: linkMode(link),
    ...(link.ip === null ? {} : { ip_address: link.ip }),
    ...(subnet === undefined ? {} : { subnet: view.subnet(subnet) }),
  };
}

function showDiscovered(view: View, nic: InterfaceRow): Json[] | null {
  const { store } = view.region;
  const discovered = store.addresses.by("interface", nic.id).filter((row) => row.allocType === AllocType.DISCOVERED);
  if (discovered.length === 0) return null;
  return discovered
    .filter((row) => row.ip !== null)
    .map((row) => ({ subnet: view.subnet(store.subnets.need(row.subnetId ?? 0)), ip_address: row.ip }));
}
