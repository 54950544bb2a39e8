import { Invalid } from "../model/errors";
import { checkLength } from "../model/fields";
import { type Form, isTaken } from "../model/form";
import type { Store } from "../model/store";
import type { Row, Table } from "../model/table";
import type { Features } from "../versions";
import type { FabricRow } from "./fabric";
import type { InterfaceRow } from "./interface/interface";
import type { NodeRow } from "./node/node";
import type { SubnetRow } from "./subnet/subnet";
import type { VlanRow } from "./vlan";

export const fabricName = (fabric: FabricRow): string => fabric.name ?? `fabric-${fabric.id}`;

export const fabricLabel = (fabric: FabricRow): string => `name=${fabricName(fabric)}`;

/** The fabric's VLAN of the lowest id, whatever its VID is by now. */
export function defaultVlan(store: Store, fabricId: number): VlanRow {
  const [first, ...others] = store.vlans.by("fabric", fabricId);
  if (first === undefined) throw new Error(`fabric ${fabricId} has no VLAN`);
  return others.reduce((lowest, vlan) => (vlan.id < lowest.id ? vlan : lowest), first);
}

/** The name that MAAS shows; `untagged` for the fabric's default VLAN whatever it is called. */
export function vlanName(store: Store, features: Features, vlan: VlanRow): string | null {
  if (defaultVlan(store, vlan.fabric) === vlan) return "untagged";
  return vlan.name ?? (features.unnamedVlanIsNull ? null : String(vlan.vid));
}

/** `fabric.vlan`. An unset name reads `None`. */
export function vlanLabel(store: Store, features: Features, vlan: VlanRow): string {
  return `${fabricName(store.fabrics.need(vlan.fabric))}.${vlanName(store, features, vlan) ?? "None"}`;
}

export function spaceNameOf(store: Store, vlan: VlanRow): string {
  const space = store.spaces.get(vlan.space);
  return space === undefined ? "undefined" : (space.name ?? `space-${space.id}`);
}

/** `name:cidr(vid=0)` */
export function subnetLabel(store: Store, subnet: SubnetRow): string {
  return `${subnet.name}:${subnet.cidr}(vid=${store.vlans.need(subnet.vlan).vid})`;
}

/** `g8ghqf (rack1)` */
export const nodeLabel = ({ system_id, hostname }: NodeRow): string =>
  hostname === "" ? system_id : `${system_id} (${hostname})`;

/** `eth0 (physical) on rack1` */
export function interfaceLabel(store: Store, nic: InterfaceRow): string {
  return `${nic.name} (${nic.type}) on ${store.nodes.get(nic.node)?.hostname ?? "<unknown-node>"}`;
}

const NAME = /^[\p{L}\p{N}_-]+$/u;

/** What MAAS's models take for names of VLANs, fabric classes and the like. @throws Invalid */
export function checkModelName(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (!/^[\p{L}\p{N}_][ \p{L}\p{N}_-]*$/u.test(value)) throw Invalid.whole("Enter a valid value.");
  checkLength(value, 256);
  return value;
}

/** The check of a fabric's or a space's name: letters, digits, dashes. */
export const checkNameOf =
  (kind: "fabric" | "space") =>
  (value: unknown): unknown => {
    if (typeof value !== "string") return value;
    if (!NAME.test(value)) throw Invalid.whole(`Invalid ${kind} name: ${value}.`);
    checkLength(value, 256);
    return value;
  };

/** `<kind>-<number>` belongs to the object of that id. @throws Invalid */
export function refuseReservedName<R extends Row & { name: string | null }>(
  { draft: { name, id } }: Form<R>,
  kind: "fabric" | "space",
): void {
  if (!name) return;
  const isReserved = new RegExp(`^${kind}-\\p{Nd}+$`, "u").test(name) || (kind === "space" && name === "undefined");
  if (isReserved && name !== `${kind}-${id}`) throw Invalid.field("name", `Reserved ${kind} name.`);
}

/** The id in a name such as `fabric-3`, which MAAS itself gives to the object of that id; undefined when it is in use. */
export function idInName<R extends Row>(table: Table<R>, name: unknown): number | undefined {
  const [, digits] = new RegExp(`^${table.resource.model.toLowerCase()}-(\\d+)$`).exec(String(name)) ?? [];
  return digits === undefined || table.get(Number(digits)) !== undefined ? undefined : Number(digits);
}

/** The field and the message for a name that another row has already. */
export function uniqueName<R extends Row & { name: string | null }>(
  form: Form<R>,
  except: ReadonlySet<string>,
): readonly [string, string] | undefined {
  const { name } = form.draft;
  if (!name || except.has("name")) return undefined;
  const others = form.table.by("name", name);
  const { label, model } = form.table.resource;
  return isTaken(form, others) ? ["name", `${label ?? model} with this Name already exists.`] : undefined;
}

/** By their names, as MAAS lists what has one. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : Number(a.name > b.name);

/** The check of each label that MAAS's column type of DNS names makes. @throws Invalid */
export function checkDomainLabels(name: string): void {
  if (name.length > 255) throw Invalid.whole("Hostname is too long.  Maximum allowed is 255 characters.");
  for (const label of name.split(".")) {
    if (label.length === 0) throw Invalid.whole("DNS name contains an empty label.");
    if (label.length > 63) {
      throw Invalid.whole(`Label is too long: '${label}'.  Maximum allowed is 63 characters.`);
    }
    if (/^-|-$/.test(label)) throw Invalid.whole(`Label cannot start or end with hyphen: '${label}'.`);
    if (/[^a-zA-Z0-9-]/.test(label)) throw Invalid.whole(`Label contains disallowed characters: '${label}'.`);
  }
}

/** The check of a hostname, which may include a domain: no underscore in its first label. @throws Invalid */
export function checkHostname(name: string): void {
  const [first = ""] = name.split(".");
  if (name.length <= 255 && first.includes("_")) {
    throw Invalid.whole(`Host label cannot contain underscore: '${first}'.`);
  }
  checkDomainLabels(name);
}
