import type { Collection, ManagedKindName } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
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

export const idOf = (value: unknown): string => textOf((value as ObjectJson | null | undefined)?.id ?? "");

export const owned = (kind: ManagedKindName, owner: unknown, dependent: Dependent): Ownership[] =>
  owner === null || owner === undefined ? [] : [{ kind, id: idOf(owner), dependent }];

/** MAAS refuses to delete a fabric that still has it on a VLAN; told beforehand, nothing is done by halves. */
export const blocking = (vlan: ObjectJson, dependent: Dependent): Ownership => ({
  kind: "fabric",
  id: textOf(vlan.fabric_id),
  dependent: { ...dependent, effect: "blocking" },
});
