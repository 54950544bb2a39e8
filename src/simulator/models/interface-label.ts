import type { InterfaceRow } from "../store/rows";
import type { Store } from "../store/store";

/** How MAAS names an interface in its messages: `eth0 (physical) on rack1`. */
export function interfaceLabel(store: Store, nic: InterfaceRow): string {
  return `${nic.name} (${nic.type}) on ${store.nodes.get(nic.nodeId)?.hostname ?? "<unknown-node>"}`;
}
