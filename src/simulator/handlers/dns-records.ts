import { badRequest } from "../errors";
import { DnsDataForm } from "../forms/dns-data";
import { DnsResourceForm } from "../forms/dns-resource";
import { removeDnsResource } from "../models/ip-address";
import { find } from "../models/lookup";
import { showDnsRecord } from "../view/dns";
import { readName } from "./dns-request";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "dnsdata", part(request, "id"));

export const dnsRecords: Handlers = {
  GET(request) {
    const { store } = request.region;
    const view = viewOf(request);
    const query = request.query.copy();
    const rrtype = query.text("rrtype");
    const { name, domain } = readName(store, query, rrtype);
    const rows = store.dnsData.all().filter((record) => {
      const resource = store.dnsResources.need(record.resourceId);
      if (domain !== undefined && resource.domainId !== domain.id) return false;
      return (name === undefined || resource.name === name) && (rrtype === undefined || record.rrtype === rrtype);
    });
    return json(rows.map((record) => showDnsRecord(view, record)));
  },
  POST(request) {
    requireAdmin(request);
    const { region } = request;
    const data = request.data.copy();
    const rrtype = data.text("rrtype");
    if (rrtype === undefined) throw badRequest("rrtype must be provided.");
    if (data.text("rrdata") === undefined) throw badRequest("rrdata must be provided.");
    const { name, domain } = readName(region.store, data, rrtype);
    if (domain === undefined || name === undefined) {
      throw badRequest("Either name and domain (or fqdn) must be specified");
    }
    const known = region.store.dnsResources.by("domain", domain.id).find((resource) => resource.name === name);
    const resource = known ?? new DnsResourceForm(region, data).save();
    data.set("dnsresource", resource.id);
    return json(showDnsRecord(viewOf(request), new DnsDataForm(region, data).save()));
  },
};

export const dnsRecord: Handlers = {
  GET: (request) => json(showDnsRecord(viewOf(request), named(request))),
  PUT(request) {
    const row = named(request);
    requirePermission(request);
    const data = request.data.copy();
    data.set("dnsresource", row.resourceId);
    return json(showDnsRecord(viewOf(request), new DnsDataForm(request.region, data, row).save()));
  },
  DELETE(request) {
    const row = named(request);
    requirePermission(request);
    const { store } = request.region;
    store.dnsData.delete(row);
    const resource = store.dnsResources.need(row.resourceId);
    const isEmpty = !store.dnsData.hasBy("resource", resource.id) && resource.ipAddressIds.length === 0;
    if (isEmpty) removeDnsResource(store, resource.id);
    return deleted;
  },
};
