import type { Json, View } from "../../model/view";

/**
 * A node within a DHCP snippet: MAAS shows the columns of its row there, without its id and without its system id. Its
 * hostname is what tells it apart.
 */
export function embeddedNode(id: number | null, view: View): Json | null {
  const { store } = view.region;
  const node = store.nodes.get(id);
  if (node === undefined) return null;
  const { hostname, description, node_type, status, architecture } = node;
  return {
    hostname,
    description,
    node_type,
    status,
    architecture,
    domain: view.showId(store.domains, node.domain),
    zone: view.showId(store.zones, node.zone),
    pool: view.showId(store.resource_pools, node.pool),
    owner: view.showId(store.users, node.owner),
    parent: null,
    address_ttl: null,
    boot_interface: view.showId(store.interfaces, node.boot_interface),
    locked: false,
    osystem: "",
    distro_series: "",
    power_state: "unknown",
    swap_size: null,
  };
}
