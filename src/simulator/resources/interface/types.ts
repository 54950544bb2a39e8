import { Invalid } from "../../model/errors";
import type { Store } from "../../model/store";
import type { InterfaceRow } from "./interface";
import { parentsOf } from "./rows";

/** What MAAS's model says of the interfaces of one type. */
interface InterfaceTypeRules {
  /** It is made over other interfaces: it is enabled while one of them is. */
  readonly isOverOthers: boolean;
  /** It takes its parents over: they lose their links and follow it to its VLAN. */
  readonly ownsParents: boolean;
  /** It has the MAC address of its parent, whatever it is given. */
  readonly hasMacOfParent: boolean;
  /** The check of a stored interface with its parents. @throws Invalid */
  check(nic: InterfaceRow, parents: readonly InterfaceRow[]): void;
}

export type InterfaceType = "physical" | "bond" | "bridge" | "vlan" | "unknown";

const root: InterfaceTypeRules = {
  isOverOthers: false,
  ownsParents: false,
  hasMacOfParent: false,
  check: () => undefined,
};

export const INTERFACE_TYPES: Readonly<Record<InterfaceType, InterfaceTypeRules>> = {
  physical: root,
  unknown: root,
  bond: {
    isOverOthers: true,
    ownsParents: true,
    hasMacOfParent: false,
    check(_nic, parents) {
      if (parents.length > 0 && parents.every(({ type }) => type === "physical")) return;
      throw Invalid.field("parents", "Only physical interfaces can be bonded.");
    },
  },
  bridge: {
    isOverOthers: true,
    ownsParents: true,
    hasMacOfParent: false,
    check(_nic, parents) {
      if (parents.every(({ type }) => type !== "bridge")) return;
      throw Invalid.field("parents", "Bridges cannot contain other bridges.");
    },
  },
  vlan: {
    isOverOthers: true,
    ownsParents: false,
    hasMacOfParent: true,
    check({ vlan }, parents) {
      const [parent] = parents;
      if (parent === undefined || parents.length > 1) {
        throw Invalid.field("parents", "VLAN interface must have exactly one parent.");
      }
      if (!["physical", "bond", "bridge"].includes(parent.type)) {
        throw Invalid.field("parents", "VLAN interface can only be created on a physical or bond interface.");
      }
      if (vlan === null) throw Invalid.field("vlan", "VLAN interface requires connection to a VLAN.");
    },
  },
};

/** Whether it is to be configured: a child is as long as one of its parents is. */
export function isEnabled(store: Store, nic: InterfaceRow): boolean {
  if (!INTERFACE_TYPES[nic.type].isOverOthers) return nic.enabled;
  const parents = parentsOf(store, nic);
  return parents.length === 0 ? nic.enabled : parents.some((parent) => isEnabled(store, parent));
}
