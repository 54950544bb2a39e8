import { IpAddress } from "./address";

/** The types of DNS records that MAAS keeps, by the names that canonical/maas has for them. */
export const RECORD_TYPES = ["A/AAAA", "CNAME", "MX", "NS", "SRV", "SSHFP", "TXT"] as const;

/** The type of a record of addresses. MAAS keeps those of both families in one object for each name. */
export const ADDRESS_RECORD = "A/AAAA";

const RECORD_OF_ONE_FAMILY: readonly string[] = ["A", "AAAA"];

/** The largest TTL of a record, in seconds (RFC 2181 section 8; MAAS forms/dnsdata.py, 3.6.4). */
export const LARGEST_TTL = 2147483647;

/** The one spelling of a record type: upper case; `A` and `AAAA` are records of addresses with one family only. */
export function recordType(text: string): string {
  const upper = text.trim().toUpperCase();
  return RECORD_OF_ONE_FAMILY.includes(upper) ? ADDRESS_RECORD : upper;
}

/** The one spelling of a DNS name: lower case, without the dot at its end. DNS tells no letters of other case apart. */
export const dnsName = (text: string): string => text.trim().toLowerCase().replace(/\.+$/, "");

/** The words of a text. */
export const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** The addresses that the data of a record lists, each once, in order; undefined where it is anything else. */
export function addressesIn(data: string): IpAddress[] | undefined {
  const found = wordsIn(data).map((word) => IpAddress.tryParse(word));
  if (found.length === 0 || found.some((address) => address === undefined)) return undefined;
  const byText = new Map(found.flatMap((address) => (address ? [[address.toString(), address] as const] : [])));
  return [...byText.values()].sort((a, b) => a.family - b.family || a.compare(b));
}

/**
 * The one spelling of a record's data: addresses in canonical form, each once and in order, since MAAS keeps them as a set;
 * all else as it is, without the blanks around it.
 */
export const recordData = (text: string): string =>
  addressesIn(text)
    ?.map((address) => address.toString())
    .join(" ") ?? text.trim();

/** The name at the top of a domain. */
export const APEX = "@";

/** The full name of a record. */
export const fqdnOf = (name: string, domain: string): string => (name === APEX ? domain : `${name}.${domain}`);

/** A full name in its parts. */
export interface SplitName<D> {
  readonly name: string;
  readonly domain: D;
}

/**
 * The domain that a full name is in, the longest of those that fit, and the name there; undefined where it is in none. MAAS
 * itself crashes on most names that it can't split at their first dot, so that it is always given both parts.
 *
 * @see MAAS models/dnsresource.py `separate_fqdn` (3.6.4); live regions 3.4.10, 3.6.5 and 3.7.3
 */
export function splitName<D extends { readonly name: string }>(
  fqdn: string,
  domains: readonly D[],
): SplitName<D> | undefined {
  const bare = fqdn.trim().replace(/\.+$/, "");
  const lower = bare.toLowerCase();
  const around = domains
    .map((domain) => ({ domain, spelled: dnsName(domain.name) }))
    .filter(({ spelled }) => lower === spelled || lower.endsWith(`.${spelled}`))
    .sort((a, b) => b.spelled.length - a.spelled.length)[0];
  if (around === undefined) return undefined;
  const { domain, spelled } = around;
  return { domain, name: lower === spelled ? APEX : bare.slice(0, -spelled.length - 1) };
}

/** The name of the record by which an address leads back to names: `5.0.0.10.in-addr.arpa` (RFC 1035), or below `ip6.arpa` (RFC 3596). */
export function pointerOf(address: IpAddress): string {
  if (address.family === 4) {
    const octets = [24n, 16n, 8n, 0n].map((shift) => (address.value >> shift) & 255n);
    return `${octets.reverse().join(".")}.in-addr.arpa`;
  }
  const nibbles = [...address.value.toString(16).padStart(32, "0")];
  return `${nibbles.reverse().join(".")}.ip6.arpa`;
}
