import { isEmpty } from "../../model/fields";
import type { Store } from "../../model/store";
import type { InterfaceRow } from "../interface/interface";
import { AllocType } from "../ip-address/addresses";
import type { IpAddressRow } from "../ip-address/ip-address";
import type { NodeRow } from "./node";

/** Bonds and bridges first, then the interface that the node booted from, then others. */
function rankOfType(node: NodeRow, { id, type }: InterfaceRow): number {
  if (type === "bond" || type === "bridge") return 1;
  if (type === "physical") return id === node.boot_interface ? 2 : 3;
  return type === "vlan" ? 4 : 6;
}

const ALLOC_ORDER: readonly number[] = [AllocType.STICKY, AllocType.USER_RESERVED, AllocType.AUTO];

/** The gateways of a node's links, best first: what MAAS takes for default gateways where none is set. */
function gatewaysByPriority(store: Store, node: NodeRow): { ip: string; family: 4 | 6 }[] {
  const candidates = store.interfaces.by("node", node.id).flatMap((nic) =>
    store.ip_addresses.by("interface", nic.id).flatMap(({ alloc_type, subnet: id }) => {
      const subnet = store.subnets.get(id);
      if (!subnet?.gateway_ip || !ALLOC_ORDER.includes(alloc_type)) return [];
      const isServed = store.vlans.need(subnet.vlan).dhcp_on;
      const order = [isServed ? 0 : 1, rankOfType(node, nic), ALLOC_ORDER.indexOf(alloc_type), nic.id];
      return [{ ip: subnet.gateway_ip, family: subnet.network.family, order }];
    }),
  );
  return candidates.sort((a, b) => compare(a.order, b.order));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** The default gateway of the family, as the API shows it: that of the link that was set, else the best there is. */
export function defaultGateway(store: Store, node: NodeRow, family: 4 | 6): Record<string, unknown> {
  const link: IpAddressRow | undefined = store.ip_addresses.get(
    family === 4 ? node.gateway_link_ipv4 : node.gateway_link_ipv6,
  );
  const set = store.subnets.get(link?.subnet)?.gateway_ip;
  const best = gatewaysByPriority(store, node).find((gateway) => gateway.family === family);
  return { gateway_ip: isEmpty(set) ? (best?.ip ?? null) : set, link_id: link?.id ?? null };
}
