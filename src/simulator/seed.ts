import { NEW_INTERFACE } from "./forms/interface";
import { createFabric, regionVlan, defaultVlan } from "./models/fabric";
import { randomNumbers } from "./random";
import { type InterfaceRow, type NodeRow, NodeType } from "./store/rows";
import { Store } from "./store/store";
import type { MaasVersion } from "./versions";

export const ADMIN = "admin";
export const PLAIN_USER = "user";

/** The region before anything was modelled: two users, the default fabric and domain, and the region controller. */
export function emptyRegion(): Store {
  const store = new Store();
  store.users.insert({ username: ADMIN, email: "admin@example.com", isSuperuser: true });
  store.users.insert({ username: PLAIN_USER, email: "user@example.com", isSuperuser: false });
  store.domains.insert({ name: "maas", authoritative: true, ttl: null });
  createFabric(store, { name: null, description: "", classType: null });
  addNode(store, { hostname: "vm", nodeType: NodeType.REGION_CONTROLLER });
  return store;
}

/** System ids of the default seed's nodes, so that runs can be compared. */
const SYSTEM_IDS = { newer: ["g8ghqf", "cdehb8", "8dh3yt"], older: ["bnn8r8", "6me8wh", "c3dsgx"] } as const;

/** Two racks, each with a NIC on fabric-0 and one on fabric-1, and a Ready machine on fabric-0. */
export function defaultRegion(version: MaasVersion): Store {
  const store = emptyRegion();
  const first = regionVlan(store).id;
  const second = defaultVlan(store, createFabric(store, { name: null, description: "", classType: null }).id).id;
  const [rack1, rack2, machine1] = SYSTEM_IDS[version.features.newerSettings ? "newer" : "older"];
  for (const [hostname, systemId] of [
    ["rack1", rack1],
    ["rack2", rack2],
  ] as const) {
    const rack = addNode(store, { hostname, systemId, nodeType: NodeType.RACK_CONTROLLER });
    addInterface(store, rack, { name: "eth0", vlanId: first });
    addInterface(store, rack, { name: "eth1", vlanId: second });
  }
  const machine = addNode(store, { hostname: "machine1", systemId: machine1, nodeType: NodeType.MACHINE });
  addInterface(store, machine, { name: "eth0", vlanId: first });
  return store;
}

export interface NewNode {
  readonly hostname: string;
  readonly nodeType: number;
  /** Random when left out. */
  readonly systemId?: string | undefined;
  readonly isDynamic?: boolean;
}

const READY = 4;
const DEPLOYED = 6;
const FIRST_COMMISSIONING_RESULT = 6;

export function addNode(store: Store, { hostname, nodeType, systemId, isDynamic = false }: NewNode): NodeRow {
  const isMachine = nodeType === NodeType.MACHINE;
  return store.nodes.insert({
    systemId: systemId ?? newSystemId(store),
    hostname,
    nodeType,
    status: isMachine ? READY : DEPLOYED,
    domainId: 0,
    architecture: nodeType === NodeType.REGION_CONTROLLER ? null : "amd64/generic",
    description: "",
    bootInterfaceId: null,
    gatewayLinkIpv4Id: null,
    gatewayLinkIpv6Id: null,
    commissioningResultId: isMachine ? null : FIRST_COMMISSIONING_RESULT + store.nodes.size,
    services: {},
    isDynamic,
  });
}

export interface NewInterface {
  readonly name: string;
  readonly vlanId: number | null;
  /** Made from the interface's id when left out. */
  readonly macAddress?: string | undefined;
  readonly hostAddresses?: readonly string[];
  readonly hostGateways?: readonly string[];
}

export function addInterface(store: Store, node: NodeRow, values: NewInterface): InterfaceRow {
  const nic = store.interfaces.insert({
    ...NEW_INTERFACE,
    nodeId: node.id,
    type: "physical",
    name: values.name,
    vlanId: values.vlanId,
    hostAddresses: [...(values.hostAddresses ?? [])],
    hostGateways: [...(values.hostGateways ?? [])],
  } as Omit<InterfaceRow, "id">);
  const madeUp = nic.id.toString(16).padStart(4, "0");
  const macAddress = values.macAddress ?? `52:54:00:00:${madeUp.slice(0, 2)}:${madeUp.slice(2)}`;
  store.interfaces.update(nic, { macAddress });
  if (node.nodeType === NodeType.MACHINE && node.bootInterfaceId === null) {
    store.nodes.update(node, { bootInterfaceId: nic.id });
  }
  return nic;
}

const ID_LETTERS = "34678abcdefghkmnpqrstwxy";

/** Looks random as MAAS's ids do, and is the same whenever the same seed is loaded. */
function newSystemId(store: Store): string {
  const random = randomNumbers(store.nodes.size + 1);
  const letter = () => ID_LETTERS[Math.floor(random() * ID_LETTERS.length)];
  for (;;) {
    const systemId = Array.from({ length: 6 }, letter).join("");
    if (!store.nodes.hasBy("systemId", systemId)) return systemId;
  }
}
