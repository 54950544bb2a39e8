import type { Params } from "../params";
import type { Region } from "../region";
import type { DnsDataRow, DnsResourceRow } from "../store/rows";
import { integer, row, text } from "./fields";
import { checkDomainName } from "./dns-names";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const LARGEST_TTL = 2147483647;
const CNAME =
  /^(?:[_a-zA-Z0-9](?:[-_a-zA-Z0-9]{0,62}[_a-zA-Z0-9])?\.)*[_a-zA-Z0-9](?:[-_a-zA-Z0-9]{0,62}[_a-zA-Z0-9])?\.?$/;

/** Kinds of records, in the order each line of releases names them (a Python set's order, fixed for a process). */
const KINDS = {
  newer: ["SRV", "MX", "NS", "SSHFP", "CNAME", "TXT"],
  older: ["NS", "CNAME", "MX", "SSHFP", "SRV", "TXT"],
};

const CNAME_AND_OTHERS = "CNAME records for a name cannot coexist with non-CNAME records.";
const BAD_MX = "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535.";
const BAD_SRV =
  "Invalid SRV: Should be '<priority> <weight> <port> <server>'. Range for priority, weight, and port are 0-65536.";

/** Creating and editing the records of a DNS resource that are no addresses. */
export class DnsDataForm extends ModelForm<DnsDataRow> {
  protected override readonly fields = {
    dnsresource: row((id) => this.region.store.dnsResources.get(id), true),
    ttl: integer({ min: 0, max: LARGEST_TTL }),
    rrtype: text({ required: true }),
    rrdata: text({ required: true }),
  };
  protected override readonly nullable = new Set(["ttl"]);
  protected override readonly columns: Record<string, Column<DnsDataRow>> = {
    dnsresource: { key: "resourceId", isRelation: true, store: (cleaned) => (cleaned as DnsResourceRow).id },
    ttl: { key: "ttl", blank: true, hasDefault: true },
    rrtype: { key: "rrtype", check: (value) => this.checkKind(value as string) },
    rrdata: { key: "rrdata" },
  };

  constructor(region: Region, data: Params, instance?: DnsDataRow) {
    super(
      region,
      data,
      instance,
      { ttl: null, rrtype: "", rrdata: "" },
      {
        dnsresource: instance?.resourceId,
        ttl: instance?.ttl,
        rrtype: instance?.rrtype,
        rrdata: instance?.rrdata,
      },
    );
  }

  private checkKind(value: string): string {
    const kinds = KINDS[this.region.version.features.newerSettings ? "newer" : "older"];
    const kind = value.toUpperCase();
    if (!kinds.includes(kind)) throw Invalid.whole(`${kind} is not one of ${kinds.join(" ")}.`);
    return value;
  }

  protected override cleanModel(): void {
    const kind = (this.draft.rrtype ?? "").toUpperCase();
    this.draft.rrtype = kind;
    this.checkRecord(kind, this.draft.rrdata ?? "");
    if (this.instance === undefined) this.checkCompany(kind);
  }

  private checkRecord(kind: string, data: string): void {
    const { store } = this.region;
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

  /** A CNAME stands alone on its name. */
  private checkCompany(kind: string): void {
    const { store } = this.region;
    const resource = store.dnsResources.get(this.draft.resourceId);
    if (resource === undefined) return;
    const records = store.dnsData.by("resource", resource.id);
    const hasCname = records.some((record) => record.rrtype === "CNAME");
    if (kind !== "CNAME") {
      if (hasCname) throw Invalid.whole(CNAME_AND_OTHERS);
      return;
    }
    if (records.some((record) => record.rrtype !== "CNAME") || resource.ipAddressIds.length > 0) {
      throw Invalid.whole(CNAME_AND_OTHERS);
    }
    if (hasCname) throw Invalid.whole("Only one CNAME can be associated with a name.");
  }

  protected override write(): DnsDataRow {
    const { dnsData } = this.region.store;
    const values = this.draft as Omit<DnsDataRow, "id">;
    if (this.instance === undefined) return dnsData.insert(values);
    dnsData.update(this.instance, values);
    return this.instance;
  }
}
