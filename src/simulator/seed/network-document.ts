import { z } from "zod";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../lib/model/document/kinds";
import type { Kind } from "../../../lib/model/kind";
import { INTERFACE_KINDS } from "../../../lib/model/kinds";
import { ADDRESS_RECORD, fqdnOf, recordType, wordsIn } from "../../../lib/model/dns";
import { parseKey } from "../../../lib/model/natural-key";
import { shown, textOf } from "../../../lib/model/text";
import { seededColumns } from "../model/columns";
import { SeedError } from "../model/errors";
import type { TableName } from "../model/store";
import { RESOURCES } from "../resources";
import type { Values } from "./notation";

/** An interface of a machine or a device, with its links. */
interface NodeInterface extends Values {
  readonly name: string;
  readonly vlan?: unknown;
  readonly type?: string | undefined;
  readonly parents?: readonly string[];
  readonly links: Values[];
}

const object = z.looseObject({ key: z.string(), attributes: z.record(z.string(), z.unknown()).default({}) });

/** What a DNS record is made of has to be known here: the records at one name are one object of MAAS. */
const dnsRecord = z.looseObject({
  key: z.string(),
  attributes: z.looseObject({ type: z.string(), name: z.string(), domain: z.string(), data: z.string() }),
});

/**
 * A network document as far as a region can hold it: what `cdktf synth` and `cdktf-maas export` write. What the attributes
 * are is checked in the seed that is made of them.
 */
export const networkDocument = z.looseObject({
  format: z.literal("maas-network"),
  version: z.literal(1, "this program reads version 1: write it with the same version of cdktf-maas").optional(),
  objects: z
    .object({ dns_record: z.array(dnsRecord).default([]) })
    .catchall(z.array(object))
    .prefault({})
    .check(({ value, issues }) => {
      const say = (path: (string | number)[], what: string): void => {
        const message = `there is no such ${what} here: write it with the same version of cdktf-maas`;
        issues.push({ code: "custom", input: value, path, message });
      };
      for (const [kind, objects] of Object.entries(value)) {
        if (!isKind(kind)) say([kind], "kind of object");
        else
          for (const [index, { attributes }] of objects.entries()) {
            const other = Object.keys(attributes).find((name) => fieldOf(kind, name) === undefined);
            if (other !== undefined) say([kind, index, "attributes", other], "attribute");
          }
      }
    }),
});

const isKind = (name: string): name is DocumentKindName => Object.hasOwn(DOCUMENT_KINDS, name);

const fieldOf = (kind: DocumentKindName, name: string) =>
  DOCUMENT_KINDS[kind].fields.find((field) => field.name === name);

/** What the key of an object says of its attributes: an object that is looked up may have no others. */
function attributesInKey(kind: string, key: string): Values {
  if (!isKind(kind)) return {};
  return Object.fromEntries(
    Object.entries(parseKey(kind, key) ?? {}).map(([name, text]) => {
      return [name, fieldOf(kind, name)?.type === "number" ? Number(text) : text];
    }),
  );
}

export const isNetworkDocument = (given: unknown): boolean =>
  typeof given === "object" && given !== null && (given as Values).format === "maas-network";

/** Attributes that a document names otherwise than MAAS does. */
const MAAS_NAMES: Readonly<Record<string, string>> = {
  primary_rack_controller: "primary_rack",
  secondary_rack_controller: "secondary_rack",
};

/**
 * The seed of a region that has all that the document wants, found objects included. The keys of both are the same; what
 * MAAS has no object for, such as static ranges and router advertisements, is left out.
 * @throws SeedError for a link to a subnet that the document does not have
 */
export function seedOf({ objects }: z.output<typeof networkDocument>, source: string): Values {
  const of = (kind: string): readonly z.output<typeof object>[] =>
    (objects[kind] ?? []).map(({ key, attributes }) => ({
      key,
      attributes: { ...attributesInKey(kind, key), ...attributes },
    }));
  const all = (kind: string, table: TableName) => of(kind).map(({ attributes }) => given(table, attributes));
  const dhcp = new Map(of("vlan_dhcp").map(({ key, attributes }) => [key, attributes]));
  const vlanOf = new Map(of("subnet").map(({ key, attributes }) => [key, attributes.vlan]));
  return {
    spaces: all("space", "spaces"),
    fabrics: of("fabric").map(({ key, attributes }) => ({ name: key, ...given("fabrics", attributes) })),
    vlans: of("vlan").map(({ key, attributes }) => ({
      ...given("vlans", attributes),
      ...served(dhcp.get(key)),
    })),
    subnets: all("subnet", "subnets"),
    ip_ranges: all("ip_range", "ip_ranges").filter(({ type }) => type !== "static"),
    static_routes: all("static_route", "static_routes"),
    domains: all("dns_domain", "domains"),
    ...dnsOf(of("dns_record").map(({ attributes }) => attributes)),
    reserved_ips: all("reserved_ip", "reserved_ips"),
    dhcp_snippets: of("dhcp_snippet").map(({ attributes }) => snippet(attributes)),
    settings: Object.fromEntries(of("configuration").map(({ key, attributes }) => [key, textOf(attributes.value)])),
    racks: of("rack_controller").map(({ key }) => ({
      hostname: key,
      interfaces: of("rack_interface")
        .filter(({ attributes }) => attributes.rack_controller === key)
        .map(({ attributes }) => given("interfaces", attributes)),
    })),
    machines: of("machine").map(({ key }) => ({ hostname: key, interfaces: interfacesOf("machine", key) })),
    devices: of("device").map(({ key, attributes }) => ({
      ...given("nodes", attributes),
      interfaces: withAddresses(attributes.network_interfaces, interfacesOf("device", key)),
    })),
  };

  /** The interfaces of a node that the document makes, those that are under them, and those that it links, on the VLANs of their subnets. */
  function interfacesOf(owned: "machine" | "device", node: string): NodeInterface[] {
    const own = (kind: string) => of(kind).filter(({ attributes }) => attributes[owned] === node);
    const made = INTERFACE_KINDS.flatMap((kind) =>
      own(kind.name).map(({ attributes }) => interfaceOf(kind, attributes)),
    );
    const interfaces = new Map(made.map((nic) => [nic.name, nic]));
    for (const { parents = [], vlan, type } of made)
      for (const name of parents)
        if (!interfaces.has(name)) interfaces.set(name, { name, ...(type !== "vlan" && { vlan }), links: [] });
    for (const { key, attributes } of own("network_interface_link")) {
      const { network_interface: name, subnet, mode = "AUTO", ip_address } = attributes;
      if (typeof name !== "string" || typeof subnet !== "string")
        throw new SeedError(
          `${source}: the link "${shown(key)}" of ${node} has no network_interface and subnet, such as "eth0" and "10.20.0.0/24"`,
        );
      const vlan = vlanOf.get(subnet);
      if (vlan === undefined)
        throw new SeedError(`${source}: ${node} has a link to the subnet ${shown(subnet)}, which it does not have`);
      const known = interfaces.get(name) ?? { name, vlan, links: [] };
      known.links.push({ mode, subnet, ...(typeof ip_address === "string" && { ip_address }) });
      interfaces.set(name, known);
    }
    // What is over itself is refused when it is made.
    const depth = ({ name, parents = [] }: NodeInterface, over: readonly string[] = []): number =>
      over.includes(name)
        ? 0
        : Math.max(
            0,
            ...parents.map((under) => depth(interfaces.get(under) ?? { name: under, links: [] }, [...over, name]) + 1),
          );
    return [...interfaces.values()].sort((a, b) => depth(a) - depth(b));
  }
}

/** An interface as a document has it: what MAAS keeps as its parameters has their names. */
function interfaceOf({ fields, api }: Kind, attributes: Values): NodeInterface {
  const params = fields.flatMap(({ name, jsonPath }) => {
    const [value, path] = [attributes[name] ?? null, textOf(jsonPath ?? "")];
    return value === null || !path.startsWith("params.") ? [] : [[path.slice("params.".length), value] as const];
  });
  const parents = attributes.parents ?? (attributes.parent === undefined ? [] : [attributes.parent]);
  return {
    ...given("interfaces", attributes),
    name: textOf(attributes.name ?? attributes.mac_address),
    ...(api.interfaceType !== "physical" && { type: api.interfaceType, parents: parents as string[] }),
    ...(params.length > 0 && { params: Object.fromEntries(params) }),
    links: [],
  };
}

/** The attributes that a seed gives of the table. Empty text says that there is none, as null does. */
function given(table: TableName, attributes: Values): Values {
  const columns = new Set(seededColumns(RESOURCES[table].columns).map(([name]) => name));
  return Object.fromEntries(
    Object.entries(attributes)
      .map(([name, value]) => [MAAS_NAMES[name] ?? name, value] as const)
      .filter(([name, value]) => columns.has(name) && value !== null && value !== ""),
  );
}

/** The interfaces of a device, which MAAS names `eth0` and so on; those that it is linked by have their names already. */
function withAddresses(listed: unknown, linked: readonly NodeInterface[]): Values[] {
  const taken = new Set(linked.map((nic) => nic.mac_address));
  const addresses = (Array.isArray(listed) ? listed : [])
    .map(({ mac_address }: Values) => mac_address)
    .filter((address) => !taken.has(address));
  const named = new Set(linked.map(({ name }) => name));
  const without = linked.filter((nic) => nic.mac_address === undefined && nic.parents === undefined);
  const names = Array.from({ length: named.size + addresses.length }, (_, index) => `eth${index}`);
  const free = names.filter((name) => !named.has(name)).map((name): NodeInterface => ({ name, links: [] }));
  const order = [...without, ...free].slice(0, addresses.length);
  const sorted = order.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
  const addressed = sorted.map((nic, index) => ({ ...nic, mac_address: addresses[index] }));
  return [...addressed, ...linked.filter((nic) => !order.includes(nic))];
}

/** A DHCP snippet, for a node of any kind, a subnet or all. */
function snippet({ name, value, description, enabled, subnet, ...nodes }: Values): Values {
  const node = nodes.machine ?? nodes.device ?? nodes.rack_controller;
  const values = { name, value, description, enabled, subnet, node };
  return Object.fromEntries(Object.entries(values).filter(([, it]) => it !== undefined && it !== null && it !== ""));
}

/** The names of DNS records with their addresses, and the other records at them. */
function dnsOf(records: readonly Values[]): Values {
  const names = new Map<string, Values>();
  const others: Values[] = [];
  for (const { type, name, domain, data, ttl } of records) {
    const fqdn = fqdnOf(textOf(name), textOf(domain));
    const time = (column: string): Values => (typeof ttl === "number" ? { [column]: ttl } : {});
    const ofAddresses = recordType(textOf(type)) === ADDRESS_RECORD;
    const addresses = ofAddresses && { ip_addresses: wordsIn(textOf(data)), ...time("address_ttl") };
    names.set(fqdn, { name, domain, ...names.get(fqdn), ...addresses });
    if (!ofAddresses) others.push({ dnsresource: fqdn, rrtype: type, rrdata: data, ...time("ttl") });
  }
  return { dns_resources: [...names.values()], dns_records: others };
}

/** A VLAN with racks of its own has DHCP on; a relayed one has not. */
function served(dhcp: Values | undefined): Values {
  if (dhcp === undefined) return {};
  const { primary_rack, secondary_rack, relay_vlan } = given("vlans", dhcp);
  return {
    ...(primary_rack !== undefined && { dhcp_on: true, primary_rack }),
    ...(secondary_rack !== undefined && { secondary_rack }),
    ...(relay_vlan !== undefined && { relay_vlan }),
  };
}
