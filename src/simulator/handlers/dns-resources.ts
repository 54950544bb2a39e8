import { DnsResourceForm } from "../forms/dns-resource";
import { deleteAddress, removeDnsResource } from "../models/ip-address";
import { find } from "../models/lookup";
import { AllocType, type DnsResourceRow } from "../store/rows";
import { showDnsResource } from "../view/dns";
import { implicitResources } from "../view/implicit-dns";
import { readName } from "./dns-request";
import { flag } from "./parameters";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "dnsresource", part(request, "id"));

function listed(request: ApiRequest): DnsResourceRow[] {
  const { store } = request.region;
  const query = request.query.copy();
  const rrtype = query.text("rrtype")?.toUpperCase();
  const { name, domain } = readName(store, query, rrtype);
  return store.dnsResources
    .all()
    .filter((resource) => domain === undefined || resource.domainId === domain.id)
    .filter((resource) => name === undefined || resource.name === name)
    .filter(
      (resource) =>
        rrtype === undefined || store.dnsData.by("resource", resource.id).some((record) => record.rrtype === rrtype),
    );
}

export const dnsResources: Handlers = {
  GET(request) {
    const view = viewOf(request);
    const withImplicit = flag(request.query, "all", false);
    const resources = listed(request).map((resource) => showDnsResource(view, resource));
    return json(withImplicit ? [...resources, ...implicitResources(view)] : resources);
  },
  POST(request) {
    requireAdmin(request);
    const data = request.data.copy();
    readName(request.region.store, data, "A");
    return json(showDnsResource(viewOf(request), new DnsResourceForm(request.region, data).save()));
  },
};

export const dnsResource: Handlers = {
  GET: (request) => json(showDnsResource(viewOf(request), named(request))),
  PUT(request) {
    const data = request.data.copy();
    readName(request.region.store, data, "A");
    const row = named(request);
    requirePermission(request);
    return json(showDnsResource(viewOf(request), new DnsResourceForm(request.region, data, row).save()));
  },
  DELETE(request) {
    const row = named(request);
    requirePermission(request);
    if (request.region.version.features.dnsResourceFreesAddresses) freeAddresses(request, row);
    if (request.region.store.dnsResources.get(row.id) !== undefined) removeDnsResource(request.region.store, row.id);
    return deleted;
  },
};

/** Addresses that a user reserved for this name alone go with it. */
function freeAddresses({ region: { store } }: ApiRequest, resource: DnsResourceRow): void {
  for (const id of [...resource.ipAddressIds]) {
    const address = store.addresses.need(id);
    const users = store.dnsResources.all().filter((other) => other.ipAddressIds.includes(id));
    const isFree = address.allocType === AllocType.USER_RESERVED && address.interfaceId === null && users.length === 1;
    if (isFree) deleteAddress(store, address);
  }
}
