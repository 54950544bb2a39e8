import { readDigits } from "../../../lib/model/digits";
import { badRequest, crash, forbidden, notFound } from "../errors";
import { readAnyInteger } from "../text/python";
import type {
  DnsDataRow,
  DnsResourceRow,
  DomainRow,
  FabricRow,
  RangeRow,
  ReservedIpRow,
  SpaceRow,
  SubnetRow,
  VlanRow,
} from "../store/rows";
import type { Row } from "../store/table";
import type { Store } from "../store/store";
import { readAddress, readNetwork, showCidr } from "../text/addresses";

/** How MAAS finds one kind of object by the text in a path or a parameter ("specifier"). */
interface Finder<R extends Row> {
  /** The name in MAAS's messages; in lower case it prefixes ids, as in `fabric-3`. */
  readonly name: string;
  get(store: Store, id: number): R | undefined;
  all(store: Store): R[];
  /** Specifiers with a prefix, such as `name:lab`. */
  readonly prefixes: Readonly<Record<string, (store: Store, item: string) => R[]>>;
  /** Text that is no id. */
  byText(store: Store, item: string): R[];
}

const noNames = (model: string) => (): never => {
  throw crash(`Cannot resolve keyword 'name' into field of ${model}.`);
};

const byId =
  <R extends Row>(get: (store: Store, id: number) => R | undefined) =>
  (store: Store, item: string): R[] => {
    const found = get(store, readAnyInteger(item) ?? NaN);
    return found === undefined ? [] : [found];
  };

const subnetsByCidr = (store: Store, item: string) => {
  const network = readNetwork(item);
  return network === undefined ? undefined : store.subnets.by("cidr", showCidr(network));
};

function finder<R extends Row>(found: Omit<Finder<R>, "prefixes"> & Partial<Finder<R>>): Finder<R> {
  const get = (store: Store, id: number) => found.get(store, id);
  return { ...found, prefixes: { id: byId(get), ...found.prefixes } };
}

/** What is found by kind. */
interface Finds {
  fabric: FabricRow;
  space: SpaceRow;
  subnet: SubnetRow;
  iprange: RangeRow;
  reservedip: ReservedIpRow;
  domain: DomainRow;
  dnsresource: DnsResourceRow;
  dnsdata: DnsDataRow;
}

/** MAAS's specifiers, by kind of object. */
const FINDERS: { readonly [K in keyof Finds]: Finder<Finds[K]> } = {
  fabric: finder({
    name: "Fabric",
    get: (store, id) => store.fabrics.get(id),
    all: (store) => store.fabrics.all(),
    byText: (store, item) => store.fabrics.by("name", item),
    prefixes: {
      name: (store, item) => store.fabrics.by("name", item),
      class: (store, item) => store.fabrics.all().filter((fabric) => fabric.classType === item),
    },
  }),
  space: finder({
    name: "Space",
    get: (store, id) => store.spaces.get(id),
    all: (store) => store.spaces.all(),
    byText: (store, item) => store.spaces.by("name", item),
    prefixes: { name: (store, item) => store.spaces.by("name", item) },
  }),
  subnet: finder({
    name: "Subnet",
    get: (store, id) => store.subnets.get(id),
    all: (store) => store.subnets.all(),
    byText: (store, item) => subnetsByCidr(store, item) ?? store.subnets.by("name", item),
    prefixes: {
      name: (store, item) => store.subnets.by("name", item),
      cidr(store, item) {
        const found = subnetsByCidr(store, item);
        if (found === undefined) throw crash(`invalid IPNetwork ${item}`);
        return found;
      },
      ip(store, item) {
        const address = readAddress(item);
        if (address === undefined) throw crash(`failed to detect a valid IP address from '${item}'`);
        return store.networks.containing(address);
      },
      vid(store, item) {
        const vlans = store.vlans.by("vid", item.toLowerCase() === "untagged" ? 0 : readVid(item));
        return vlans.flatMap((vlan) => store.subnets.by("vlan", vlan.id));
      },
      space(store: Store, item: string): SubnetRow[] {
        const vlans: VlanRow[] = item === "undefined" ? store.vlans.by("space", null) : spaceVlans(store, item);
        return vlans.flatMap((vlan) => store.subnets.by("vlan", vlan.id));
      },
    },
  }),
  iprange: finder({
    name: "IPRange",
    get: (store, id) => store.ranges.get(id),
    all: (store) => store.ranges.all(),
    byText: noNames("IPRange"),
    prefixes: {
      type: (store, item) => store.ranges.all().filter((range) => range.type === item),
      start_ip: (store, item) => store.ranges.all().filter((range) => range.startIp === item),
      end_ip: (store, item) => store.ranges.all().filter((range) => range.endIp === item),
    },
  }),
  reservedip: finder({
    name: "ReservedIP",
    get: (store, id) => store.reservedIps.get(id),
    all: (store) => store.reservedIps.all(),
    byText: noNames("ReservedIP"),
  }),
  domain: finder({
    name: "Domain",
    get: (store, id) => store.domains.get(id),
    all: (store) => store.domains.all(),
    byText: (store, item) => store.domains.by("name", item),
    prefixes: { name: (store, item) => store.domains.by("name", item) },
  }),
  dnsresource: finder({
    name: "DNSResource",
    get: (store, id) => store.dnsResources.get(id),
    all: (store) => store.dnsResources.all(),
    byText: (store, item) => store.dnsResources.all().filter((resource) => resource.name === item),
    prefixes: { name: (store, item) => store.dnsResources.all().filter((resource) => resource.name === item) },
  }),
  dnsdata: finder({
    name: "DNSData",
    get: (store, id) => store.dnsData.get(id),
    all: (store) => store.dnsData.all(),
    byText: noNames("DNSData"),
  }),
};

export type FinderKind = keyof Finds;
type Found<K extends FinderKind> = Finds[K];

/** The id that the text stands for: a number, or `<kind>-<number>`. */
export function idOf(kind: FinderKind, text: string): number | undefined {
  const prefix = `${FINDERS[kind].name.toLowerCase()}-`;
  const bare = text.trim();
  return readAnyInteger(text) ?? (bare.startsWith(prefix) ? readDigits(bare.slice(prefix.length)) : undefined);
}

/** All objects that the specifier matches; parts after commas narrow it down. */
export function match<K extends FinderKind>(store: Store, kind: K, specifier: string): Found<K>[] {
  const found = FINDERS[kind] as Finder<Found<K>>;
  const matches = specifier.split(",").map((part) => matchPart(store, kind, found, part.trim()));
  const [first = [], ...others] = matches;
  return first.filter((row) => others.every((rows) => rows.includes(row)));
}

function matchPart<R extends Row>(store: Store, kind: FinderKind, found: Finder<R>, part: string): R[] {
  const isExcluded = part.startsWith("!") || part.startsWith("not_");
  const bare = part.replace(/^([&|!]|not_)/, "");
  const rows = matchItem(store, kind, found, bare);
  return isExcluded ? found.all(store).filter((row) => !rows.includes(row)) : rows;
}

function matchItem<R extends Row>(store: Store, kind: FinderKind, found: Finder<R>, item: string): R[] {
  const colon = item.indexOf(":");
  const prefixed = colon < 0 ? undefined : found.prefixes[item.slice(0, colon)];
  if (prefixed !== undefined) return prefixed(store, item.slice(colon + 1));
  const id = idOf(kind, item);
  if (id === undefined) return found.byText(store, item);
  const row = found.get(store, id);
  return row === undefined ? [] : [row];
}

/** @throws MaasError 404 when nothing matches, 403 when more than one object does. */
export function find<K extends FinderKind>(store: Store, kind: K, specifier: string): Found<K> {
  return only(FINDERS[kind].name, match(store, kind, specifier.trim()));
}

/** The one row of the list. @throws MaasError 404 or 403 in MAAS's words. */
export function only<R>(model: string, rows: readonly R[]): R {
  const [row, another] = rows;
  if (row === undefined) throw notFound(`No ${model} matches the given query.`);
  if (another !== undefined) throw forbidden(`Too many ${model} objects match the given query.`);
  return row;
}

/** A VLAN of a fabric by what stands in a path: VID, `untagged`, or name. */
export function findVlan(store: Store, fabricId: number, specifier: string) {
  const vlans = store.vlans.by("fabric", fabricId);
  const item = specifier.trim().replace(/^vid:/, "");
  if (item.startsWith("name:"))
    return only(
      "VLAN",
      vlans.filter((vlan) => vlan.name === item.slice(5)),
    );
  if (item.startsWith("id:"))
    return only(
      "VLAN",
      vlans.filter((vlan) => vlan.id === Number(item.slice(3))),
    );
  const vid = item === "untagged" ? 0 : readAnyInteger(item);
  if (vid === undefined)
    return only(
      "VLAN",
      vlans.filter((vlan) => vlan.name === item),
    );
  checkVid(vid);
  return only(
    "VLAN",
    vlans.filter((vlan) => vlan.vid === vid),
  );
}

function readVid(item: string): number {
  const vid = readAnyInteger(item);
  if (vid === undefined) throw crash(`invalid literal for int() with base 10: '${item}'`);
  checkVid(vid);
  return vid;
}

function checkVid(vid: number): void {
  if (vid < 0 || vid >= 0xfff) throw badRequest("VLAN tag (VID) out of range (0-4094; 0 for untagged.)");
}

function spaceVlans(store: Store, item: string): VlanRow[] {
  const space: SpaceRow = find(store, "space", item);
  return store.vlans.by("space", space.id);
}
