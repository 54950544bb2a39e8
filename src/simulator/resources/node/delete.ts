import type { Store } from "../../model/store";
import { removeSnippet } from "../dhcp/snippets";
import { deleteInterface } from "../interface/rows";
import type { NodeRow } from "./node";

/** Deletes the node with its interfaces, its devices and its DHCP snippets. */
export function deleteNode(store: Store, node: NodeRow): void {
  for (const vlan of store.vlans.all().filter((row) => row.primary_rack === node.id)) {
    store.vlans.update(vlan, { primary_rack: null });
  }
  for (const child of store.nodes.all().filter((row) => row.parent === node.id)) deleteNode(store, child);
  for (const snippet of store.dhcp_snippets.by("node", node.id)) removeSnippet(store, snippet);
  for (const nic of store.interfaces.by("node", node.id)) deleteInterface(store, nic);
  store.nodes.delete(node);
}
