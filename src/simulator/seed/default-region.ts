import { newStore, type Store } from "../model/store";
import { defaultDomainId } from "../resources/dns/names";
import { createFabric, regionVlan } from "../resources/fabric";
import type { InterfaceRow } from "../resources/interface/interface";
import { defaultVlan } from "../resources/names";
import { NodeType } from "../resources/node/kinds";
import { newSystemId } from "../resources/node/names";
import { type NodeRow, READY } from "../resources/node/node";
import type { MaasVersion } from "../versions";

export const ADMIN = "admin";
export const PLAIN_USER = "user";

/** The region before anything was modelled: two users, the default fabric and domain, and the region controller. */
export function emptyRegion(): Store {
  const store = newStore();
  store.users.insert({ username: ADMIN, email: "admin@example.com", is_superuser: true });
  store.users.insert({ username: PLAIN_USER, email: "user@example.com", is_superuser: false });
  store.zones.insert({ name: "default" });
  store.resource_pools.insert({ name: "default", description: "Default pool" });
  store.domains.insert({ name: "maas" });
  createFabric(store);
  addNode(store, { hostname: "vm", node_type: NodeType.REGION_CONTROLLER });
  return store;
}

/** System ids of the default seed's nodes, so that runs can be compared. */
const SYSTEM_IDS = { newer: ["g8ghqf", "cdehb8", "8dh3yt"], older: ["bnn8r8", "6me8wh", "c3dsgx"] } as const;

/** Two racks, each with a NIC on fabric-0 and one on fabric-1, and a Ready machine on fabric-0. */
export function defaultRegion(version: MaasVersion): Store {
  const store = emptyRegion();
  const first = regionVlan(store).id;
  const second = defaultVlan(store, createFabric(store).id).id;
  const [rack1, rack2, machine1] = SYSTEM_IDS[version.features.newerSettings ? "newer" : "older"];
  for (const [hostname, systemId] of [
    ["rack1", rack1],
    ["rack2", rack2],
  ] as const) {
    const rack = addNode(store, { hostname, node_type: NodeType.RACK_CONTROLLER }, systemId);
    addInterface(store, rack, { name: "eth0", vlan: first });
    addInterface(store, rack, { name: "eth1", vlan: second });
  }
  const machine = addNode(store, { hostname: "machine1", node_type: NodeType.MACHINE }, machine1);
  addInterface(store, machine, { name: "eth0", vlan: first });
  return store;
}

const DEPLOYED = 6;
const FIRST_COMMISSIONING_RESULT = 6;

type NewNode = Pick<NodeRow, "hostname" | "node_type"> &
  Partial<Pick<NodeRow, "is_dynamic" | "description" | "owner" | "status">>;

/** A node of the kind; its system id is random when left out. */
export function addNode(store: Store, values: NewNode, systemId?: string): NodeRow {
  const isMachine = values.node_type === NodeType.MACHINE;
  return store.nodes.insert({
    ...values,
    system_id: systemId ?? newSystemId(store),
    domain: defaultDomainId(store),
    status: isMachine ? (values.status ?? READY) : DEPLOYED,
    architecture: values.node_type === NodeType.REGION_CONTROLLER ? null : "amd64/generic",
    commissioning_result: isMachine ? null : FIRST_COMMISSIONING_RESULT + store.nodes.size,
  });
}

type NewInterface = Pick<InterfaceRow, "name" | "vlan"> & Partial<InterfaceRow>;

/** A physical interface of the node; its MAC address is made from its id when left out. */
export function addInterface(store: Store, node: NodeRow, values: NewInterface): InterfaceRow {
  const nic = store.interfaces.insert({ ...values, node: node.id, type: "physical" });
  const madeUp = nic.id.toString(16).padStart(4, "0");
  const mac = values.mac_address ?? `52:54:00:00:${madeUp.slice(0, 2)}:${madeUp.slice(2)}`;
  store.interfaces.update(nic, { mac_address: mac });
  if (node.node_type === NodeType.MACHINE && node.boot_interface === null) {
    store.nodes.update(node, { boot_interface: nic.id });
  }
  return nic;
}
