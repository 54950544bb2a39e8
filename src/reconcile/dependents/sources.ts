import type { Kind } from "../../../lib/model/kind";
import {
  type Collection,
  KINDS,
  type ManagedKindName,
  INTERFACE_KINDS,
  kindOfInterface,
} from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { keysOfRow } from "../../maas/indexed-rows";
import { defaultVlanOf, NO_SPACE, vlanKey } from "../region/live-objects";
import type { Dependent } from "./dependents";

/** A dependent, and the object that it belongs to. */
export interface Ownership {
  readonly kind: ManagedKindName;
  readonly id: string;
  readonly dependent: Dependent;
}

/** Lists a collection of the region. */
export type List = (collection: Collection) => Promise<readonly ObjectJson[]>;

/** Where dependents of objects of some kinds are listed. */
export interface Source {
  readonly of: readonly ManagedKindName[];
  readonly find: (list: List) => Promise<readonly Ownership[]>;
}

const idOf = (value: unknown): string => textOf((value as ObjectJson | null | undefined)?.id ?? "");
const cidrOf = (value: unknown): string => textOf((value as ObjectJson | null | undefined)?.cidr ?? "");

const owned = (kind: ManagedKindName, owner: unknown, dependent: Dependent): Ownership[] =>
  owner === null || owner === undefined ? [] : [{ kind, id: idOf(owner), dependent }];

/** MAAS refuses to delete a fabric that still has it on a VLAN; told beforehand, nothing is done by halves. */
const blocking = (vlan: ObjectJson, dependent: Dependent): Ownership => ({
  kind: "fabric",
  id: textOf(vlan.fabric_id),
  dependent: { ...dependent, effect: "blocking" },
});

/** What a VLAN's row says of others: who goes, moves or changes with whom. */
function vlanOwnerships(vlan: ObjectJson, fabric: ObjectJson, spaces: ReadonlyMap<unknown, ObjectJson>): Ownership[] {
  const key = vlanKey(vlan) ?? "";
  const itself = { kind: "vlan", id: idOf(vlan) } as const;
  const dhcp = { kind: "vlan_dhcp", id: idOf(vlan) } as const;
  const relay = (vlan.relay_vlan ?? null) as ObjectJson | null;
  const isServed = vlan.dhcp_on === true || relay !== null;
  const asRelay: Dependent = { what: `DHCP relay of VLAN ${key}`, effect: "changed", object: dhcp };
  const isDefault = defaultVlanOf(fabric)?.id === vlan.id;
  return [
    ...(isDefault ? [] : owned("fabric", fabric, { what: `VLAN ${key}`, effect: "deleted", object: itself })),
    ...(isServed
      ? [
          ...owned("vlan", vlan, { what: `DHCP of VLAN ${key}`, effect: "deleted", object: dhcp }),
          ...owned("fabric", fabric, { what: `DHCP of VLAN ${key}`, effect: "deleted", object: dhcp }),
        ]
      : []),
    ...owned("vlan", relay, asRelay),
    ...owned("vlan_dhcp", relay, asRelay),
    ...owned("space", spaces.get(vlan.space), { what: `VLAN ${key}`, effect: "changed", object: itself }),
  ];
}

function subnetOwnerships(subnet: ObjectJson): Ownership[] {
  const vlan = subnet.vlan as ObjectJson;
  const what = `subnet ${cidrOf(subnet)}`;
  const dependent: Dependent = { what, effect: "moved", object: { kind: "subnet", id: idOf(subnet) } };
  return [...owned("vlan", vlan, dependent), blocking(vlan, dependent)];
}

interface NodeKind {
  readonly isRack: boolean;
}

/** What is on a node's interface: its links, and the interface itself. */
function interfaceOwnerships(node: ObjectJson, nic: ObjectJson, { isRack }: NodeKind): Ownership[] {
  const [systemId, hostname] = [textOf(node.system_id), textOf(node.hostname)];
  const rack = isRack && { rack: [systemId, hostname] };
  const of = `of ${hostname} (${textOf(nic.name)})`;
  const links = rowsOf(nic.links).flatMap((link) => {
    // A rack's DHCP address is only seen on the wire.
    if (isRack && link.mode === "dhcp") return [];
    const hasAddress = typeof link.ip_address === "string" && link.ip_address !== "";
    return owned("subnet", link.subnet, {
      what: hasAddress
        ? `${textOf(link.ip_address)} ${of}`
        : `${textOf(link.mode).toUpperCase()} link without an address ${of}`,
      effect: "deleted",
      ...(isRack
        ? rack
        : { object: { kind: "network_interface_link", id: `${systemId}/${idOf(nic)}/${idOf(link)}` } as const }),
      ...(hasAddress && link.mode !== "dhcp" && { isInUse: true }),
    });
  });
  const vlan = (nic.vlan ?? null) as ObjectJson | null;
  const kind = isRack ? undefined : kindOfInterface(nic);
  const own = kind && ({ kind: kind.name, id: idOf(nic) } as const);
  const along = own === undefined ? [] : lostWith(node, nic, own, links);
  if (vlan === null) return [...links, ...along];
  const isVlanInterface = kindOfInterface(nic) === KINDS.network_interface_vlan;
  const itself: Dependent = {
    what: `${isVlanInterface ? "VLAN interface" : "interface"} ${textOf(nic.name)} of ${hostname}`,
    effect: isVlanInterface ? "deleted" : "moved",
    ...rack,
    ...(isRack && { object: { kind: "rack_interface", id: `${systemId}/${idOf(nic)}` } as const }),
    ...(own && { object: own }),
  };
  const moved = [...owned("vlan", vlan, itself), blocking(vlan, itself)];
  return [...links, ...along, ...moved, ...(isRack || isVlanInterface ? [] : linksLostOn(vlan, links))];
}

/**
 * What MAAS deletes along with an interface: its links, and what is made over it alone.
 *
 * @see MAAS models/interface.py `Interface.delete`, models/signals/interfaces.py (3.6.4); live regions 3.4.10 to 3.7.3
 */
function lostWith(
  node: ObjectJson,
  nic: ObjectJson,
  owner: { readonly kind: ManagedKindName; readonly id: string },
  links: readonly Ownership[],
): Ownership[] {
  const over = rowsOf(node.interface_set).filter(
    ({ parents }) => Array.isArray(parents) && parents.length === 1 && parents[0] === nic.name,
  );
  return [
    ...links.map(({ dependent: { isInUse: _used, ...dependent } }) => ({ ...owner, dependent })),
    ...over.map((child): Ownership => {
      const kind = kindOfInterface(child);
      const what = `${kind?.title ?? "interface"} ${textOf(child.name)} of ${textOf(node.hostname)}`;
      const object = kind && { object: { kind: kind.name, id: idOf(child) } };
      return { ...owner, dependent: { what, effect: "deleted", ...object } };
    }),
  ];
}

/**
 * The links of an interface as what goes along with its VLAN. MAAS unlinks every subnet from an interface of a machine or
 * device whose VLAN changes (models/signals/interfaces.py, 3.6.4), and the default VLAN is another one.
 */
const linksLostOn = (vlan: ObjectJson, links: readonly Ownership[]): Ownership[] =>
  links.flatMap(({ dependent: { what, effect, object } }) =>
    owned("vlan", vlan, { what, effect, ...(object && { object }) }),
  );

const nodes = (rows: readonly ObjectJson[], kind: NodeKind): Ownership[] =>
  rows.flatMap((node) => rowsOf(node.interface_set).flatMap((nic) => interfaceOwnerships(node, nic, kind)));

/** Objects that MAAS deletes along with those that they refer to, as their kinds say. */
const KIND_SOURCES: readonly Source[] = Object.values<Kind>(KINDS).flatMap((kind) => {
  const ends = kind.fields.filter(({ deletedAlong }) => deletedAlong === true);
  const find: Source["find"] = async (list) =>
    (await list(kind.api.collection)).flatMap((row) => {
      const what = `${kind.title} ${keysOfRow(kind, row).at(-1) ?? ""}`;
      const object = { kind: kind.name as ManagedKindName, id: idOf(row) };
      return ends.flatMap(({ references, jsonPath = "" }): Ownership[] => {
        const [member = ""] = jsonPath.split(".");
        const owner = (row[member] ?? null) as ObjectJson | null;
        const of = references as ManagedKindName;
        const dependent: Dependent = { what, effect: "deleted", object };
        return owner === null ? [] : [{ kind: of, id: COLLECTIONS[KINDS[of].api.collection].id(owner), dependent }];
      });
    });
  return ends.length === 0 ? [] : [{ of: ends.map(({ references }) => references as ManagedKindName), find }];
});

/**
 * All that MAAS deletes, moves or changes along with an object without a word.
 *
 * @see MAAS models/subnet.py, models/vlan.py, models/fabric.py, models/space.py, models/staticipaddress.py (3.6.4); live
 * regions 3.4.10, 3.6.5 and 3.7.3
 */
export const SOURCES: readonly Source[] = [
  {
    of: ["fabric", "vlan", "vlan_dhcp", "space"],
    find: async (list) => {
      const own = (await list("spaces")).filter(({ id }) => id !== NO_SPACE);
      const byName = new Map(own.map((space) => [space.name, space]));
      return (await list("fabrics")).flatMap((fabric) =>
        rowsOf(fabric.vlans).flatMap((vlan) => vlanOwnerships(vlan, fabric, byName)),
      );
    },
  },
  { of: ["fabric", "vlan"], find: async (list) => (await list("subnets")).flatMap(subnetOwnerships) },
  {
    of: ["subnet", "vlan", "fabric", ...INTERFACE_KINDS.map(({ name }) => name)],
    find: async (list) => [
      ...nodes(await list("machines"), { isRack: false }),
      ...nodes(await list("devices"), { isRack: false }),
      ...nodes(await list("rackcontrollers"), { isRack: true }),
    ],
  },
  ...KIND_SOURCES,
];
