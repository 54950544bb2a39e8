import { setTimeout as sleep } from "node:timers/promises";
import { dnsName, fqdnOf, recordType, splitName } from "../../../lib/model/dns";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { canonicalKey, formatKey, parseKey, partsAmong } from "../../../lib/model/natural-key";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { decode, type ObjectJson } from "../../maas/codec";
import type { MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { PlannedChanges } from "../planned/planned-changes";
import type { Region } from "../region/region";
import { isId } from "./lookups";
import { listed } from "./references";

/** Milliseconds for which a record waits for its domain, where this run makes it. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;

/** What a record is known by, with the id of its domain. */
const keyOf = (attributes: Attributes): string | undefined =>
  formatKey("dns_record", partsAmong("dns_record", attributes) ?? {});

/** Whether the row is of the record that these attributes are known by. */
export function hasKeyOf(row: ObjectJson, desired: Attributes): boolean {
  const key = keyOf(desired);
  return key !== undefined && keyOf(decode(KINDS.dns_record, row)) === key;
}

const among = (rows: readonly ObjectJson[], desired: Attributes): ObjectJson | undefined =>
  rows.find((row) => hasKeyOf(row, desired));

/** The record with that natural key, asked for now. */
export async function findRecord({ client, snapshot }: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const rows = rowsAnswered("dnsresources/", await client.get("dnsresources/"));
  return among(await snapshot.partsOf("dnsresources", rows), desired);
}

/** The same, as far as it has been read already. */
export const knownRecord = async ({ snapshot }: Region, desired: Attributes): Promise<ObjectJson | undefined> =>
  among(await snapshot.list("dnsresources"), desired);

/** The DNS resource of a name among those of a region. */
export function resourceAmong(resources: readonly ObjectJson[], name: string, domain: string): ObjectJson | undefined {
  const fqdn = dnsName(fqdnOf(name, domain));
  return resources.find((row) => row.id !== -1 && dnsName(textOf(row.fqdn)) === fqdn);
}

/** That a name has a CNAME or is to get one, and has other records. */
export function besideCname(there: readonly ObjectJson[], refusal?: MaasValidationError): ObjectError {
  const records = there.map((row) => `${textOf(row.type)} ${textOf(row.data)} (id ${textOf(row.id)})`);
  return new ObjectError(
    fault("MAAS-OPS-04", undefined, {
      what: "a CNAME and another record can't be at one name",
      why: `The name ${textOf(there[0]?.fqdn ?? "")} has ${listed(records)}.`,
      fix: `Delete one of them, or give one another name.${refusal === undefined ? "" : ` MAAS said: ${refusal.said}`}`,
    }),
    { cause: refusal },
  );
}

/** `TYPE:FQDN`, and the data after a blank. */
const BY_FQDN = /^([^:\s]+):(\S+)(?:\s+(.+))?$/s;

/**
 * The id of the record that a key names: an id, a natural key, or `TYPE:FQDN` as canonical/maas has it, with the data after
 * it where there are several.
 *
 * @throws ObjectError where there are several
 */
export async function lookUpRecord({ snapshot }: Region, key: string): Promise<string | undefined> {
  if (isId("dns_record", key)) {
    const row = await snapshot.read("dnsresources", key);
    return row && textOf(row.id);
  }
  if (parseKey("dns_record", key) !== undefined) {
    const row = await snapshot.find("dnsresources", canonicalKey("dns_record", key));
    if (row !== undefined) return textOf(row.id);
  }
  const [, type = "", fqdn = "", data] = BY_FQDN.exec(key) ?? [];
  if (fqdn === "") return undefined;
  const rows = (await snapshot.list("dnsresources")).filter(
    (row) =>
      row.type === recordType(type) &&
      dnsName(textOf(row.fqdn)) === dnsName(fqdn) &&
      (data === undefined || textOf(row.data) === data.trim()),
  );
  const [row, another] = rows;
  if (another === undefined) return row && textOf(row.id);
  throw new ObjectError(
    fault("MAAS-OPS-12", undefined, {
      what: `"${key}" names several DNS records`,
      why: `The region has ${listed(rows.map((one) => `${textOf(one.type)}:${textOf(one.fqdn)} ${textOf(one.data)} (id ${textOf(one.id)})`))}.`,
      fix: "Give one of these, with the data or by the id.",
    }),
  );
}

/** The names of domains that this run makes, as far as it is planned. */
const plannedDomains = (region: Region): readonly { readonly name: string }[] =>
  PlannedChanges.of(region)
    .of("dns_domain")
    .filter(({ id }) => id === undefined)
    .flatMap(({ planned: { name } }) => (typeof name === "string" ? [{ name }] : []));

/**
 * A record with its name in parts, by the domains of the region. One that this run makes is waited for: nothing in a
 * configuration that has `fqdn` alone says that the domain comes first.
 *
 * @throws ObjectError where the region has no such domain, or `fqdn` says something else than the parts
 */
export async function placed(region: Region, desired: Attributes): Promise<Attributes> {
  const { fqdn, name, domain } = desired;
  const isPlaced = typeof name === "string" && typeof domain === "string";
  if (typeof fqdn !== "string") return desired;
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const rows = await region.snapshot.list("domains");
    const domains = rows.map((row) => ({ id: textOf(row.id), name: textOf(row.name) }));
    if (isPlaced) return agreeing(desired, fqdnOf(name, domains.find(({ id }) => id === domain)?.name ?? "?"));
    const planned = plannedDomains(region).filter(
      (one) => !domains.some((there) => dnsName(there.name) === dnsName(one.name)),
    );
    const found = splitName(fqdn, [...domains, ...planned]);
    if (found !== undefined && "id" in found.domain)
      return { ...desired, name: found.name, domain: textOf(found.domain.id) };
    if (found === undefined || performance.now() > deadline) {
      throw new ObjectError(
        fault("MAAS-OPS-01", "fqdn", {
          what: `the region has no DNS domain that "${fqdn}" is in`,
          why: `It has ${listed(domains.map((one) => one.name))}.`,
          fix: "Make a maas_dns_domain, and refer to it: domain = maas_dns_domain.NAME.id, with name in place of fqdn; or end fqdn with one of these.",
        }),
      );
    }
    await sleep(PAUSE_MS);
    region.snapshot.forget("domains");
  }
}

function agreeing(desired: Attributes, fqdn: string): Attributes {
  if (dnsName(fqdn) === dnsName(textOf(desired.fqdn))) return desired;
  throw new ObjectError(
    fault("MAAS-OBJ-15", "fqdn", {
      what: `"${textOf(desired.fqdn)}" is not ${fqdn}, which name and domain make`,
      fix: "Leave fqdn out, or name and domain.",
    }),
  );
}
