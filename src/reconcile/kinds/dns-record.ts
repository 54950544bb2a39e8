import { setTimeout as sleep } from "node:timers/promises";
import { IpAddress } from "../../../lib/model/address";
import { ADDRESS_RECORD, recordType, wordsIn } from "../../../lib/model/dns";
import { KINDS } from "../../../lib/model/kinds";
import { resourceOf } from "../../../lib/model/kinds/dns-rows";
import type { Attributes, Value } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasHttpError, MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { checkRecord } from "../checks/planned-domain";
import { ObjectError } from "../objects/failure";
import type { Created, Removal } from "../objects/object-ops";
import { changesBetween } from "../objects/planned-state";
import { CollectionOps } from "../ops/collection-ops";
import {
  besideCname,
  findRecord,
  hasKeyOf,
  knownRecord,
  lookUpRecord,
  placed,
  resourceAmong,
} from "../references/dns-records";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

/** Milliseconds for which a record waits for a CNAME to go, which this run may delete at the same time. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 250;

/** What MAAS says of a second DNS resource for one name. */
const NAME_TAKEN = "Labels must be unique within their zone";

const isOfAddresses = ({ type }: Attributes): boolean => recordType(textOf(type)) === ADDRESS_RECORD;

/** MAAS's number of a record, among objects of its own collection. */
const numberOf = (id: string): string => id.split(":")[1] ?? "";

const givenTtl = (name: string, ttl: Value | undefined): Form => (typeof ttl === "number" ? [[name, textOf(ttl)]] : []);

/**
 * DNS records: MAAS keeps all addresses of a name in one DNS resource, and records of other types as objects of their own
 * below it. It deletes those along with the resource; what it does with addresses differs by version.
 *
 * @see MAAS api/dnsresources.py, forms/dnsresource.py, models/dnsresource.py (3.6.4); live 3.4.10, 3.6.5 and 3.7.3
 */
class DnsRecordOps extends CollectionOps {
  constructor(
    private readonly of: Region,
    special: Strategy,
  ) {
    super(of, KINDS.dns_record, special);
  }

  /** MAAS takes a second record of the same data without a word, unless it is of addresses. */
  override async create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const existing = adoptExisting || isOfAddresses(desired) ? undefined : await knownRecord(this.of, desired);
    if (existing !== undefined) throw await this.existsAlready(undefined, existing);
    return super.create(desired, adoptExisting);
  }

  override async update(id: string, prior: Attributes, desired: Attributes): Promise<Attributes> {
    const changes = changesBetween(KINDS.dns_record, prior, desired);
    if (changes.data === undefined && changes.ttl === undefined) return { ...(await this.read(id)) };
    const number = numberOf(id);
    const ttl = changes.ttl === undefined ? [] : [textOf(changes.ttl ?? "")];
    if (!isOfAddresses(prior)) {
      const data: Form = changes.data === undefined ? [] : [["rrdata", textOf(changes.data)]];
      const form: Form = [...data, ...ttl.map((text) => ["ttl", text] as const)];
      return this.taken(
        { ...prior, ...changes, id },
        await this.of.client.put(apiPath`dnsresourcerecords/${number}/`, form),
      );
    }
    const before = await this.addressesOf(id);
    // A PUT without addresses loses all but one of them (live 3.4.10, 3.6.5 and 3.7.3).
    const data = textOf(changes.data ?? prior.data);
    const form: Form = [["ip_addresses", data], ...ttl.map((text) => ["address_ttl", text] as const)];
    const wanted = { ...prior, ...changes, id };
    const live = await this.taken(wanted, await this.of.client.put(apiPath`dnsresources/${number}/`, form));
    await this.release(id, before, data);
    return live;
  }

  override async remove(id: string, prior: Attributes, removal: Removal): Promise<void> {
    if (removal.original !== undefined) return super.remove(id, prior, removal);
    if (isOfAddresses(prior)) await this.removeAddresses(id);
    else await this.unlessGone(() => this.of.client.delete(apiPath`dnsresourcerecords/${numberOf(id)}/`));
    this.of.snapshot.removed("dnsresources", id);
  }

  protected override async post(desired: Attributes): Promise<Attributes> {
    const { client } = this.of;
    const made = (): Promise<ObjectJson | undefined> => findRecord(this.of, desired);
    const name: Form = [
      ["name", textOf(desired.name)],
      ["domain", textOf(desired.domain)],
    ];
    const data = textOf(desired.data).trim();
    if (!isOfAddresses(desired)) {
      const form: Form = [
        ...name,
        ["rrtype", recordType(textOf(desired.type))],
        ["rrdata", data],
        ...givenTtl("ttl", desired.ttl),
      ];
      return this.made(desired, await client.post("dnsresourcerecords/", form, undefined, { made }));
    }
    const addresses: Form = [["ip_addresses", data], ...givenTtl("address_ttl", desired.ttl)];
    try {
      return await this.made(desired, await client.post("dnsresources/", [...name, ...addresses], undefined, { made }));
    } catch (error) {
      if (!(error instanceof MaasValidationError) || !error.body.includes(NAME_TAKEN)) throw error;
      // Where the name has records of other types, MAAS has the resource already, without addresses.
      const there = await this.resourceAt(desired);
      if (there === undefined) return this.post(desired);
      if (rowsOf(there.ip_addresses).length > 0) throw error;
      return this.made(desired, await client.put(apiPath`dnsresources/${textOf(there.id)}/`, addresses));
    }
  }

  /**
   * The DNS resource of that name. MAAS takes addresses beside a CNAME where the resource has none yet, so that it is for us
   * to refuse them; one that this run deletes at the same time is waited for.
   *
   * @throws ObjectError where the name has a CNAME
   */
  private async resourceAt(desired: Attributes): Promise<ObjectJson | undefined> {
    const { client, snapshot } = this.of;
    const domain = textOf((await snapshot.read("domains", textOf(desired.domain)))?.name ?? "");
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const rows = rowsAnswered("dnsresources/", await client.get("dnsresources/"));
      const resource = resourceAmong(rows, textOf(desired.name), domain);
      const records = rowsOf(resource?.resource_records);
      const cname = records.filter(({ rrtype }) => rrtype === "CNAME");
      if (cname.length === 0) return resource;
      if (performance.now() > deadline)
        throw besideCname(await snapshot.partsOf("dnsresources", resource === undefined ? [] : [resource]));
      await sleep(PAUSE_MS);
    }
  }

  private async addressesOf(id: string): Promise<readonly ObjectJson[]> {
    const row = await this.of.snapshot.read("dnsresources", id);
    return row === undefined ? [] : resourceOf(row).addresses;
  }

  /** Takes the addresses off the name, and leaves its records of other types, which MAAS would delete along. */
  private async removeAddresses(id: string): Promise<void> {
    const { client } = this.of;
    const path = apiPath`dnsresources/${numberOf(id)}/`;
    const isEmpty = ({ resource_records: records }: ObjectJson): boolean => rowsOf(records).length === 0;
    const gone = await this.unlessGone(async () => {
      const resource = (await client.get(path)) as ObjectJson;
      if (isEmpty(resource)) await client.delete(path);
      else {
        const left = await client.put(path, [["ip_addresses", ""]]);
        if (isEmpty(left)) await client.delete(path);
      }
      return rowsOf(resource.ip_addresses);
    });
    this.of.snapshot.removed("dnsresources", id);
    await this.release(id, gone ?? [], "");
  }

  /**
   * Releases the addresses that MAAS has reserved for the record and that it has no longer. From 3.6 on MAAS does so by
   * itself where it deletes the whole resource. What another record or a node has, or another user has reserved, stays.
   */
  private async release(id: string, before: readonly ObjectJson[], data: string): Promise<void> {
    const kept = new Set(wordsIn(data).map((word) => IpAddress.tryParse(word)?.toString()));
    const isReserved = ({ alloc_type: type, interface_set: nics }: ObjectJson): boolean =>
      type === USER_RESERVED && Array.isArray(nics) && nics.length === 0;
    const dropped = before.filter((row) => isReserved(row) && !kept.has(textOf(row.ip)));
    if (dropped.length === 0) return;
    const records = (await this.of.snapshot.list("dnsresources")).filter((row) => row.id !== id);
    const used = new Set(records.flatMap((row) => resourceOf(row).addresses.map(({ ip }) => ip)));
    for (const { ip } of dropped.filter((row) => !used.has(row.ip))) {
      try {
        await this.of.client.post("ipaddresses/", [["ip", textOf(ip)]], { op: "release" }, { isIdempotent: true });
      } catch (error) {
        // It is gone already, or somebody else's.
        if (!(error instanceof MaasHttpError) || error.status !== 400) throw error;
      }
    }
  }

  private async unlessGone<T>(change: () => Promise<T>): Promise<T | undefined> {
    try {
      return await change();
    } catch (error) {
      if (error instanceof MaasNotFoundError) return undefined;
      throw error;
    }
  }

  /** What has come of a POST: the answer, or the record that an earlier try of it has made. */
  private async made({ id: _, ...desired }: Attributes, answer: ObjectJson): Promise<Attributes> {
    return answer.number === undefined ? this.taken(desired, answer) : this.decode(answer);
  }

  /**
   * Takes in an answer about a record: one with that key and, where it was there before, that id. An answer about another
   * record is not taken, and the region is asked for the one that is meant.
   */
  private async taken(wanted: Attributes, answer: ObjectJson): Promise<Attributes> {
    const isMeant = (row: ObjectJson): boolean =>
      hasKeyOf(row, wanted) && (wanted.id === undefined || row.id === wanted.id);
    const rows = await this.of.snapshot.partsOf("dnsresources", [answer]);
    const answered = rows.find(isMeant);
    if (answered !== undefined) {
      for (const row of rows) this.of.snapshot.remember("dnsresources", row);
      return this.decode(answered);
    }
    const found = await findRecord(this.of, wanted);
    if (found !== undefined && isMeant(found)) return this.decode(found);
    const [other] = rows;
    if (other !== undefined) throw this.otherMade(other);
    throw new ObjectError(
      fault("MAAS-OPS-13", "data", {
        what: "MAAS did not keep the addresses of this DNS record",
        why: "It answered with a DNS resource that has none.",
        fix: "Plan again, and compare with the region's own pages.",
      }),
    );
  }
}

/** DNS records: addresses are in one collection of MAAS and all other records in another, which one list answers for. */
export const dnsRecord: Strategy = {
  ops: (region) => new DnsRecordOps(region, dnsRecord),
  lookUp: lookUpRecord,
  find: findRecord,
  known: knownRecord,
  complete: placed,
  check: checkRecord,
  passing: /cannot coexist|CNAME present|Only one CNAME/,
  explain: async ({ snapshot }, refusal, { name, domain }) => {
    const there = (await snapshot.list("dnsresources")).filter(
      (row) => row.name === name && textOf((row.domain as { readonly id?: unknown } | null)?.id ?? "") === domain,
    );
    return there.length === 0 ? undefined : besideCname(there, refusal);
  },
};
