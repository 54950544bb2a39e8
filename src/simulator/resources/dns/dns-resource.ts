import { type ApiRequest, flag, item, json, named, requireAdmin, requirePermission, shown } from "../../api/handler";
import { asText } from "../../api/params";
import { column, reference, type RowOf, seeded } from "../../model/columns";
import { crash, Invalid } from "../../model/errors";
import { byId, integer, text, textArray } from "../../model/fields";
import { Form, type FormRules } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";
import { API_PATH, type Json, View } from "../../model/view";
import { readAddress, showAddress } from "../../text/addresses";
import { AllocType, deleteAddress, removeDnsResource } from "../ip-address/addresses";
import { newAddress } from "../ip-address/allocation";
import { bestSubnetFor } from "../subnet/lookup";
import type { DomainRow } from "./domain";
import { checkResourceName, defaultDomainId, fqdn, LARGEST_TTL, readName } from "./names";

const columns = {
  name: column<string | null>({ field: text({ required: true }), default: null, blank: true, json: false }),
  domain: reference("domains", { field: byId("domains", { required: true }), json: false }),
  address_ttl: column<number | null>({
    field: integer({ min: 0, max: LARGEST_TTL }),
    default: null,
    blank: true,
    nullable: true,
  }),
  /** Ids of addresses. */
  ip_addresses: seeded<number[]>({
    default: [],
    seed: textArray,
    references: "ip_addresses",
    json: (row, view): unknown => {
      const { ip_addresses } = view.region.store;
      return (row as DnsResourceRow).ip_addresses.map((id) => view.show(ip_addresses, ip_addresses.need(id)));
    },
  }),
};

export type DnsResourceColumns = typeof columns;
export type DnsResourceRow = RowOf<DnsResourceColumns>;

const rules: FormRules<DnsResourceRow> = {
  parameters: { ip_addresses: text() },
  /** A PUT without addresses keeps only the last one: MAAS fills its one-value field from the list. */
  cleanForm(form) {
    if (!isAddressed(form)) return;
    if (!form.cleaned.has("name")) throw crash("'name'");
    checkResourceName(form.get<string>("name"), "A");
  },
  cleanModel({ draft, live, region: { store } }) {
    const { name, domain, id } = draft;
    if (live === undefined && name) {
      const isKnown = store.dns_resources
        .by("domain", domain ?? defaultDomainId(store))
        .some((resource) => resource.name === name);
      if (isKnown) throw Invalid.whole("Labels must be unique within their zone.");
    }
    if (live === undefined || live.ip_addresses.length === 0) return;
    checkResourceName(name, "A");
    if (store.dns_records.by("dnsresource", id ?? null).some((record) => record.rrtype === "CNAME")) {
      throw Invalid.whole("Cannot add address: CNAME present.");
    }
  },
  beforeSave(form) {
    const addresses = isAddressed(form) ? askedAddresses(form) : [];
    form.draft.ip_addresses = [...new Set(addresses.map((ip) => addressId(form.region, ip)))];
  },
};

function isAddressed({ data }: Form<DnsResourceRow>): boolean {
  const given = data.get("ip_addresses");
  return given !== undefined && given !== null;
}

function askedAddresses({ data }: Form<DnsResourceRow>): string[] {
  const given = data.get("ip_addresses");
  const items = Array.isArray(given) ? (given as unknown[]) : asText(given).split(/\s+/);
  return items.map(String).filter((text) => text !== "");
}

/** The id that is meant; an address that MAAS does not know yet becomes the caller's. @throws MaasError */
function addressId(region: Region, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const { store, user } = region;
  const address = readAddress(text);
  if (address === undefined) throw crash(`failed to detect a valid IP address from '${text}'`);
  const ip = showAddress(address);
  const known = store.ip_addresses.by("ip", ip)[0];
  if (known !== undefined) return known.id;
  const subnet = bestSubnetFor(store, ip)?.id ?? null;
  return newAddress(region, { ip, alloc_type: AllocType.USER_RESERVED, subnet, user: user.id }).id;
}

/** A name in a domain, with addresses and other records. */
export const dnsResources: Resource<DnsResourceRow> = defineResource({
  model: "DNSResource",
  path: "dnsresources",
  columns,
  indexes: ["domain"],
  specifiers: {
    byText: ({ dns_resources }, text) => dns_resources.all().filter((resource) => resource.name === text),
    prefixes: { name: ({ dns_resources }, text) => dns_resources.all().filter((resource) => resource.name === text) },
  },
  key: {
    of: (resource, store) => fqdn(store, resource),
    find: (store, key) => store.dns_resources.all().find((resource) => fqdn(store, resource) === key),
  },
  seed: { isAfterNodes: true },
  rules,
  json(resource, view) {
    const { store } = view.region;
    const records = store.dns_records.by("dnsresource", resource.id);
    return {
      fqdn: fqdn(store, resource),
      resource_records: records.map((record) => view.show(store.dns_records, record)),
    };
  },
  remove(region, resource) {
    const { store, version } = region;
    if (version.features.dnsResourceFreesAddresses) freeAddresses(region, resource);
    if (store.dns_resources.get(resource.id) !== undefined) removeDnsResource(store, resource);
  },
  endpoints: {
    "dnsresources/": {
      GET(request) {
        const view = new View(request.region);
        const { dns_resources } = request.region.store;
        const withImplicit = flag(request.query, "all", false);
        const resources = asked(request).map((resource) => view.show(dns_resources, resource));
        return json(withImplicit ? [...resources, ...implicitResources(request.region.store)] : resources);
      },
      POST(request) {
        requireAdmin(request);
        return save(request);
      },
    },
    "dnsresources/{id}/": {
      ...item("dns_resources"),
      PUT: (request) =>
        save(request, () => {
          const row = named(request, "dns_resources");
          requirePermission(request);
          return row;
        }),
    },
  },
});

function save(request: ApiRequest, locate?: () => DnsResourceRow) {
  const { region } = request;
  const data = request.data.copy();
  readName(region.store, data, "A");
  const { dns_resources } = region.store;
  return shown(request, dns_resources, new Form(dns_resources, region, data, locate?.()).save());
}

function asked({ region: { store }, query: given }: ApiRequest): DnsResourceRow[] {
  const query = given.copy();
  const rrtype = query.text("rrtype")?.toUpperCase();
  const { name, domain } = readName(store, query, rrtype);
  const hasRecord = (resource: DnsResourceRow) =>
    store.dns_records.by("dnsresource", resource.id).some((record) => record.rrtype === rrtype);
  return store.dns_resources
    .all()
    .filter((resource) => domain === undefined || resource.domain === domain.id)
    .filter((resource) => name === undefined || resource.name === name)
    .filter((resource) => rrtype === undefined || hasRecord(resource));
}

/** Addresses that a user reserved for this name alone go with it. */
function freeAddresses({ store }: Region, resource: DnsResourceRow): void {
  for (const id of [...resource.ip_addresses]) {
    const address = store.ip_addresses.need(id);
    const users = store.dns_resources.all().filter((other) => other.ip_addresses.includes(id));
    const isFree = address.alloc_type === AllocType.USER_RESERVED && address.interface === null && users.length === 1;
    if (isFree) deleteAddress(store, address);
  }
}

/** What MAAS's DNS serves beside the stored resources: addresses of nodes, as pseudo-resources of id -1. */
export function implicitResources(store: Store): Json[] {
  return store.domains.all().flatMap((domain) => ofDomain(store, domain));
}

function ofDomain(store: Store, domain: DomainRow): Json[] {
  const names = new Map<string, Json[]>();
  for (const node of store.nodes.all().filter((row) => row.domain === domain.id)) {
    for (const nic of store.interfaces.by("node", node.id)) {
      for (const address of store.ip_addresses.by("interface", nic.id)) {
        if (address.ip === null) continue;
        const isBoot = node.boot_interface === null || node.boot_interface === nic.id;
        const name = isBoot ? node.hostname : `${nic.name}.${node.hostname}`;
        const record = {
          system_id: node.system_id,
          node_type: node.node_type,
          user_id: address.user,
          dnsresource_id: null,
          ttl: null,
          rrtype: address.ip.includes(":") ? "AAAA" : "A",
          rrdata: address.ip,
          dnsdata_id: null,
        };
        names.set(name, [...(names.get(name) ?? []), record]);
      }
    }
  }
  return [...names].map(([name, records]) => ({
    id: -1,
    fqdn: `${name}.${domain.name}`,
    address_ttl: null,
    ip_addresses: null,
    resource_records: records,
    resource_uri: `${API_PATH}dnsresources/-1/`,
  }));
}
