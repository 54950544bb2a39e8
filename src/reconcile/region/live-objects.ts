import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import type { KindName } from "../../../lib/model/field";
import { isOwn, type Kind } from "../../../lib/model/kind";
import { kindOfInterface, KINDS } from "../../../lib/model/kinds";
import { attributeEntries, type Attributes, type Value } from "../../../lib/model/known";
import { formatKey, keysOf, partsAmong } from "../../../lib/model/natural-key";
import { oncePer } from "../../../lib/model/once-per";
import { ownedName, OWNER_KINDS } from "../../../lib/model/owner";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { decode, lowest, type ObjectJson, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { keysOfRow, referencesIn } from "../../maas/indexed-rows";
import type { RegionRows } from "../../maas/snapshot";
import { decodeTags, tagsOf } from "./node-interfaces";
import { decodeLink, interfacesOf, linksOf, namesOf, nodeKind, rowOfNode } from "./nodes";
import type { Region } from "./region";

/**
 * The default VLAN of a fabric's row: the one with the lowest id, whatever its VID or its name. MAAS made it with the
 * fabric, shows it as `untagged`, and deletes it only with the fabric. Its API has no field for it.
 *
 * @see MAAS models/fabric.py `get_default_vlan` (3.6.4); live regions 3.4.10, 3.6.5 and 3.7.3
 */
export const defaultVlanOf = oncePer((fabric: ObjectJson): ObjectJson | undefined => lowest(rowsOf(fabric.vlans)));

/** Whether the VLAN's row is the default VLAN of its fabric. */
export async function isDefaultVlan({ snapshot }: Region, vlan: ObjectJson): Promise<boolean> {
  const fabric = await snapshot.read("fabrics", textOf(vlan.fabric_id));
  return fabric !== undefined && defaultVlanOf(fabric)?.id === vlan.id;
}

/** Whether MAAS would take the VLAN with that id for the default one of the fabric if it were moved there. */
export async function wouldBeDefaultVlan({ snapshot }: Region, fabricId: string, id: string): Promise<boolean> {
  const fabric = await snapshot.read("fabrics", fabricId);
  const present = fabric && defaultVlanOf(fabric);
  return present !== undefined && Number(id) < Number(present.id);
}

/** An object as a live region has it, in the words of a desired-state document. */
export interface LiveObject {
  readonly kind: KindName;
  /** Its natural key, as a document has it. */
  readonly key: string;
  /** The id by which `RegionObjects` knows it. */
  readonly id: string;
  /** MAAS made it with its parent and deletes it only with that: the default VLAN of a fabric. */
  readonly comesWithParent?: true;
  /** Other keys that a document may name it by. */
  readonly aliases?: readonly string[];
  /** The attributes that a document may have. References hold natural keys; what MAAS does not report is left out. */
  readonly attributes: Attributes;
}

/** The rows that objects of a document are in. */
export type ObjectRows = Pick<
  RegionRows,
  "fabrics" | "spaces" | "subnets" | "ipranges" | "rackcontrollers" | "machines"
> &
  Partial<RegionRows>;

/** MAAS's pseudo-space for VLANs in none. */
export const NO_SPACE = -1;

/** FABRIC:VID of a VLAN's row, which names its fabric wherever it is nested. */
export const vlanKey = (vlan: unknown): string | null => {
  if (vlan === null || vlan === undefined) return null;
  const { fabric, vid } = vlan as ObjectJson;
  return formatKey("vlan", { fabric: textOf(fabric), vid: textOf(vid) }) ?? null;
};

/** What a kind's row says, with these references in place of ids, and without what only Terraform has. */
function object(kind: KindName, id: string, row: ObjectJson, references: Attributes = {}): LiveObject {
  const decoded: Attributes = { ...decode(KINDS[kind], row), ...referencesIn(KINDS[kind], row), ...references };
  const named = DOCUMENT_KINDS[kind].fields.filter(({ name }) => decoded[name] !== undefined);
  const attributes = Object.fromEntries(named.map(({ name }) => [name, decoded[name] ?? null]));
  return { kind, key: formatKey(kind, partsAmong(kind, attributes) ?? {}) ?? id, id, attributes };
}

function vlanObjects(vlan: ObjectJson, isDefault: boolean, hostnames: ReadonlyMap<unknown, string>): LiveObject[] {
  const id = textOf(vlan.id);
  const own: LiveObject = {
    ...object("vlan", id, vlan),
    ...(isDefault && { comesWithParent: true }),
  };
  if (vlan.dhcp_on !== true && (vlan.relay_vlan ?? null) === null) return [own];
  const rack = (systemId: unknown): Value =>
    typeof systemId === "string" ? (hostnames.get(systemId) ?? systemId) : null;
  const dhcp = object("vlan_dhcp", id, vlan, {
    vlan: own.key,
    primary_rack_controller: rack(vlan.primary_rack),
    secondary_rack_controller: rack(vlan.secondary_rack),
  });
  return [own, dhcp];
}

function rackObjects(rack: ObjectJson): LiveObject[] {
  const [hostname, systemId] = [textOf(rack.hostname), textOf(rack.system_id)];
  const aliases = typeof rack.fqdn === "string" ? [rack.fqdn] : [];
  const nics = rowsOf(rack.interface_set).map((nic) =>
    object("rack_interface", `${systemId}/${textOf(nic.id)}`, nic, {
      rack_controller: hostname,
    }),
  );
  const own = object("rack_controller", systemId, rack);
  return [aliases.length === 0 ? own : { ...own, aliases }, ...nics];
}

/** What a link may be called: its node and its interface have several names, and a chosen address may go unsaid. */
function linkNames(node: ObjectJson, nic: ObjectJson, subnet: string, address: string | undefined): string[] {
  const interfaces = [nic.name, nic.mac_address, nic.id].map((name) => textOf(name ?? ""));
  const names = namesOf(node).flatMap((owner) => interfaces.map((name) => [owner, name] as const));
  const called = names.map(([owner, name]) => {
    const parts = { [nodeKind(node)]: owner, network_interface: name, subnet };
    return keysOf("network_interface_link", address === undefined ? parts : { ...parts, ip_address: address });
  });
  // All by the address first, then all by the subnet.
  return [0, 1].flatMap((form) => called.flatMap((keys) => keys[form] ?? []));
}

/** An object of a node. That it is of no node of another kind, nobody says. */
function ownedObject(kind: KindName, id: string, node: ObjectJson, row: ObjectJson): LiveObject {
  const owner = { [nodeKind(node)]: textOf(node.hostname) };
  const { attributes, ...own } = object(kind, id, rowOfNode(node, row), owner);
  const others: readonly string[] = OWNER_KINDS.filter((other) => other !== nodeKind(node));
  const said = attributeEntries(attributes).filter(([name]) => !others.includes(name));
  return { ...own, attributes: Object.fromEntries(said) };
}

/** An interface of a node, by all that it may be called. */
function interfaceObjects(node: ObjectJson, nic: ObjectJson): LiveObject[] {
  const kind = kindOfInterface(nic);
  if (kind === undefined) return [];
  const own = ownedObject(kind.name, textOf(nic.id), node, nic);
  const names = namesOf(node).flatMap((key) => [
    ...keysOf(kind.name, partsAmong(kind.name, { ...own.attributes, [nodeKind(node)]: key }) ?? {}),
    ownedName({ kind: nodeKind(node), key }, own.id),
  ]);
  return [{ ...own, aliases: names.filter((name) => name !== own.key) }];
}

/** The tags of an interface of a node, where it has any. */
function tagObjects(node: ObjectJson, nic: ObjectJson): LiveObject[] {
  if (tagsOf(nic).length === 0) return [];
  const kind = "network_interface_tag";
  const own = ownedObject(kind, textOf(decodeTags({ node, nic }).id), node, nic);
  const interfaces = [nic.name, nic.mac_address, nic.id].map((name) => textOf(name ?? ""));
  const [, ...aliases] = namesOf(node).flatMap((owner) =>
    interfaces.flatMap((name) => keysOf(kind, { [nodeKind(node)]: owner, interface_id: name })),
  );
  return [{ ...own, aliases }];
}

/** What is on a node: its interfaces, their links and their tags. */
function objectsOn(node: ObjectJson): LiveObject[] {
  const links = interfacesOf(node).flatMap((nic) =>
    linksOf(nic)
      .filter(({ subnet }) => (subnet ?? null) !== null)
      .map((link) => {
        const { id, ip_address: address, machine: _m, device: _d, ...attributes } = decodeLink(node, nic, link);
        const subnet = keysOfRow(KINDS.subnet, link.subnet as ObjectJson)[0] ?? "";
        // Only an address of mode STATIC was asked for: MAAS gives and takes the others.
        const isChosen = attributes.mode === "STATIC" && typeof address === "string";
        const owner = { [nodeKind(node)]: textOf(node.hostname) };
        const said = { ...owner, ...attributes, subnet, ip_address: isChosen ? address : null };
        const names = linkNames(node, nic, subnet, isChosen ? address : undefined);
        const [key = "", ...aliases] = names;
        return { kind: "network_interface_link", key, aliases, id: textOf(id), attributes: said } as const;
      }),
  );
  const nics = interfacesOf(node).flatMap((nic) => interfaceObjects(node, nic));
  const tags = interfacesOf(node).flatMap((nic) => tagObjects(node, nic));
  return [...nics, ...links, ...tags];
}

function machineObjects(machine: ObjectJson): LiveObject[] {
  const [, ...aliases] = namesOf(machine);
  return [{ ...object("machine", textOf(machine.system_id), machine), aliases }, ...objectsOn(machine)];
}

/** The kinds of objects that we create or set, each a row of a collection of its own. */
const COLLECTED = Object.values<Kind>(KINDS).filter((kind) => isOwn(kind) && kind.lifecycle !== "registered");

/** The objects that rows of a region stand for, under the keys that a document gives them. */
export function liveObjects(region: ObjectRows): LiveObject[] {
  const { fabrics, rackcontrollers, machines } = region;
  const hostnames = new Map(rackcontrollers.map((rack) => [rack.system_id, textOf(rack.hostname)] as const));
  return [
    ...COLLECTED.flatMap(({ name, api }) =>
      (region[api.collection] ?? [])
        .filter(({ id }) => id !== NO_SPACE)
        .map((row) => ({
          ...object(name, COLLECTIONS[api.collection].id(row), row),
          ...(api.dnsName !== undefined && { aliases: namesOf(row).slice(1) }),
        })),
    ),
    ...fabrics.flatMap((fabric) => {
      const first = defaultVlanOf(fabric);
      return rowsOf(fabric.vlans).flatMap((vlan) => vlanObjects(vlan, vlan === first, hostnames));
    }),
    ...rackcontrollers.flatMap(rackObjects),
    ...machines.flatMap(machineObjects),
    ...(region.devices ?? []).flatMap(objectsOn),
  ];
}

/** Changes a VLAN, which the snapshot knows from here on. @returns its row */
export async function changeVlan({ client, snapshot }: Region, id: string, form: Form): Promise<ObjectJson> {
  const row = await client.put(apiPath`vlans/${id}/`, form);
  snapshot.changed("vlans", row);
  return row;
}

/** The VLAN's row as the region has it this moment. @throws MaasNotFoundError */
export async function readVlan({ client }: Pick<Region, "client">, id: string): Promise<ObjectJson> {
  const path = apiPath`vlans/${id}/`;
  return objectRead(path, await client.get(path));
}
