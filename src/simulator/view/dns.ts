import { crash } from "../errors";
import type { DnsDataRow, DnsResourceRow, IpAddressRow } from "../store/rows";
import type { Store } from "../store/store";
import { showInterface } from "./interface";
import { allocTypeName } from "./ip-address";
import { API_PATH, type Json, type View } from "./view";

/** The full name of a DNS resource. */
export function fqdn(store: Store, resource: DnsResourceRow): string {
  const domain = store.domains.need(resource.domainId).name;
  return resource.name === "@" ? domain : `${resource.name ?? "None"}.${domain}`;
}

/** MAAS cannot show an interface that belongs to no node: it crashes, which undoes the request too. */
const UNKNOWN_INTERFACE_CRASH =
  "create_forward_many_to_many_manager.<locals>.ManyRelatedManager.__call__() missing 1 required keyword-only argument: 'manager'";

/** A single address, as `ipaddresses/` and DNS resources show it. */
export function showIpAddress(view: View, address: IpAddressRow): Json {
  const { store } = view.region;
  const owner = store.users.get(address.userId);
  const subnet = store.subnets.get(address.subnetId);
  const nic = store.interfaces.get(address.interfaceId);
  if (nic?.type === "unknown") throw crash(UNKNOWN_INTERFACE_CRASH);
  return {
    alloc_type: address.allocType,
    alloc_type_name: allocTypeName(address),
    created: address.created,
    ip: address.ip,
    owner: owner === undefined ? null : view.user(owner),
    interface_set: nic === undefined ? [] : [showInterface(view, nic)],
    subnet: subnet === undefined ? null : view.subnet(subnet),
    resource_uri: `${API_PATH}ipaddresses/`,
  };
}

/** A DNS resource with its addresses and its other records. */
export function showDnsResource(view: View, resource: DnsResourceRow): Json {
  const { store } = view.region;
  const records = store.dnsData.by("resource", resource.id);
  return {
    address_ttl: resource.addressTtl,
    fqdn: fqdn(store, resource),
    ip_addresses: resource.ipAddressIds.map((id) => showIpAddress(view, store.addresses.need(id))),
    resource_records: records.map((record) => showDnsRecord(view, record)),
    id: resource.id,
    resource_uri: `${API_PATH}dnsresources/${resource.id}/`,
  };
}

/** A record that is no address. */
export function showDnsRecord({ region: { store } }: View, record: DnsDataRow): Json {
  return {
    ttl: record.ttl,
    rrtype: record.rrtype,
    rrdata: record.rrdata,
    fqdn: fqdn(store, store.dnsResources.need(record.resourceId)),
    id: record.id,
    resource_uri: `${API_PATH}dnsresourcerecords/${record.id}/`,
  };
}
