import { collection, item } from "../api/handler";
import { column, type RowOf } from "../model/columns";
import { badRequest } from "../model/errors";
import { text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import type { Store } from "../model/store";
import type { InterfaceRow } from "./interface/interface";
import {
  checkModelName,
  checkNameOf,
  defaultVlan,
  fabricName,
  idInName,
  interfaceLabel,
  refuseReservedName,
  uniqueName,
} from "./names";
import type { SubnetRow } from "./subnet/subnet";
import type { VlanRow } from "./vlan";

const columns = {
  name: column<string | null>({
    field: text({ maxLength: 256, empty: null }),
    default: null,
    blank: true,
    check: checkNameOf("fabric"),
    json: (row): string => fabricName(row as FabricRow),
  }),
  description: column<string>({ field: text(), default: "", blank: true, json: false }),
  class_type: column<string | null>({
    field: text({ maxLength: 256, empty: null }),
    default: null,
    blank: true,
    check: checkModelName,
  }),
};

export type FabricColumns = typeof columns;
export type FabricRow = RowOf<FabricColumns>;

/** A fabric; MAAS makes its untagged VLAN with it. */
export const fabrics: Resource<FabricRow> = defineResource({
  model: "Fabric",
  path: "fabrics",
  columns,
  firstId: 0,
  indexes: ["name"],
  specifiers: {
    byText: ({ fabrics }, item) => fabrics.by("name", item),
    prefixes: {
      name: ({ fabrics }, item) => fabrics.by("name", item),
      class: ({ fabrics }, item) => fabrics.all().filter((fabric) => fabric.class_type === item),
    },
  },
  key: {
    of: fabricName,
    find: ({ fabrics }, key) => fabrics.by("name", key)[0],
  },
  seed: {
    live(store, { name }) {
      const id = idInName(store.fabrics, name);
      return store.fabrics.by("name", String(name))[0] ?? (id === undefined ? undefined : createFabric(store, { id }));
    },
  },
  rules: {
    cleanModel(form) {
      refuseReservedName(form, "fabric");
    },
    unique: uniqueName,
    write: (form) => (form.live === undefined ? createFabric(form.region.store, form.draft) : form.writeTo(form.live)),
  },
  json: (fabric, view) => {
    const { vlans } = view.region.store;
    return { vlans: vlans.by("fabric", fabric.id).map((vlan) => view.show(vlans, vlan)) };
  },
  remove({ store }, fabric) {
    refuseFabricInUse(store, fabric);
    removeFabric(store, fabric);
  },
  endpoints: { "fabrics/": collection("fabrics"), "fabrics/{id}/": item("fabrics") },
});

/** The fabric that always exists. */
export const DEFAULT_FABRIC_ID = 0;

/** A new fabric with its untagged VLAN; without a name it is named after its id. */
export function createFabric(store: Store, values: Partial<FabricRow> = {}): FabricRow {
  const fabric = store.fabrics.insert(values);
  if (!fabric.name) store.fabrics.update(fabric, { name: `fabric-${fabric.id}` });
  store.vlans.insert({ name: "Default VLAN", vid: 0, fabric: fabric.id });
  return fabric;
}

/** The default VLAN of the default fabric. MAAS makes both anew when they went with the last interface on them. */
export function regionVlan(store: Store): VlanRow {
  if (store.fabrics.get(DEFAULT_FABRIC_ID) === undefined) createFabric(store, { id: DEFAULT_FABRIC_ID });
  return defaultVlan(store, DEFAULT_FABRIC_ID);
}

/** @throws MaasError for the default fabric, and while the fabric has subnets or interfaces. */
function refuseFabricInUse(store: Store, fabric: FabricRow): void {
  if (fabric.id === DEFAULT_FABRIC_ID) {
    throw badRequest("This fabric is the default fabric, it cannot be deleted.");
  }
  const vlans = store.vlans.by("fabric", fabric.id);
  const subnets = vlans.flatMap((vlan) => store.subnets.by("vlan", vlan.id)).sort(byNetwork);
  if (subnets.length > 0) {
    const list = subnets.map((subnet) => subnet.cidr).join(", ");
    throw badRequest(`Can't delete fabric; the following subnets are still present: ${list}`);
  }
  const interfaces = vlans.flatMap((vlan) => store.interfaces.by("vlan", vlan.id)).sort(byNodeAndName);
  if (interfaces.length > 0) {
    const list = interfaces.map((nic) => interfaceLabel(store, nic)).join(", ");
    throw badRequest(`Can't delete fabric; the following interfaces are still connected: ${list}`);
  }
}

/** Removes the fabric and its VLANs without a check. */
export function removeFabric(store: Store, fabric: FabricRow): void {
  for (const vlan of store.vlans.by("fabric", fabric.id)) removeVlan(store, vlan);
  store.fabrics.delete(fabric);
}

/** Removes the VLAN; VLANs relayed to it are relayed no more. */
export function removeVlan(store: Store, vlan: VlanRow): void {
  for (const relayed of store.vlans.by("relay_vlan", vlan.id)) store.vlans.update(relayed, { relay_vlan: null });
  store.vlans.delete(vlan);
}

/** MAAS does this whenever any VLAN is saved: a fabric that lost its last VLAN goes. */
export function removeEmptyFabrics(store: Store): void {
  for (const fabric of store.fabrics.all()) {
    if (!store.vlans.hasBy("fabric", fabric.id)) store.fabrics.delete(fabric);
  }
}

function byNetwork(a: SubnetRow, b: SubnetRow): number {
  return a.network.network.compare(b.network.network) || a.network.prefixLength - b.network.prefixLength;
}

function byNodeAndName(a: InterfaceRow, b: InterfaceRow): number {
  return (a.node ?? 0) - (b.node ?? 0) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
