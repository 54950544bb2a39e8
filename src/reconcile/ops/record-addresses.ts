import { IpAddress } from "../../../lib/model/address";
import { isAtLeast, type Release } from "../../../lib/model/api-place";
import { wordsIn } from "../../../lib/model/dns";
import { resourceOf } from "../../../lib/model/kinds/dns-rows";
import { oncePer } from "../../../lib/model/once-per";
import { objectRead, someAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasHttpError, unlessGone } from "../../maas/errors";
import { type Access, inTurn, type Region } from "../region/region";

// The addresses of a DNS resource. MAAS reserves one that it does not know for the user, and leaves it reserved when the
// resource loses it. An address that the user releases leaves its resources, and a resource goes with its last address,
// and with it its records of other types: models/signals/staticipaddress.py and api/ip_addresses.py (3.4, 3.6 and 3.7.3).

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

/** The release from which MAAS releases what it has reserved for a DNS resource along with it (models/dnsresource.py, 3.6.1). */
const RELEASES_ALONG: Release = [3, 6, 1];

/** For how long the list of all records is good, in milliseconds: it takes a large region seconds to make one. */
const LIST_MS = 5000;

/** MAAS's number of a record, among objects of its own collection. */
export const numberOf = (id: string): string => id.split(":")[1] ?? "";

const pathOf = (id: string): string => apiPath`dnsresources/${numberOf(id)}/`;

/** The addresses in texts, each in one spelling. */
const addressesIn = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap(wordsIn).map((word) => IpAddress.tryParse(word)?.toString() ?? word));

/** An address that was a machine's has none since MAAS has released it. */
const ipsOf = (rows: readonly ObjectJson[]): readonly string[] =>
  rows.flatMap(({ ip }) => (typeof ip === "string" ? [ip] : []));

function inTurnOf<T>(
  region: Region,
  [ip, ...others]: readonly string[],
  access: Access,
  work: () => Promise<T>,
): Promise<T> {
  if (ip === undefined) return work();
  return inTurn(region, `address ${ip}`, () => inTurnOf(region, others, access, work), access);
}

/** Writes a record with the addresses in the text while no other record of this run gives one of them up. */
export const whileTaking = <T>(region: Region, data: string, work: () => Promise<T>): Promise<T> =>
  inTurnOf(region, [...addressesIn([data])].sort(), "shared", work);

/** Writes a record that gives addresses up while no other record of this run takes one of them, or gives it up. */
const whileGivingUp = <T>(region: Region, addresses: readonly string[], work: () => Promise<T>): Promise<T> =>
  inTurnOf(region, [...addressesIn(addresses)].sort(), "alone", work);

/** Takes in records of a name where the one that is meant is among them: what answers may be another object's. */
export function rememberRecords({ snapshot }: Region, rows: readonly ObjectJson[], meant: string): void {
  if (!rows.some(({ id }) => id === meant)) return;
  for (const row of rows) snapshot.remember("dnsresources", row);
}

interface DnsResource {
  readonly addresses: readonly ObjectJson[];
  /** Whether it has no records of other types. */
  readonly isAlone: boolean;
}

/** What MAAS has of the name now. @throws MaasNotFoundError */
async function resourceNow({ client }: Region, id: string): Promise<DnsResource> {
  const { ip_addresses, resource_records } = objectRead(pathOf(id), await client.get(pathOf(id)));
  return { addresses: rowsOf(ip_addresses), isAlone: rowsOf(resource_records).length === 0 };
}

async function put(region: Region, id: string, addresses: readonly string[], more: Form = []): Promise<ObjectJson> {
  const answer = await region.client.put(pathOf(id), [["ip_addresses", addresses.join(" ")], ...more]);
  rememberRecords(region, await region.snapshot.partsOf("dnsresources", [answer]), id);
  return answer;
}

const listedAt = oncePer((_: Region) => ({ at: -Infinity }));

/** The records of the region, as they were at most {@link LIST_MS} ago. @throws MaasDecodeError where it lists none */
async function recordsOf(region: Region): Promise<readonly ObjectJson[]> {
  const last = listedAt(region);
  if (performance.now() - last.at > LIST_MS) {
    region.snapshot.forget("dnsresources");
    last.at = performance.now();
  }
  const records = await region.snapshot.list("dnsresources");
  someAnswered("dnsresources/", records);
  return records;
}

/** Of the addresses of a record, those that go with it where it has that data, none = where it goes: nobody else has them. */
async function releasable(
  region: Region,
  id: string,
  addresses: readonly ObjectJson[],
  data = "",
): Promise<readonly string[]> {
  const isReserved = ({ alloc_type: type, interface_set: nics }: ObjectJson): boolean =>
    type === USER_RESERVED && Array.isArray(nics) && nics.length === 0;
  const kept = addressesIn([data]);
  const dropped = ipsOf(addresses.filter(isReserved)).filter((ip) => !kept.has(ip));
  if (dropped.length === 0) return [];
  const others = (await recordsOf(region)).filter((row) => row.id !== id);
  const used = new Set(others.flatMap((row) => resourceOf(row).addresses.map(({ ip }) => ip)));
  return dropped.filter((ip) => !used.has(ip));
}

async function release({ client }: Region, addresses: readonly string[]): Promise<void> {
  for (const ip of addresses) {
    try {
      await client.post("ipaddresses/", [["ip", ip]], { op: "release" }, { isIdempotent: true });
    } catch (error) {
      // It is gone already, or somebody else's.
      if (!(error instanceof MaasHttpError) || error.status !== 400) throw error;
    }
  }
}

/**
 * Gives the record with that id the addresses in `data`, and releases what MAAS has reserved for it and nobody has any longer.
 *
 * @param more what else to send
 * @returns MAAS's answer
 */
export async function replaceAddresses(region: Region, id: string, data: string, more: Form): Promise<ObjectJson> {
  const { addresses } = await resourceNow(region, id);
  return whileGivingUp(region, [...ipsOf(addresses), data], async () => {
    const dropped = await releasable(region, id, addresses, data);
    if (dropped.length > 0) {
      // The record has them until they are released: where this run is cut off, the next one sees what is left to release.
      await put(region, id, [data, ...dropped], more);
      await release(region, dropped);
    }
    // Always with addresses: a PUT without them loses all but one (live 3.4.10, 3.6.5 and 3.7.3).
    return put(region, id, [data], more);
  });
}

/**
 * Takes the addresses off the name, and leaves its records of other types, which MAAS deletes with the last address that is
 * released. So that one is released when the name has it no longer; all others before, for a run that is cut off.
 *
 * @throws MaasNotFoundError where the name has no record
 */
export async function removeAddresses(region: Region, id: string): Promise<void> {
  const { client, snapshot } = region;
  const { addresses, isAlone } = await resourceNow(region, id);
  await whileGivingUp(region, ipsOf(addresses), async () => {
    if (isAlone && isAtLeast((await snapshot.version()) ?? "", RELEASES_ALONG) === true) {
      await client.delete(pathOf(id));
      return snapshot.removed("dnsresources", id);
    }
    const reserved = await releasable(region, id, addresses);
    const last = isAlone ? [] : reserved.slice(-1);
    // Who may not change the record may release an address of it: that it can be changed is seen before.
    if (reserved.length > 0) await put(region, id, ipsOf(addresses));
    await release(region, reserved.slice(0, reserved.length - last.length));
    const left = isAlone ? undefined : await put(region, id, []);
    if (rowsOf(left?.resource_records).length === 0) await unlessGone(client.delete(pathOf(id)));
    snapshot.removed("dnsresources", id);
    await release(region, last);
  });
}
