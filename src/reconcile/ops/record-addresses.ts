import { IpAddress } from "../../../lib/model/address";
import { wordsIn } from "../../../lib/model/dns";
import { resourceOf } from "../../../lib/model/kinds/dns-rows";
import { textOf } from "../../../lib/model/text";
import { someAnswered } from "../../maas/answer";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError } from "../../maas/errors";
import { inTurn, type Region } from "../region/region";

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

/** The addresses in the data of a record, each in one spelling. */
const addressesIn = (data: string): Set<string> =>
  new Set(wordsIn(data).map((word) => IpAddress.tryParse(word)?.toString() ?? word));

function inTurnOfAll<T>(
  region: Region,
  [ip, ...others]: readonly string[],
  access: "alone" | "shared",
  work: () => Promise<T>,
): Promise<T> {
  if (ip === undefined) return work();
  return inTurn(region, `address ${ip}`, () => inTurnOfAll(region, others, access, work), access);
}

/** Writes a record with these addresses while no other record of this run gives one of them up. */
export const whileTaking = <T>(region: Region, addresses: readonly string[], work: () => Promise<T>): Promise<T> =>
  inTurnOfAll(region, [...addressesIn(addresses.join(" "))].sort(), "shared", work);

/** Writes a record that gives addresses up while no other record of this run takes one of them, or gives it up. */
export const whileGivingUp = <T>(region: Region, addresses: readonly string[], work: () => Promise<T>): Promise<T> =>
  inTurnOfAll(region, [...addressesIn(addresses.join(" "))].sort(), "alone", work);

/**
 * Of the addresses of the record with that id, those that go with it where its data is that: MAAS has reserved them for
 * records, and no other record has them.
 *
 * @param data none = the record goes
 * @throws MaasDecodeError where the region lists no record at all, not even this one
 */
export async function releasable(
  { snapshot }: Region,
  id: string,
  addresses: readonly ObjectJson[],
  data = "",
): Promise<readonly string[]> {
  const kept = addressesIn(data);
  const isReserved = ({ alloc_type: type, interface_set: nics }: ObjectJson): boolean =>
    type === USER_RESERVED && Array.isArray(nics) && nics.length === 0;
  const dropped = addresses
    .filter(isReserved)
    .map(({ ip }) => textOf(ip))
    .filter((ip) => !kept.has(ip));
  if (dropped.length === 0) return [];
  const records = await snapshot.list("dnsresources");
  someAnswered("dnsresources/", records);
  const others = records.filter((row) => row.id !== id);
  const used = new Set(others.flatMap((row) => resourceOf(row).addresses.map(({ ip }) => ip)));
  return dropped.filter((ip) => !used.has(ip));
}

/**
 * Releases addresses that this user has reserved. MAAS takes them off their records, and deletes a DNS resource with its last
 * address, and with that its records of other types.
 *
 * @see MAAS api/ip_addresses.py, models/signals/staticipaddress.py (3.4, 3.6 and 3.7.3)
 */
export async function release({ client }: Region, addresses: readonly string[]): Promise<void> {
  for (const ip of addresses) {
    try {
      await client.post("ipaddresses/", [["ip", ip]], { op: "release" }, { isIdempotent: true });
    } catch (error) {
      // It is gone already, or somebody else's.
      if (!(error instanceof MaasHttpError) || error.status !== 400) throw error;
    }
  }
}
