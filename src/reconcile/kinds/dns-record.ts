import { setTimeout as sleep } from "node:timers/promises";
import { ADDRESS_RECORD, recordType } from "../../../lib/model/dns";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes, Value } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { checkRecord } from "../checks/planned-domain";
import { ObjectError } from "../objects/failure";
import type { Created, Removal } from "../objects/object-ops";
import { changesBetween } from "../objects/planned-state";
import { CollectionOps } from "../ops/collection-ops";
import { releasable, release, whileGivingUp, whileTaking } from "../ops/record-addresses";
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

/** MAAS's number of a record, among objects of its own collection. */
const numberOf = (id: string): string => id.split(":")[1] ?? "";

const givenTtl = (name: string, ttl: Value | undefined): Form => (typeof ttl === "number" ? [[name, textOf(ttl)]] : []);

const pathOf = (id: string): string => apiPath`dnsresources/${numberOf(id)}/`;
const ipOf = ({ ip }: ObjectJson): string => textOf(ip);

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
    if (isOfAddresses(prior)) return this.updateAddresses(wanted, ttl);
    const data: Form = changes.data === undefined ? [] : [["rrdata", textOf(changes.data)]];
    const form: Form = [...data, ...ttl.map((text) => ["ttl", text] as const)];
    return this.taken(wanted, await this.of.client.put(apiPath`dnsresourcerecords/${numberOf(id)}/`, form));
  }

  private async updateAddresses(wanted: Attributes, ttl: readonly string[]): Promise<Attributes> {
    const [id, data] = [textOf(wanted.id), textOf(wanted.data)];
    const put = (addresses: readonly string[]): Promise<ObjectJson> => {
      // A PUT without addresses loses all but one of them (live 3.4.10, 3.6.5 and 3.7.3).
      const form: Form = [["ip_addresses", addresses.join(" ")], ...ttl.map((text) => ["address_ttl", text] as const)];
      return this.of.client.put(pathOf(id), form);
    };
    const { addresses } = await this.resource(id);
    return whileGivingUp(this.of, [...addresses.map(ipOf), data], async () => {
      const dropped = await releasable(this.of, id, addresses, data);
      if (dropped.length > 0) {
        // The record has them until they are released: where this run is cut off, the next one sees what is left to release.
        await put([data, ...dropped]);
        await release(this.of, dropped);
      }
      return this.taken(wanted, await put([data]));
    });
  }

  override async remove(id: string, prior: Attributes, removal: Removal): Promise<void> {
    if (removal.original !== undefined) return super.remove(id, prior, removal);
    if (isOfAddresses(prior)) {
      const row = await this.of.snapshot.read("dnsresources", id);
      // A state may name the domain in another way.
      const live = row === undefined ? prior : this.decode(row);
      await this.unlessGone(() => inTurn(this.of, turnOf(live), () => this.removeAddresses(id)));
    } else await this.unlessGone(() => this.of.client.delete(apiPath`dnsresourcerecords/${numberOf(id)}/`));
    this.of.snapshot.removed("dnsresources", id);
  }

  protected override post(desired: Attributes): Promise<Attributes> {
    const post = (): Promise<Attributes> => this.postInTurn(desired);
    const work = isOfAddresses(desired) ? () => whileTaking(this.of, [textOf(desired.data)], post) : post;
    return inTurn(this.of, turnOf(desired), work, "shared");
  }

  private async postInTurn(desired: Attributes): Promise<Attributes> {
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
      if (there === undefined) return this.postInTurn(desired);
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

  /** What MAAS has of the name now. @throws MaasNotFoundError */
  private async resource(
    id: string,
  ): Promise<{ readonly addresses: readonly ObjectJson[]; readonly isAlone: boolean }> {
    const path = pathOf(id);
    const { ip_addresses, resource_records } = objectRead(path, await this.of.client.get(path));
    return { addresses: rowsOf(ip_addresses), isAlone: rowsOf(resource_records).length === 0 };
  }

  /**
   * Takes the addresses off the name, and leaves its records of other types, which MAAS deletes with the last address that is
   * released. So that one is released when the name has it no longer; all others before, for a run that is cut off.
   */
  private async removeAddresses(id: string): Promise<void> {
    const { client, snapshot } = this.of;
    const { addresses, isAlone } = await this.resource(id);
    await whileGivingUp(this.of, addresses.map(ipOf), async () => {
      const reserved = await releasable(this.of, id, addresses);
      const last = isAlone ? [] : reserved.slice(-1);
      await release(this.of, reserved.slice(0, reserved.length - last.length));
      const left = isAlone ? undefined : await client.put(pathOf(id), [["ip_addresses", ""]]);
      if (left === undefined || rowsOf(left.resource_records).length === 0)
        await this.unlessGone(() => client.delete(pathOf(id)));
      snapshot.removed("dnsresources", id);
      await release(this.of, last);
    });
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
