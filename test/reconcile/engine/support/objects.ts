import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import { KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { type DesiredObject, LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import type { LiveObject } from "../../../../src/reconcile/region/live-objects";

/** An object that a stack wants made, at a place of its own. */
export const wanted = (kind: ManagedKindName, key: string, attributes: Attributes): DesiredObject => ({
  ...{ kind, key, path: `lab/${kind}/${key}`, origin: "create", attributes },
});

/** The object, said at another place. */
export const at = (path: string, object: DesiredObject): DesiredObject => ({ ...object, path });

/** The object, adopted; with what it was before, where that is on record. */
export const adopted = (object: DesiredObject, original?: Attributes): DesiredObject => ({
  ...{ ...object, origin: "adopt" },
  ...(original && { original }),
});

export const space = (name: string, attributes: Attributes = {}): DesiredObject =>
  wanted("space", name, { name, ...attributes });

export const fabric = (name: string, attributes: Attributes = {}): DesiredObject =>
  wanted("fabric", name, { name, ...attributes });

/** @param key FABRIC:VID */
export function vlan(key: string, attributes: Attributes = {}): DesiredObject {
  const [owner = "", vid] = key.split(":");
  return wanted("vlan", key, { fabric: owner, vid: Number(vid), ...attributes });
}

export const subnet = (cidr: string, on: string, attributes: Attributes = {}): DesiredObject =>
  wanted("subnet", cidr, { cidr, vlan: on, ...attributes });

/** @param ends START-END */
export function range(inSubnet: string, type: string, ends: string, attributes: Attributes = {}): DesiredObject {
  const [start = "", end = ""] = ends.split("-");
  return wanted("ip_range", `${ends} in ${inSubnet}`, {
    ...{ subnet: inSubnet, type, start_ip: start, end_ip: end },
    ...attributes,
  });
}

export const route = (source: string, destination: string, gateway: string): DesiredObject =>
  wanted("static_route", `${source} to ${destination} via ${gateway}`, { source, destination, gateway_ip: gateway });

/** An address for a MAC address that is the same for all. */
export const lease = (ip: string, on?: string): DesiredObject =>
  wanted("reserved_ip", ip, { ip, mac_address: "52:54:00:00:00:01", ...(on !== undefined && { subnet: on }) });

/** DHCP by these racks. */
export const dhcp = (on: string, primary: string, secondary?: string): DesiredObject =>
  wanted("vlan_dhcp", on, {
    ...{ vlan: on, primary_rack_controller: primary },
    ...(secondary !== undefined && { secondary_rack_controller: secondary }),
  });

export const relay = (on: string, target: string): DesiredObject =>
  wanted("vlan_dhcp", on, { vlan: on, relay_vlan: target });

/** @param key RACK/NAME */
export function nic(key: string, on: string): DesiredObject {
  const [rack = "", name = ""] = key.split("/");
  return wanted("rack_interface", key, { rack_controller: rack, name, vlan: on });
}

export const link = (machine: string, name: string, to: string, attributes: Attributes = {}): DesiredObject =>
  wanted("network_interface_link", `${machine}/${name}:${to}`, {
    ...{ machine, network_interface: name, subnet: to },
    ...attributes,
  });

/** What a region tells of an object that was made so: all that MAAS returns, and its defaults. */
export function liveObject(kind: KindName, key: string, id: string, attributes: Attributes = {}): LiveObject {
  const told = DOCUMENT_KINDS[kind].fields.filter(({ jsonPath }) => jsonPath !== undefined);
  const all = told.map(({ name, default: otherwise }) => [name, attributes[name] ?? otherwise ?? null] as const);
  // Fabrics here are as new: their default VLAN has VID 0.
  const comesWithParent = kind === "vlan" && attributes.vid === 0;
  return { kind, key, id, attributes: Object.fromEntries(all), ...(comesWithParent && { comesWithParent }) };
}

/** The n-th id, in the form of the kind. */
function idOf(kind: KindName, n: number): string {
  const { id } = KINDS[kind];
  return [`${n}`, `${n}`.padStart(6, "a"), `rack/${n}`, `node/1/${n}`].find((text) => id.form.test(text)) ?? `TXT:${n}`;
}

/** A region that has these objects, with the ids 1, 2, 3, ..., where ids of their kind are numbers. */
export const regionOf = (objects: readonly DesiredObject[], others: readonly LiveObject[] = []): LiveState =>
  new LiveState([
    ...others,
    ...objects.map(({ kind, key, attributes }, index) => liveObject(kind, key, idOf(kind, index + 1), attributes)),
  ]);
