import type { ApiPlace, HeldObject } from "../../lib/model/api-place";
import type { Kind } from "../../lib/model/kind";
import { type Collection, KINDS } from "../../lib/model/kinds";
import { canonicalKey, parseKey } from "../../lib/model/natural-key";
import { textOf } from "../../lib/model/text";
import { filled, pathOf } from "./api-url";
import type { Query } from "./client";
import { type ObjectJson, rowsOf } from "./codec";
import { keysOfRow } from "./indexed-rows";

/** A GET for one object by its id or its natural key. The answer is the object, or a list that holds it. */
export interface KeyLookup {
  readonly path: string;
  readonly query?: Query;
}

/** How MAAS's API gives the objects of one collection. */
export interface Source {
  /** The call that reads one object, by id. */
  readonly byId: (id: string) => KeyLookup;
  /** The call that lists the collection, and the objects inside each row. */
  readonly list: string;
  readonly rows: (listed: ObjectJson) => readonly ObjectJson[];
  readonly id: (row: ObjectJson) => string;
  /** The natural keys of a row, each in one spelling, the usual one first. */
  readonly keys: (row: ObjectJson) => readonly string[];
  /** The one spelling of a natural key. */
  readonly spelled: (key: string) => string;
  /** The form of an id that may stand in place of a natural key. */
  readonly idForm?: RegExp;
  /** The call that asks by natural key; undefined for a key that MAAS can't be asked by. */
  readonly byKey: (key: string) => KeyLookup | undefined;
  /** The keys of all, where MAAS lists them nowhere and answers with the bare value of one: a row is its key and that. */
  readonly values?: readonly string[];
  /** Collections whose rows repeat something of this one's, and so are out of date after a change or a deletion here. */
  readonly repeatedIn: readonly Collection[];
  /** The collection that comes inside the rows, so that one read answers for both. */
  readonly nested?: Collection;
  /** The objects that a row of an answer stands for, which takes the rows of another collection. Absent = the row itself. */
  readonly parts?: {
    readonly with: Collection;
    readonly of: (row: ObjectJson, others: readonly ObjectJson[]) => readonly ObjectJson[];
  };
  /** The object that a row holds without its id. */
  readonly held?: HeldObject<Collection>;
  /**
   * A row costs the region far more than those of other collections, so that single reads of these objects have a budget
   * of their own: whatever else is read, it never leads to the list.
   */
  readonly isHeavy: boolean;
  /** Not every release of MAAS has the call: one that lacks it has no such objects. */
  readonly isOptional: boolean;
}

/** An FQDN tells nodes of one hostname in several domains apart. Only hostnames hold no dot. */
const nodeKey = (key: string): string => (key.includes(".") ? key.toLowerCase() : key);

/** The members of a row that its id is made of, with their values in that id. */
function idParts(rowId: string, id: string): Record<string, string | undefined> {
  const names = [...rowId.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const values = names.length === 1 ? [id] : id.split("/");
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** A GET that finds an object by the parts of its key or its id: MAAS's path, or its list with a filter. */
function lookup(template: string, parts: Readonly<Partial<Record<string, string>>>): KeyLookup {
  const [path = "", filter] = template.split("?");
  if (filter === undefined) return { path: pathOf(path, parts) };
  const values = [...new URLSearchParams(filter)].map(([name, value]) => [name, filled(value, parts)] as const);
  return { path, query: Object.fromEntries(values) };
}

function byKey(kind: Kind | undefined, { byKey: call, dnsName }: ApiPlace, key: string): KeyLookup | undefined {
  const parts = kind && parseKey(kind.name, dnsName === undefined ? key : (key.split(".")[0] ?? ""));
  if (call === undefined || parts === undefined || call.only?.test(key) === false) return undefined;
  return lookup(call.path, parts);
}

type Place = ApiPlace<Collection>;

const KIND_OF = new Map<Collection, Kind>();
for (const kind of Object.values<Kind>(KINDS))
  if (!KIND_OF.has(kind.api.collection)) KIND_OF.set(kind.api.collection, kind);

const PLACES: readonly Place[] = [...KIND_OF.values()].map(({ api }) => api);

function sourceOf(place: Place): Source {
  const { collection, rowId = "{id}", one = `${collection}/${rowId}/` } = place;
  const { within, dnsName, idIsKey, isHeavy = false, isOptional = false, parts } = place;
  const kind = KIND_OF.get(collection);
  const member = within?.member;
  return {
    ...{ isHeavy, isOptional },
    byId: (id) => (typeof one === "string" ? lookup(one, idParts(rowId, id)) : { path: one(id) }),
    list: within?.list ?? `${collection}/`,
    rows: (row) => (member === undefined ? [row] : rowsOf(row[member])),
    id: (row) => rowId.replace(/\{(\w+)\}/g, (_, name: string) => textOf(row[name])),
    keys: (row) => {
      const names = kind === undefined ? [] : keysOfRow(kind, row);
      return dnsName === undefined || typeof row[dnsName] !== "string" ? names : [...names, nodeKey(row[dnsName])];
    },
    spelled: (key) => (dnsName !== undefined ? nodeKey(key) : kind === undefined ? key : canonicalKey(kind.name, key)),
    byKey: (key) => byKey(kind, place, key),
    repeatedIn: PLACES.filter(({ repeats = [] }) => repeats.includes(collection)).map((other) => other.collection),
    ...(idIsKey === true && kind !== undefined && { idForm: kind.id.form }),
    ...(place.values && { values: place.values }),
    ...(place.contains !== undefined && { nested: place.contains as Collection }),
    ...(place.held && { held: place.held as HeldObject<Collection> }),
    ...(parts !== undefined && { parts: { ...parts, with: parts.with as Collection } }),
  };
}

export const COLLECTIONS = Object.fromEntries(PLACES.map((place) => [place.collection, sourceOf(place)])) as Readonly<
  Record<Collection, Source>
>;

export const ALL_COLLECTIONS = Object.entries(COLLECTIONS) as [Collection, Source][];
