import { Cidr } from "../../lib/model/cidr";
import type { Collection } from "../../lib/model/kind";
import { canonicalKey } from "../../lib/model/natural-key";
import { textOf } from "../../lib/model/text";
import { apiPath } from "./api-path";
import type { Query } from "./client";
import type { ObjectJson } from "./codec";

/** A GET for one object by its natural key. The answer is the object, or a list that holds it. */
export interface KeyLookup {
  readonly path: string;
  readonly query?: Query;
}

/** How MAAS's API gives the objects of one collection. */
export interface Source {
  /** Path of one object, by id. */
  readonly one: (id: string) => string;
  /** The call that lists the collection, and the objects inside each row. */
  readonly list: string;
  readonly rows: (listed: ObjectJson) => readonly ObjectJson[];
  readonly id: (row: ObjectJson) => string;
  /** The natural key of a row, where MAAS can be asked by it. */
  readonly key?: (row: ObjectJson) => string;
  /** The call that asks by natural key; undefined for a key that MAAS can't be asked by. */
  readonly byKey?: (key: string) => KeyLookup | undefined;
  /** Collections whose rows repeat something of this one's, and so are out of date after a change or a deletion here. */
  readonly repeatedIn: readonly Collection[];
  /** The collection that comes inside the rows, so that one read answers for both. */
  readonly nested?: Collection;
  /**
   * A row costs the region far more than those of other collections, so that single reads of these objects have a budget
   * of their own: whatever else is read, it never leads to the list.
   */
  readonly isHeavy?: boolean;
}

/** MAAS's URL pattern takes a CIDR only with a prefix length of two or three digits. */
const SHORTEST_LOOKUP_PREFIX = 10;

const inside =
  (key: string) =>
  (row: ObjectJson): readonly ObjectJson[] =>
    (row[key] ?? []) as readonly ObjectJson[];

const plain = (name: Collection, repeatedIn: readonly Collection[]): Source => ({
  one: (id) => apiPath`${name}/${id}/`,
  list: `${name}/`,
  rows: (row) => [row],
  id: (row) => textOf(row.id),
  repeatedIn,
});

const named = (name: "fabrics" | "spaces", repeatedIn: readonly Collection[]): Source => ({
  ...plain(name, repeatedIn),
  key: (row) => textOf(row.name),
  // The prefix keeps a name that is a number from being read as an id.
  byKey: (key) => ({ path: apiPath`${name}/${`name:${key}`}/` }),
});

export const COLLECTIONS: Readonly<Record<Collection, Source>> = {
  fabrics: { ...named("fabrics", ["vlans"]), nested: "vlans" },
  vlans: { ...plain("vlans", ["fabrics", "subnets", "spaces", "interfaces"]), list: "fabrics/", rows: inside("vlans") },
  spaces: named("spaces", ["vlans", "subnets"]),
  subnets: {
    ...plain("subnets", ["ipranges", "interfaces", "spaces"]),
    key: (row) => canonicalKey("subnet", textOf(row.cidr)),
    byKey: (cidr) =>
      Cidr.parse(cidr).prefixLength < SHORTEST_LOOKUP_PREFIX
        ? undefined
        : { path: apiPath`subnets/${`cidr:${cidr}`}/` },
  },
  ipranges: plain("ipranges", []),
  rackcontrollers: {
    ...plain("rackcontrollers", ["interfaces"]),
    id: (row) => textOf(row.system_id),
    key: (row) => textOf(row.hostname),
    byKey: (hostname) => ({ path: "rackcontrollers/", query: { hostname } }),
    nested: "interfaces",
  },
  interfaces: {
    one: (id) => {
      const [rack = "", nic = ""] = id.split("/");
      return apiPath`nodes/${rack}/interfaces/${nic}/`;
    },
    list: "rackcontrollers/",
    rows: inside("interface_set"),
    id: (row) => `${textOf(row.system_id)}/${textOf(row.id)}`,
    repeatedIn: ["rackcontrollers"],
  },
  // A machine comes with its interfaces, their links and its default gateways: one GET answers for all of them, and for
  // the data source. What its rows repeat of subnets and VLANs is only read where it can't change: ids and CIDRs.
  machines: {
    ...plain("machines", []),
    id: (row) => textOf(row.system_id),
    key: (row) => textOf(row.hostname),
    byKey: (hostname) => ({ path: "machines/", query: { hostname } }),
    isHeavy: true,
  },
};
