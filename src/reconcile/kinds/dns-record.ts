import { setTimeout as sleep } from "node:timers/promises";
import { ADDRESS_RECORD, recordType } from "../../../lib/model/dns";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes, Value } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasValidationError, unlessGone } from "../../maas/errors";
import { checkRecord } from "../checks/planned-domain";
import { ObjectError } from "../objects/failure";
import type { Created, Removal } from "../objects/object-ops";
import { changesBetween } from "../objects/planned-state";
import { CollectionOps } from "../ops/collection-ops";
import { numberOf, rememberRecords, removeAddresses, replaceAddresses, whileTaking } from "../ops/record-addresses";
import {
  besideCname,
  findRecord,
  hasKeyOf,
  knownRecord,
  lookUpRecord,
  placed,
  resourceAmong,
} from "../references/dns-records";
import { inTurn, type Region } from "../region/region";
import type { Strategy } from "./strategy";

/** Milliseconds for which a record waits for a CNAME to go, which this run may delete at the same time. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 250;

/** What MAAS says of a second DNS resource for one name. */
const NAME_TAKEN = "Labels must be unique within their zone";

const isOfAddresses = ({ type }: Attributes): boolean => recordType(textOf(type)) === ADDRESS_RECORD;

/** A name gets no record while its addresses go, since MAAS deletes its records with the last of them. */
const turnOf = ({ name, domain }: Attributes): string => `records of ${textOf(name)} in domain ${textOf(domain)}`;

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
    const wanted = { ...prior, ...changes, id };
    const ttl = changes.ttl === undefined ? [] : [textOf(changes.ttl ?? "")];
    const data = textOf(wanted.data);
    if (isOfAddresses(prior)) {
      const more: Form = ttl.map((text) => ["address_ttl", text] as const);
      return this.taken(wanted, await replaceAddresses(this.of, id, data, more));
    }
    const form: Form = [
      ...(changes.data === undefined ? [] : [["rrdata", data] as const]),
      ...ttl.map((text) => ["ttl", text] as const),
    ];
    return this.taken(wanted, await this.of.client.put(apiPath`dnsresourcerecords/${numberOf(id)}/`, form));
  }

  override async remove(id: string, prior: Attributes, removal: Removal): Promise<void> {
    if (removal.original !== undefined) return super.remove(id, prior, removal);
    if (isOfAddresses(prior)) {
      const row = await this.of.snapshot.read("dnsresources", id);
      // A state may name the domain in another way.
      const live = row === undefined ? prior : this.decode(row);
      await unlessGone(inTurn(this.of, turnOf(live), () => removeAddresses(this.of, id)));
    } else await unlessGone(this.of.client.delete(apiPath`dnsresourcerecords/${numberOf(id)}/`));
    this.of.snapshot.removed("dnsresources", id);
  }

  protected override post(desired: Attributes): Promise<Attributes> {
    const post = (): Promise<Attributes> => this.postInTurn(desired);
    const work = isOfAddresses(desired) ? () => whileTaking(this.of, textOf(desired.data), post) : post;
    return inTurn(this.of, turnOf(desired), work, "shared");
  }

  /** @param tries how often it is tried where the name is taken by a resource that is gone when it is looked for */
  private async postInTurn(desired: Attributes, tries = 3): Promise<Attributes> {
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
      if (rowsOf(there?.ip_addresses).length > 0) throw error;
      const answer = there && (await unlessGone(client.put(apiPath`dnsresources/${textOf(there.id)}/`, addresses)));
      if (answer !== undefined) return this.made(desired, answer);
      // The last of the other records has gone meanwhile, and the resource with it.
      if (tries === 1) throw error;
      return this.postInTurn(desired, tries - 1);
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

  /** What has come of a POST: the answer, or the record that an earlier try of it has made. */
  private async made({ id: _, ...desired }: Attributes, answer: ObjectJson): Promise<Attributes> {
    if (answer.number === undefined) return this.taken(desired, answer);
    rememberRecords(this.of, [answer], textOf(answer.id));
    return this.decode(answer);
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
      rememberRecords(this.of, rows, textOf(answered.id));
      return this.decode(answered);
    }
    const found = await findRecord(this.of, wanted);
    if (found !== undefined && isMeant(found)) {
      rememberRecords(this.of, [found], textOf(found.id));
      return this.decode(found);
    }
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
