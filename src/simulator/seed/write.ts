import { seededColumns } from "../model/columns";
import type { Store, TableName } from "../model/store";
import type { Row } from "../model/table";
import { RESOURCES } from "../resources";
import type { InterfaceRow } from "../resources/interface/interface";
import { linksOf, parentsOf } from "../resources/interface/rows";
import { linkMode } from "../resources/ip-address/addresses";
import { isRack, NodeType } from "../resources/node/kinds";
import { type NodeRow, READY } from "../resources/node/node";
import { givenSettings } from "../resources/settings";
import { SECTIONS, type Seed, type SeedLink, type Values } from "./notation";

/**
 * The region as it is, in the notation of seeds: a seed of it makes the same region again. What has MAAS's default is left
 * out; so are sections without an object, DHCP snippets, and what a seed cannot say (which DNS domain is the default one, single addresses, tags, pools, zones).
 */
export function documentOf(store: Store): Seed {
  const nodes = (isMeant: (node: NodeRow) => boolean) =>
    store.nodes
      .all()
      .filter(isMeant)
      .map((node) => ({ ...given(store, "nodes", asGiven(node)), interfaces: interfacesOf(store, node) }));
  const objects = SECTIONS.map(
    (name) =>
      [
        name,
        store
          .table(name)
          .all()
          .map((row) => given(store, name, row)),
      ] as const,
  );
  const sections = {
    ...Object.fromEntries(objects),
    racks: nodes(isRack),
    machines: nodes(({ node_type }) => node_type === NodeType.MACHINE),
    devices: nodes(({ node_type }) => node_type === NodeType.DEVICE),
    settings: givenSettings(store),
  };
  return Object.fromEntries(Object.entries(sections).filter(([, section]) => Object.keys(section).length > 0));
}

/** Racks and devices are in a state of their own, which no seed gives. */
const asGiven = (node: NodeRow): NodeRow => (node.node_type === NodeType.MACHINE ? node : { ...node, status: READY });

/** The columns that a seed gives and that have not their default; references by natural key. */
function given(store: Store, name: TableName, row: Row): Values {
  const columns = seededColumns(RESOURCES[name].columns).flatMap(([key, { references, default: initial }]) => {
    const value = (row as Row & Values)[key];
    if (value === null || JSON.stringify(value) === JSON.stringify(initial)) return [];
    if (references === undefined) return [[key, value] as const];
    const table = store.table(references);
    const keyOf = (id: number) => table.resource.key?.of(table.need(id), store);
    return [[key, Array.isArray(value) ? (value as number[]).map(keyOf) : keyOf(value as number)] as const];
  });
  return Object.fromEntries(columns);
}

/** Each after those that it is made over. */
function interfacesOf(store: Store, node: NodeRow): Values[] {
  const depth = (nic: InterfaceRow): number =>
    parentsOf(store, nic).reduce((deepest, parent) => Math.max(deepest, depth(parent) + 1), 0);
  const nics = store.interfaces.by("node", node.id).sort((a, b) => depth(a) - depth(b));
  return nics.map((nic) => {
    const links = isRack(node) ? [] : configuredLinks(store, nic);
    // A rack that reports would make a fabric for it.
    const noVlan = nic.vlan === null && !isRack(node) ? { vlan: null } : {};
    return {
      ...given(store, "interfaces", nic),
      ...noVlan,
      ...layerOf(store, nic),
      ...(links.length > 0 && { links }),
    };
  });
}

function layerOf(store: Store, nic: InterfaceRow): Values {
  return {
    ...(nic.type === "physical" ? {} : { type: nic.type, parents: parentsOf(store, nic).map(({ name }) => name) }),
    ...(Object.keys(nic.params).length === 0 ? {} : { params: nic.params }),
  };
}

/** MAAS makes `link_up` links itself. */
function configuredLinks(store: Store, nic: InterfaceRow): SeedLink[] {
  return linksOf(store, nic)
    .filter((link) => linkMode(link) !== "link_up")
    .map((link) => {
      const subnet = store.subnets.get(link.subnet)?.cidr;
      return {
        mode: linkMode(link),
        ...(subnet !== undefined && { subnet }),
        ...(link.ip !== null && { ip_address: link.ip }),
      };
    });
}
