import { z } from "zod";
import { ADDRESS_RECORD, fqdnOf, recordType, wordsIn } from "../../../lib/model/dns";
import { textOf } from "../../../lib/model/text";
import { seededColumns } from "../model/columns";
import { SeedError } from "../model/errors";
import type { TableName } from "../model/store";
import { RESOURCES } from "../resources";
import type { Values } from "./notation";

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
  objects: z
    .object({ dns_record: z.array(dnsRecord).default([]) })
    .catchall(z.array(object))
    .prefault({}),
});

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
  const of = (kind: string): readonly z.output<typeof object>[] => objects[kind] ?? [];
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
    racks: of("rack_controller").map(({ key }) => ({
      hostname: key,
      interfaces: of("rack_interface")
        .filter(({ attributes }) => attributes.rack_controller === key)
        .map(({ attributes }) => given("interfaces", attributes)),
    })),
    machines: of("machine").map(({ key }) => ({ hostname: key, interfaces: linked(key) })),
  };

  /** The machine's interfaces that the document links, on the VLANs of their subnets. */
  function linked(machine: string): Values[] {
    const interfaces = new Map<string, { name: string; vlan: unknown; links: Values[] }>();
    for (const { key, attributes } of of("network_interface_link")) {
      const { machine: owner, network_interface: nic, subnet, mode = "AUTO", ip_address } = attributes;
      if (owner !== machine) continue;
      const vlan = vlanOf.get(String(subnet));
      if (vlan === undefined) throw new SeedError(`${source}: the link ${key} is to a subnet that it does not have`);
      const name = String(nic);
      const known = interfaces.get(name) ?? { name, vlan, links: [] };
      known.links.push({ mode, subnet, ...(typeof ip_address === "string" && { ip_address }) });
      interfaces.set(name, known);
    }
    return [...interfaces.values()];
  }
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
