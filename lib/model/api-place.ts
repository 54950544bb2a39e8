import type { Members } from "./json-member";
import type { Values } from "./known";

type Row = Readonly<Record<string, unknown>>;

/** A release of MAAS: `[3, 6]` is 3.6 with all its point releases, `[3, 6, 1]` is 3.6.1. */
export type Release = readonly [major: number, minor: number, point?: number];

/** Whether the version, such as `3.6.5` or `3.7.0~beta1`, is of that release or a later one; undefined when it is no version. */
export function isAtLeast(version: string, [major, minor, point = 0]: Release): boolean | undefined {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (parts === null) return undefined;
  const [first = 0, second = 0, third = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  return (first - major || second - minor || third - point) >= 0;
}

/** An object that a row of MAAS's holds without its id. */
export interface HeldObject<C extends string> {
  /** Where the row holds it. */
  readonly member: string;
  /** The collection that it is in, and the member of the row that its own row is then read from. */
  readonly in: (held: Row) => { readonly collection: C; readonly as: string };
  /** The name by which it is found there. */
  readonly name: (held: Row) => string;
}

/**
 * Where MAAS's API has objects: the collection that lists them, and how one is read, found and created there. In templates,
 * `{name}` stands for an attribute, or for a member of MAAS's JSON.
 */
export interface ApiPlace<C extends string = string, N extends string = string> {
  readonly collection: C;
  /** The members of a row that its id is made of. Default: `{id}`. */
  readonly rowId?: string;
  /** Path of one object, by the members of {@link rowId}, or by its id. Default: `COLLECTION/{id}/`. */
  readonly one?: string | ((id: string) => string);
  /** The rows come inside those of another call, as that member. Default: `COLLECTION/` lists them. */
  readonly within?: { readonly list: string; readonly member: string };
  /** The objects that a row of MAAS's answers stands for, in view of the rows of another collection. Default: one, the row itself. */
  readonly parts?: {
    readonly with: string;
    readonly of: (row: Row, others: readonly Row[]) => readonly Row[];
    /** What is read of the rows of other collections that stand for such objects as well. */
    readonly rows: Readonly<Record<string, Members>>;
  };
  /** The collection that comes inside the rows, so that one read answers for both. */
  readonly contains?: string;
  /** Path that finds an object by its natural key, and the keys that it takes. Absent = only the list does. */
  readonly byKey?: { readonly path: string; readonly only?: RegExp };
  /** The member with a DNS name by which an object is known as well: {@link byKey} takes the first label of that. */
  readonly dnsName?: string;
  /** An id may stand in place of a natural key. */
  readonly idIsKey?: true;
  /** Path that a POST creates an object at. Absent = not so. */
  readonly create?: string;
  /** Refusals of a DELETE while something is on the object that this run may move away, and what can be done else. */
  readonly occupied?: { readonly refusal: RegExp; readonly fix: string };
  /** MAAS lists no such objects: these are the ids of all. The call of {@link one} answers with the bare value of one. */
  readonly values?: readonly string[];
  /** The member of a row that holds an object without its id. */
  readonly held?: HeldObject<string>;
  /** Attributes that MAAS loses unless every PUT repeats them. */
  readonly repeated?: readonly N[];
  /** Collections of which the rows repeat something, so that they are out of date after a change there. Default: none. */
  readonly repeats?: readonly string[];
  /** What is read of a row beside what the fields are read from, or otherwise. A row in which it is something else is refused. */
  readonly row?: Members;
  /** The list costs the region much, so that it is not read for what does without: an audit. */
  readonly isCostly?: true;
  /** A row costs the region far more than those of other collections: single reads have a budget of their own. */
  readonly isHeavy?: true;
  /** Not every release of MAAS has the call: one that lacks it has no such objects. */
  readonly isOptional?: true;
  /** MAAS's type of interface, of interfaces of nodes: an operation of that name makes one. */
  readonly interfaceType?: "physical" | "bond" | "bridge" | "vlan";
  /** Of interfaces: the ones that it is made over are its alone, so that no two can have the same one. */
  readonly ownsParents?: true;
  /** The first release of MAAS that has the call, and what to do on an older one. Absent = all that are supported have it. */
  readonly since?: { readonly release: Release; readonly instead: (attributes: Values) => string };
  /** What reading, finding or changing an object takes beyond that: a strategy of the run-time side (`src/reconcile/kinds`). */
  readonly strategy?: true;
}
