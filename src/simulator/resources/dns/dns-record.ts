import { type ApiRequest, item, listed, named, requireAdmin, requirePermission, shown } from "../../api/handler";
import { column, reference, type RowOf } from "../../model/columns";
import { badRequest, Invalid } from "../../model/errors";
import { byId, integer, text } from "../../model/fields";
import { Form, type FormRules } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";
import { removeDnsResource } from "../ip-address/addresses";
import { checkDomainName, fqdn, LARGEST_TTL, readName } from "./names";

/** Kinds of records, in the order each line of releases names them (a Python set's order, fixed for a process). */
const KINDS = {
  newer: ["SRV", "MX", "NS", "SSHFP", "CNAME", "TXT"],
  older: ["NS", "CNAME", "MX", "SSHFP", "SRV", "TXT"],
};

function checkKind(value: unknown, { version }: Region): unknown {
  const kinds = KINDS[version.features.newerSettings ? "newer" : "older"];
  const kind = (value as string).toUpperCase();
  if (!kinds.includes(kind)) throw Invalid.whole(`${kind} is not one of ${kinds.join(" ")}.`);
  return value;
}

const columns = {
  dnsresource: reference("dns_resources", { field: byId("dns_resources", { required: true }), json: false }),
  ttl: column<number | null>({
    field: integer({ min: 0, max: LARGEST_TTL }),
    default: null,
    blank: true,
    nullable: true,
  }),
  rrtype: column<string>({ field: text({ required: true }), check: checkKind }),
  rrdata: column<string>({ field: text({ required: true }) }),
};

export type DnsRecordColumns = typeof columns;
export type DnsRecordRow = RowOf<DnsRecordColumns>;

const CNAME =
  /^(?:[_a-zA-Z0-9](?:[-_a-zA-Z0-9]{0,62}[_a-zA-Z0-9])?\.)*[_a-zA-Z0-9](?:[-_a-zA-Z0-9]{0,62}[_a-zA-Z0-9])?\.?$/;
const CNAME_AND_OTHERS = "CNAME records for a name cannot coexist with non-CNAME records.";
const BAD_MX = "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535.";
const BAD_SRV =
  "Invalid SRV: Should be '<priority> <weight> <port> <server>'. Range for priority, weight, and port are 0-65536.";

const rules: FormRules<DnsRecordRow> = {
  cleanModel(form) {
    const kind = (form.draft.rrtype ?? "").toUpperCase();
    form.draft.rrtype = kind;
    checkRecord(form.region.store, kind, form.draft.rrdata ?? "");
    if (form.live === undefined) checkCoexistence(form, kind);
  },
};

/** @throws Invalid for data that a record of the kind cannot have */
function checkRecord(store: Store, kind: string, data: string): void {
  switch (kind) {
    case "CNAME":
      if (!CNAME.test(data)) throw Invalid.whole("Invalid CNAME: Should be '<server>'.");
      return;
    case "SSHFP":
      if (!/^[0-9]+\s+[0-9]+\s+.*$/.test(data)) {
        throw Invalid.whole("Invalid SSHFP: Should be '<algorithm> <fptype> <fingerprint>'.");
      }
      return;
    case "MX": {
      const [, preference, host = ""] = /^([0-9]+)\s+(.+)$/.exec(data) ?? [];
      if (preference === undefined || Number(preference) > 65535) throw Invalid.whole(BAD_MX);
      checkDomainName(store, host);
      return;
    }
    case "NS":
      checkDomainName(store, data);
      return;
    case "SRV": {
      const [, ...parts] = /^([0-9]+)\s+([0-9]+)\s+([0-9]+)\s+(.*)/.exec(data) ?? [];
      const host = parts.pop();
      if (host === undefined || parts.some((number) => Number(number) > 65535)) throw Invalid.whole(BAD_SRV);
      if (host !== ".") checkDomainName(store, host);
      return;
    }
    default:
      return;
  }
}

/** A CNAME stands alone on its name. @throws Invalid */
function checkCoexistence({ draft, table, region: { store } }: Form<DnsRecordRow>, kind: string): void {
  const resource = store.dns_resources.get(draft.dnsresource);
  if (resource === undefined) return;
  const records = table.by("dnsresource", resource.id);
  const hasCname = records.some((record) => record.rrtype === "CNAME");
  if (kind !== "CNAME") {
    if (hasCname) throw Invalid.whole(CNAME_AND_OTHERS);
    return;
  }
  if (records.some((record) => record.rrtype !== "CNAME") || resource.ip_addresses.length > 0) {
    throw Invalid.whole(CNAME_AND_OTHERS);
  }
  if (hasCname) throw Invalid.whole("Only one CNAME can be associated with a name.");
}

/** A record of a DNS resource that is no address. */
export const dnsRecords: Resource<DnsRecordRow> = defineResource({
  model: "DNSData",
  path: "dnsresourcerecords",
  columns,
  indexes: ["dnsresource"],
  seed: { isAfterNodes: true },
  rules,
  json: ({ dnsresource }, { region: { store } }) => ({ fqdn: fqdn(store, store.dns_resources.need(dnsresource)) }),
  /** A resource that is left with nothing goes too. */
  remove({ store }, record) {
    store.dns_records.delete(record);
    const resource = store.dns_resources.need(record.dnsresource);
    const isEmpty = !store.dns_records.hasBy("dnsresource", resource.id) && resource.ip_addresses.length === 0;
    if (isEmpty) removeDnsResource(store, resource);
  },
  endpoints: {
    "dnsresourcerecords/": {
      GET: (request) => listed(request, request.region.store.dns_records, asked(request)),
      POST(request) {
        requireAdmin(request);
        return shown(request, request.region.store.dns_records, create(request));
      },
    },
    "dnsresourcerecords/{id}/": {
      ...item("dns_records"),
      PUT(request) {
        const { region } = request;
        const row = named(request, "dns_records");
        requirePermission(request);
        const data = request.data.copy();
        data.set("dnsresource", row.dnsresource);
        const { dns_records } = region.store;
        return shown(request, dns_records, new Form(dns_records, region, data, row).save());
      },
    },
  },
});

function asked({ region: { store }, query: given }: ApiRequest): DnsRecordRow[] {
  const query = given.copy();
  const rrtype = query.text("rrtype");
  const { name, domain } = readName(store, query, rrtype);
  return store.dns_records.all().filter((record) => {
    const resource = store.dns_resources.need(record.dnsresource);
    if (domain !== undefined && resource.domain !== domain.id) return false;
    return (name === undefined || resource.name === name) && (rrtype === undefined || record.rrtype === rrtype);
  });
}

/** A new record; its resource is made where the name has none. */
function create({ region, data: given }: ApiRequest): DnsRecordRow {
  const { store } = region;
  const data = given.copy();
  const rrtype = data.text("rrtype");
  if (rrtype === undefined) throw badRequest("rrtype must be provided.");
  if (data.text("rrdata") === undefined) throw badRequest("rrdata must be provided.");
  const { name, domain } = readName(store, data, rrtype);
  if (domain === undefined || name === undefined) {
    throw badRequest("Either name and domain (or fqdn) must be specified");
  }
  const known = store.dns_resources.by("domain", domain.id).find((resource) => resource.name === name);
  const resource = known ?? new Form(store.dns_resources, region, data).save();
  data.set("dnsresource", resource.id);
  return new Form(store.dns_records, region, data).save();
}
