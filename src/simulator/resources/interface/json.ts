import type { Json, View } from "../../model/view";
import { AllocType, linkMode } from "../ip-address/addresses";
import type { IpAddressRow } from "../ip-address/ip-address";
import { NodeType } from "../node/kinds";
import type { InterfaceRow } from "./interface";
import { childrenOf, effectiveMtu, linksOf } from "./rows";

/** What the API shows of an interface beside its columns. */
export function interfaceMembers(nic: InterfaceRow, view: View): Json {
  const { store } = view.region;
  const node = store.nodes.get(nic.node);
  const hasNumaNode = nic.type === "physical" && node !== undefined && node.node_type !== NodeType.DEVICE;
  return {
    system_id: node?.system_id ?? null,
    children: childrenOf(store, nic)
      .map((child) => child.name)
      .sort(),
    links: linksOf(store, nic).map((link) => showLink(view, link)),
    discovered: showDiscovered(view, nic),
    effective_mtu: effectiveMtu(store, nic),
    vendor: null,
    product: null,
    firmware_version: null,
    numa_node: hasNumaNode ? 0 : null,
    sriov_max_vf: 0,
  };
}

/**
 * The reply to disconnecting: on no VLAN. A bond or a bridge over the interface has taken it back to its own VLAN by then,
 * which MAAS shows only once it reads the interface again.
 */
export function disconnected(view: View, nic: InterfaceRow): Json {
  const { store } = view.region;
  const effective_mtu = effectiveMtu(store, { ...nic, vlan: null });
  return { ...view.show(store.interfaces, nic), vlan: null, effective_mtu };
}

function showLink(view: View, link: IpAddressRow): Json {
  const subnet = view.showId(view.region.store.subnets, link.subnet);
  return {
    id: link.id,
    mode: linkMode(link),
    ...(link.ip === null ? {} : { ip_address: link.ip }),
    ...(subnet === null ? {} : { subnet }),
  };
}

function showDiscovered(view: View, nic: InterfaceRow): Json[] | null {
  const { ip_addresses, subnets } = view.region.store;
  const discovered = ip_addresses.by("interface", nic.id).filter((row) => row.alloc_type === AllocType.DISCOVERED);
  if (discovered.length === 0) return null;
  return discovered
    .filter((row) => row.ip !== null)
    .map((row) => ({ subnet: view.showId(subnets, row.subnet), ip_address: row.ip }));
}
