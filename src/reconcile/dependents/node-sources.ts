import { KINDS, kindOfInterface } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import type { Dependent } from "./dependents";
import { blocking, idOf, owned, type Ownership } from "./ownership";

/** A node whose interfaces are looked at. */
interface Node {
  readonly row: ObjectJson;
  readonly isRack: boolean;
  readonly isDevice: boolean;
}

type Owner = Pick<Ownership, "kind" | "id">;

/** A rack reports its own interfaces: nobody manages them, and what is on them is the rack's. */
const rackOf = ({ row, isRack }: Node): Pick<Dependent, "rack"> =>
  isRack ? { rack: [textOf(row.system_id), textOf(row.hostname)] } : {};

/** The links of an interface, by their subnets. */
function linksOf(node: Node, nic: ObjectJson): Ownership[] {
  const { row, isRack } = node;
  const [systemId, hostname] = [textOf(row.system_id), textOf(row.hostname)];
  const of = `of ${hostname} (${textOf(nic.name)})`;
  return rowsOf(nic.links).flatMap((link) => {
    // A rack's DHCP address is only seen on the wire.
    if (isRack && link.mode === "dhcp") return [];
    const address = typeof link.ip_address === "string" && link.ip_address !== "" ? link.ip_address : undefined;
    return owned("subnet", link.subnet, {
      what:
        address === undefined ? `${textOf(link.mode).toUpperCase()} link without an address ${of}` : `${address} ${of}`,
      effect: "deleted",
      ...(isRack
        ? rackOf(node)
        : { object: { kind: "network_interface_link", id: `${systemId}/${idOf(nic)}/${idOf(link)}` } as const }),
      ...(address !== undefined && { address }),
      ...(address !== undefined && link.mode !== "dhcp" && { isInUse: true }),
    });
  });
}

/** The links as what goes along with another object than their subnet. Only a subnet has to be forced for them. */
const asLostWith = (owner: Owner, links: readonly Ownership[]): Ownership[] =>
  links.map(({ dependent: { isInUse: _used, ...dependent } }) => ({ ...owner, dependent }));

/** The interfaces of the node that are made over the interface. */
const over = ({ row }: Node, nic: ObjectJson): ObjectJson[] =>
  rowsOf(row.interface_set).filter(({ parents }) => Array.isArray(parents) && parents.includes(nic.name));

const isOverOne = ({ parents }: ObjectJson): boolean => Array.isArray(parents) && parents.length === 1;

function asDependent({ row }: Node, nic: ObjectJson, effect: Dependent["effect"]): Dependent {
  const kind = kindOfInterface(nic);
  const what = `${kind?.title ?? "interface"} ${textOf(nic.name)} of ${textOf(row.hostname)}`;
  return { what, effect, ...(kind && { object: { kind: kind.name, id: idOf(nic) } }) };
}

/**
 * What MAAS deletes along with an interface: its links, and what is made over it alone, with all of that in turn. What is
 * made over others as well loses it.
 *
 * @see MAAS models/interface.py `Interface.delete`, models/signals/interfaces.py (3.6.4); live regions 3.4.10 to 3.7.3
 */
const lostWith = (node: Node, nic: ObjectJson, owner: Owner, children = over(node, nic)): Ownership[] => [
  ...asLostWith(owner, linksOf(node, nic)),
  ...children.flatMap((child) =>
    isOverOne(child)
      ? [{ ...owner, dependent: asDependent(node, child, "deleted") }, ...lostWith(node, child, owner)]
      : [{ ...owner, dependent: asDependent(node, child, "changed") }],
  ),
];

/**
 * What MAAS does to an interface whose VLAN is deleted: a VLAN interface goes, another one moves to the fabric's default
 * VLAN. MAAS unlinks every subnet from an interface of a machine or device whose VLAN changes (models/signals/interfaces.py,
 * 3.6.4), and the default VLAN is another one.
 */
function lostOnVlan(node: Node, nic: ObjectJson, vlan: ObjectJson): Ownership[] {
  const kind = node.isRack ? undefined : kindOfInterface(nic);
  const isVlanInterface = kindOfInterface(nic) === KINDS.network_interface_vlan;
  const itself: Dependent = {
    what: `${isVlanInterface ? "VLAN interface" : "interface"} ${textOf(nic.name)} of ${textOf(node.row.hostname)}`,
    effect: isVlanInterface ? "deleted" : "moved",
    ...rackOf(node),
    ...(node.isRack && {
      object: { kind: "rack_interface", id: `${textOf(node.row.system_id)}/${idOf(nic)}` } as const,
    }),
    ...(kind && { object: { kind: kind.name, id: idOf(nic) } }),
  };
  const owner = { kind: "vlan", id: idOf(vlan) } as const;
  // What is over a VLAN interface and on its VLAN as well moves like all others there.
  const isElsewhere = ({ vlan: other }: ObjectJson): boolean => idOf(other) !== owner.id;
  const links = node.isRack
    ? []
    : isVlanInterface
      ? lostWith(node, nic, owner, over(node, nic).filter(isElsewhere))
      : asLostWith(owner, linksOf(node, nic));
  return [{ ...owner, dependent: itself }, blocking(vlan, itself), ...links];
}

function ofInterface(node: Node, nic: ObjectJson): Ownership[] {
  const links = linksOf(node, nic);
  const kind = node.isRack ? undefined : kindOfInterface(nic);
  const vlan = (nic.vlan ?? null) as ObjectJson | null;
  return [
    ...links,
    ...(kind === undefined ? [] : lostWith(node, nic, { kind: kind.name, id: idOf(nic) })),
    ...(node.isDevice ? asLostWith({ kind: "device", id: textOf(node.row.system_id) }, links) : []),
    ...(vlan === null ? [] : lostOnVlan(node, nic, vlan)),
  ];
}

/** What is on the interfaces of nodes: their links, and the interfaces themselves, by all that they go along with. */
export const ofNodes = (rows: readonly ObjectJson[], kind: Partial<Omit<Node, "row">> = {}): Ownership[] =>
  rows.flatMap((row) =>
    rowsOf(row.interface_set).flatMap((nic) => ofInterface({ isRack: false, isDevice: false, ...kind, row }, nic)),
  );
