import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { type Collection, SYSTEM_ID } from "../../lib/model/kind";
import { canonicalKey, formatKey } from "../../lib/model/natural-key";
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
  /** The natural keys of a row, each in one spelling, the usual one first. */
  readonly keys: (row: ObjectJson) => readonly string[];
  /** The one spelling of a natural key. */
  readonly spelled: (key: string) => string;
  /** The form of an id that may stand in place of a natural key. */
  readonly idForm?: RegExp;
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
  readonly isHeavy?: true;
  /** Not every release of MAAS has the call: one that lacks it has no such objects. */
  readonly isOptional?: true;
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
  keys: () => [],
  spelled: (key) => key,
  repeatedIn,
});

const optional = (name: Collection): Source => ({ ...plain(name, []), isOptional: true });

const named = (name: "fabrics" | "spaces", repeatedIn: readonly Collection[]): Source => ({
  ...plain(name, repeatedIn),
  keys: (row) => [textOf(row.name)],
  // The prefix keeps a name that is a number from being read as an id.
  byKey: (key) => ({ path: apiPath`${name}/${`name:${key}`}/` }),
});

const rangeKey = (start: unknown, end: unknown): string => {
  const ends = [start, end].map((address) => IpAddress.tryParse(textOf(address))?.toString() ?? textOf(address));
  return ends.join("-");
};

/** An FQDN tells nodes of one hostname in several domains apart. Only hostnames hold no dot. */
const nodeKey = (key: string): string => (key.includes(".") ? key.toLowerCase() : key);

/** Machines and rack controllers go by hostname, FQDN or system id. MAAS looks them up by hostname only. */
const nodes = (name: "rackcontrollers" | "machines", repeatedIn: readonly Collection[]): Source => ({
  ...plain(name, repeatedIn),
  id: (row) => textOf(row.system_id),
  keys: ({ hostname, fqdn }) => [textOf(hostname), ...(typeof fqdn === "string" ? [nodeKey(fqdn)] : [])],
  spelled: nodeKey,
  idForm: SYSTEM_ID,
  byKey: (key) => {
    const [hostname = ""] = key.split(".");
    return hostname === "" ? undefined : { path: `${name}/`, query: { hostname } };
  },
});

export const COLLECTIONS: Readonly<Record<Collection, Source>> = {
  fabrics: { ...named("fabrics", ["vlans"]), nested: "vlans" },
  vlans: {
    ...plain("vlans", ["fabrics", "subnets", "spaces", "interfaces"]),
    list: "fabrics/",
    rows: inside("vlans"),
    keys: ({ fabric, vid }) => [formatKey("vlan", { fabric: textOf(fabric), vid: textOf(vid) }) ?? ""],
  },
  spaces: named("spaces", ["vlans", "subnets"]),
  subnets: {
    ...plain("subnets", ["ipranges", "interfaces", "spaces", "static-routes", "reservedips", "dhcp-snippets"]),
    keys: (row) => [canonicalKey("subnet", textOf(row.cidr))],
    spelled: (cidr) => canonicalKey("subnet", cidr),
    byKey: (cidr) =>
      Cidr.parse(cidr).prefixLength < SHORTEST_LOOKUP_PREFIX
        ? undefined
        : { path: apiPath`subnets/${`cidr:${cidr}`}/` },
  },
  // By START-END, which several ranges may have: a dynamic one may cover the reserved one that it lies in.
  ipranges: { ...plain("ipranges", []), keys: ({ start_ip, end_ip }) => [rangeKey(start_ip, end_ip)] },
  rackcontrollers: { ...nodes("rackcontrollers", ["interfaces"]), nested: "interfaces" },
  interfaces: {
    ...plain("interfaces", ["rackcontrollers"]),
    one: (id) => {
      const [rack = "", nic = ""] = id.split("/");
      return apiPath`nodes/${rack}/interfaces/${nic}/`;
    },
    list: "rackcontrollers/",
    rows: inside("interface_set"),
    id: (row) => `${textOf(row.system_id)}/${textOf(row.id)}`,
  },
  // A machine comes with its interfaces, their links and its default gateways: one GET answers for all of them, and for
  // the data source. What its rows repeat of subnets and VLANs is only read where it can't change: ids and CIDRs.
  machines: { ...nodes("machines", []), isHeavy: true },
  devices: { ...optional("devices"), id: (row) => textOf(row.system_id) },
  "static-routes": optional("static-routes"),
  reservedips: optional("reservedips"),
  "dhcp-snippets": optional("dhcp-snippets"),
  domains: optional("domains"),
  dnsresources: optional("dnsresources"),
};
