import { crash } from "../errors";
import { defaultDomainId } from "../models/domain";
import { newAddress } from "../models/allocation";
import { bestSubnetFor } from "../models/subnet";
import { asText, type Params } from "../params";
import type { Region } from "../region";
import { AllocType, type DnsResourceRow, type DomainRow } from "../store/rows";
import { readAddress, showAddress } from "../text/addresses";
import { integer, row, text } from "./fields";
import { checkResourceName } from "./dns-names";
import { Invalid } from "./invalid";
import { type Column, ModelForm } from "./model-form";

const LARGEST_TTL = 2147483647;

/** Creating and editing DNS resources: a name in a domain, with addresses. */
export class DnsResourceForm extends ModelForm<DnsResourceRow> {
  protected override readonly fields = {
    name: text({ required: true }),
    domain: row((id) => this.region.store.domains.get(id), true),
    address_ttl: integer({ min: 0, max: LARGEST_TTL }),
    ip_addresses: text(),
  };
  protected override readonly nullable = new Set(["address_ttl"]);
  protected override readonly columns: Record<string, Column<DnsResourceRow>> = {
    name: { key: "name", blank: true },
    domain: { key: "domainId", isRelation: true, hasDefault: true, store: (cleaned) => (cleaned as DomainRow).id },
    address_ttl: { key: "addressTtl", blank: true, hasDefault: true },
  };
  /** Ids, and texts that are to become addresses. */
  private addresses: (number | string)[] = [];

  constructor(region: Region, data: Params, instance?: DnsResourceRow) {
    const defaults = { name: null, addressTtl: null, domainId: defaultDomainId(region.store), ipAddressIds: [] };
    super(region, data, instance, defaults, {
      name: instance?.name,
      domain: instance?.domainId,
      address_ttl: instance?.addressTtl,
      ip_addresses: instance?.ipAddressIds,
    });
  }

  /** A PUT without addresses keeps only the last one: MAAS fills its one-value field from the list. */
  protected override cleanForm(): void {
    const given = this.data.get("ip_addresses");
    if (given === undefined || given === null) return;
    if (!this.cleaned.has("name")) throw crash("'name'");
    checkResourceName(this.cleaned.get("name") as string, "A");
    const items = Array.isArray(given) ? (given as unknown[]) : asText(given).split(/\s+/);
    this.addresses = items
      .map(String)
      .filter((item) => item !== "")
      .map((item) => this.findAddress(item));
  }

  private findAddress(item: string): number | string {
    if (/^\d+$/.test(item)) return Number(item);
    const address = readAddress(item);
    if (address === undefined) return item;
    const shown = showAddress(address);
    return this.region.store.addresses.by("ip", shown)[0]?.id ?? shown;
  }

  protected override cleanModel(): void {
    const { store } = this.region;
    const { name, domainId, id } = this.draft;
    if (this.instance === undefined && name) {
      const isTaken = store.dnsResources.by("domain", domainId ?? null).some((resource) => resource.name === name);
      if (isTaken) throw Invalid.whole("Labels must be unique within their zone.");
    }
    if (this.instance === undefined || this.instance.ipAddressIds.length === 0) return;
    checkResourceName(name, "A");
    if (store.dnsData.by("resource", id ?? null).some((data) => data.rrtype === "CNAME")) {
      throw Invalid.whole("Cannot add address: CNAME present.");
    }
  }

  protected override cleanOnSave(): void {
    this.draft.ipAddressIds = [
      ...new Set(this.addresses.map((it) => (typeof it === "number" ? it : this.reserve(it)))),
    ];
    super.cleanOnSave();
  }

  /** An address that MAAS does not know yet becomes the caller's. */
  private reserve(ip: string): number {
    const { store, user } = this.region;
    if (readAddress(ip) === undefined) throw crash(`failed to detect a valid IP address from '${ip}'`);
    const known = store.addresses.by("ip", ip)[0];
    if (known !== undefined) return known.id;
    const subnetId = bestSubnetFor(store, ip)?.id ?? null;
    return newAddress(this.region, { ip, allocType: AllocType.USER_RESERVED, subnetId, userId: user.id }).id;
  }

  protected override write(): DnsResourceRow {
    const { dnsResources } = this.region.store;
    const values = this.draft as Omit<DnsResourceRow, "id">;
    if (this.instance === undefined) return dnsResources.insert(values);
    dnsResources.update(this.instance, values);
    return this.instance;
  }
}
