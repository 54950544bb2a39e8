import { type ApiRequest, item, listed, part, requirePermission, shown } from "../api/handler";
import { asText } from "../api/params";
import { column, kept, optionalReference, reference, type RowOf } from "../model/columns";
import { badRequest, crash, Invalid, notFound } from "../model/errors";
import { byId, bySpecifier, checkbox, checkLimits, type FormField, integer, isEmpty, text } from "../model/fields";
import { Form, type FormRules, isTaken } from "../model/form";
import { byKey, defineResource, type Resource } from "../model/resource";
import { find, only } from "../model/specifier";
import type { Region, Store } from "../model/store";
import type { Row } from "../model/table";
import { readAnyInteger, readInteger } from "../text/python";
import { removeEmptyFabrics, removeVlan } from "./fabric";
import type { InterfaceRow } from "./interface/interface";
import { deleteInterface } from "./interface/rows";
import { saveInterface } from "./interface/save";
import { checkModelName, defaultVlan, fabricName, spaceNameOf, vlanName } from "./names";
import { isRack } from "./node/kinds";
import type { NodeRow } from "./node/node";
import { checkVid, dynamicRanges } from "./subnet/lookup";

const POSTGRES_INTEGER = { min: -2147483648, max: 2147483647 };

function checkInteger(value: unknown): unknown {
  if (typeof value === "number") checkLimits(value, POSTGRES_INTEGER.min, POSTGRES_INTEGER.max);
  return value;
}

/** Racks by system id or hostname: those with an interface on a VLAN of the stored VID, none for a new VLAN. */
const rack: FormField = {
  required: false,
  type: "reference",
  clean(value, { store }, live): unknown {
    if (isEmpty(value)) return null;
    const name = asText(value);
    const racks = live === undefined ? [] : racksForVid(store, (live as VlanRow).vid);
    const rack = racks.find((node) => node.system_id === name || node.hostname === name);
    if (rack !== undefined) return rack;
    throw Invalid.whole(`Select a valid choice. ${name} is not one of the available choices.`);
  },
};

/** VLANs that are not relayed themselves; none but the stored one while the stored VLAN has DHCP on. */
function isRelayOffered(row: Row, edited: Row | undefined): boolean {
  const [vlan, live] = [row as VlanRow, edited as VlanRow | undefined];
  if (live?.dhcp_on === true) return live.relay_vlan === vlan.id;
  return vlan.relay_vlan === null && vlan !== live;
}

const columns = {
  name: column<string | null>({
    field: text({ maxLength: 256, empty: null }),
    default: null,
    blank: true,
    check: checkModelName,
    json: (row, { region }): unknown => vlanName(region.store, region.version.features, row as VlanRow),
  }),
  description: column<string>({ field: text(), default: "", blank: true, json: false }),
  vid: column<number>({ field: integer({ required: true }), check: checkInteger }),
  mtu: column<number>({ field: integer({ min: 552 }), default: 1500, check: checkInteger }),
  dhcp_on: column<boolean>({ field: checkbox, default: false, isSeededLast: true }),
  external_dhcp: kept<string | null>({ default: null }),
  primary_rack: optionalReference("nodes", { field: rack, by: "system_id", isSeededLast: true }),
  secondary_rack: optionalReference("nodes", { field: rack, by: "system_id", isSeededLast: true }),
  relay_vlan: optionalReference("vlans", {
    field: byId("vlans", { isOffered: isRelayOffered }),
    isSeededLast: true,
  }),
  space: optionalReference("spaces", {
    field: bySpecifier("spaces"),
    json: (row, { region: { store } }): unknown => spaceNameOf(store, row as VlanRow),
  }),
  fabric: reference("fabrics", {
    field: bySpecifier("fabrics"),
    json: (row, { region: { store } }): unknown => fabricName(store.fabrics.need((row as VlanRow).fabric)),
  }),
};

export type VlanColumns = typeof columns;
export type VlanRow = RowOf<VlanColumns>;

/** MAAS's rules for VLANs, with DHCP and its racks. */
const rules: FormRules<VlanRow> = {
  prepare(data, _region, live) {
    if (live !== undefined && data.get("space") === "undefined") data.set("space", "");
  },
  clean: {
    dhcp_on(value, { region: { store, version }, live }) {
      if (value !== true) return value;
      if (live === undefined && version.features.unsavedRelationCrashes) {
        throw crash("'VLAN' instance needs to have a primary key value before this relationship can be used.");
      }
      const subnets = live === undefined ? [] : store.subnets.by("vlan", live.id);
      if (subnets.some((subnet) => dynamicRanges(store, subnet).length > 0)) return value;
      throw Invalid.whole("dhcp can only be turned on when a dynamic IP range is defined.");
    },
  },
  cleanForm: cleanRacks,
  cleanModel({ draft: { vid, mtu } }) {
    if (vid === undefined || vid < 0 || vid > 4094) throw Invalid.field("vid", "VID must be between 0 and 4094.");
    if (mtu === undefined || mtu < 552 || mtu > 65535) {
      throw Invalid.field("mtu", "MTU must be between 552 and 65535.");
    }
  },
  unique(form, except) {
    const { vid, fabric } = form.draft;
    if (vid === undefined || fabric === undefined || except.has("vid") || except.has("fabric")) return undefined;
    const same = form.table.by("fabric", fabric).filter((vlan) => vlan.vid === vid);
    if (!isTaken(form, same)) return undefined;
    return ["__all__", "A VLAN with the specified VID already exists in the destination fabric."];
  },
  /** An empty parameter clears these; MAAS's forms drop empty values otherwise. */
  beforeSave({ data, cleaned, draft, region }) {
    const isCleared = (name: string) => data.has(name) && isEmpty(cleaned.get(name));
    if (isCleared("space")) draft.space = null;
    if (isCleared("relay_vlan")) draft.relay_vlan = null;
    if (isCleared("name") && region.version.features.vlanNameClearable) draft.name = null;
    if (draft.dhcp_on === true) draft.relay_vlan = null;
  },
  write(form) {
    const vlan = form.writeTo(form.live ?? form.table.insert(form.draft));
    removeEmptyFabrics(form.region.store);
    return vlan;
  },
};

/** A VLAN of a fabric. */
export const vlans: Resource<VlanRow> = defineResource({
  model: "VLAN",
  path: "vlans",
  columns,
  firstId: 5001,
  indexes: ["fabric", "space", "relay_vlan", "vid"],
  key: {
    of: ({ fabric, vid }, store) => `${fabricName(store.fabrics.need(fabric))}:${vid}`,
    find: findByKey,
  },
  seed: { live: (store, { fabric, vid }) => findByKey(store, `${String(fabric)}:${String(vid)}`) },
  rules,
  json: ({ fabric }) => ({ fabric_id: fabric }),
  remove: deleteVlan,
  endpoints: {
    "fabrics/{fabric}/vlans/": {
      GET(request) {
        const { vlans } = request.region.store;
        return listed(request, vlans, vlans.by("fabric", fabricOf(request).id));
      },
      POST(request) {
        const fabric = fabricOf(request).id;
        requirePermission(request);
        const { vlans } = request.region.store;
        const form = new Form(vlans, request.region, request.data, undefined, { given: { fabric } });
        return shown(request, vlans, form.save());
      },
    },
    "fabrics/{fabric}/vlans/{vid}/": {
      // Permission is asked once the fabric is found, before the VLAN is looked for.
      ...item("vlans", { locate: (request) => byVid(request, requirePermission) }),
      GET: item("vlans", { locate: (request) => byVid(request) }).GET,
    },
    "vlans/{id}/": item("vlans", {
      locate(request) {
        const vlan = request.region.store.vlans.get(readInteger(part(request, "id")));
        if (vlan === undefined) throw notFound("VLAN with specified ID does not exist.");
        return vlan;
      },
    }),
  },
});

function findByKey(store: Store, key: string): VlanRow | undefined {
  const [, name = key, vid = "0"] = /^(.*):(\d+)$/.exec(key) ?? [];
  const fabric = byKey(store, store.fabrics, name);
  return store.vlans.by("fabric", fabric.id).find((vlan) => vlan.vid === Number(vid));
}

const fabricOf = ({ region: { store }, path }: ApiRequest) => find(store, store.fabrics, path.fabric ?? "");

function byVid(request: ApiRequest, permit?: (request: ApiRequest) => void): VlanRow {
  const fabric = fabricOf(request);
  permit?.(request);
  return findVlan(request.region.store, fabric.id, part(request, "vid"));
}

/** A VLAN of a fabric by what stands in a path: VID, `untagged`, or name. @throws MaasError */
export function findVlan(store: Store, fabricId: number, specifier: string): VlanRow {
  const item = specifier.trim().replace(/^vid:/, "");
  const one = (isMeant: (vlan: VlanRow) => boolean) => only("VLAN", store.vlans.by("fabric", fabricId).filter(isMeant));
  if (item.startsWith("name:")) return one(({ name }) => name === item.slice(5));
  if (item.startsWith("id:")) return one(({ id }) => id === Number(item.slice(3)));
  const vid = item === "untagged" ? 0 : readAnyInteger(item);
  if (vid === undefined) return one(({ name }) => name === item);
  checkVid(vid);
  return one((vlan) => vlan.vid === vid);
}

/** Rack controllers with a NIC on some VLAN of this VID, in any fabric: MAAS offers no others. */
function racksForVid(store: Store, vid: number): NodeRow[] {
  const nodes = store.vlans
    .by("vid", vid)
    .flatMap((vlan) => store.interfaces.by("vlan", vlan.id))
    .map((nic) => store.nodes.get(nic.node))
    .filter((node) => node !== undefined)
    .filter(isRack);
  return [...new Set(nodes)];
}

function cleanRacks(form: Form<VlanRow>): void {
  const { live, cleaned, draft, region } = form;
  const storedPrimary = region.store.nodes.get(live?.primary_rack);
  const storedSecondary = region.store.nodes.get(live?.secondary_rack);
  const primary = () => form.get<NodeRow>("primary_rack");
  const secondary = () => form.get<NodeRow>("secondary_rack");
  if (primary() === undefined && storedSecondary !== undefined) {
    cleaned.set("primary_rack", storedSecondary);
    cleaned.set("secondary_rack", null);
  }
  if (primary() !== undefined && primary() === storedSecondary) cleaned.set("secondary_rack", null);
  const chosen = secondary();
  if (chosen !== undefined && chosen === storedPrimary) {
    throw Invalid.whole(`${chosen.system_id} is already set as the primary rack controller`);
  }
  if (chosen !== undefined && chosen === primary()) {
    throw Invalid.whole("The primary and secondary rack must be different");
  }
  const isNewSecondary = chosen !== undefined && chosen !== storedSecondary;
  if (isNewSecondary && primary() === storedPrimary && primary()?.services.rackd === "dead") {
    throw Invalid.whole(
      "The primary rack controller must be up and running to set a secondary rack controller. Without the primary the secondary DHCP service will not be able to synchronize, preventing it from responding to DHCP requests.",
    );
  }
  if (form.get("dhcp_on") === true && primary() === undefined && storedPrimary === undefined) {
    throw Invalid.whole("dhcp can only be turned on when a primary rack controller is set.");
  }
  if (primary() === undefined) draft.primary_rack = null;
  if (secondary() === undefined) draft.secondary_rack = null;
}

/**
 * MAAS has read the VLAN's interfaces before it deletes the VLAN interfaces among them. So a bridge over one of those is
 * deleted with it and written again, without a parent.
 */
const revived = ({ interfaces }: Store, nic: InterfaceRow): InterfaceRow =>
  interfaces.get(nic.id) ?? interfaces.insert({ ...nic, parents: [] });

/** Deletes the VLAN; its subnets and interfaces move to the fabric's default VLAN. @throws MaasError on the default VLAN */
function deleteVlan(region: Region, vlan: VlanRow): void {
  const { store } = region;
  const target = defaultVlan(store, vlan.fabric);
  if (target === vlan) {
    throw badRequest("This VLAN is the default VLAN in the fabric, it cannot be deleted.");
  }
  for (const nic of store.interfaces.by("vlan", vlan.id).sort((a, b) => a.id - b.id)) {
    if (nic.type === "vlan") deleteInterface(store, nic);
    else saveInterface(region, revived(store, nic), { vlan: target.id });
  }
  for (const subnet of store.subnets.by("vlan", vlan.id)) store.subnets.update(subnet, { vlan: target.id });
  removeVlan(store, vlan);
}
