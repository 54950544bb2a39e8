import { ADDRESS_RECORD, recordData, recordType, splitName } from "../dns";
import { ADDRESS, listOf, type Members, objectOf, optional, TEXT, WHOLE_NUMBER } from "../json-member";
import { textOf } from "../text";

type Row = Readonly<Record<string, unknown>>;

/** What is read of a row of `dnsresourcerecords/`, beside its id. */
export const RECORD_ROW: Members = { fqdn: TEXT, rrtype: TEXT, rrdata: TEXT, ttl: optional(WHOLE_NUMBER) };

/** The same of `dnsresources/`. */
export const RESOURCE_ROW: Members = {
  fqdn: TEXT,
  address_ttl: optional(WHOLE_NUMBER),
  ip_addresses: optional(
    listOf(
      objectOf({
        ip: optional(ADDRESS),
        alloc_type: optional(WHOLE_NUMBER),
        subnet: optional(objectOf({ id: WHOLE_NUMBER })),
      }),
    ),
  ),
  resource_records: optional(listOf(objectOf({ id: optional(WHOLE_NUMBER), ...RECORD_ROW }))),
};

/** A row of `domains/`, as far as records need it. */
interface DomainRow extends Row {
  readonly name: string;
}

/** Where a full name is: the row of its domain, and the name there. */
export type Placing = (fqdn: string) => { readonly name: string; readonly domain: DomainRow } | undefined;

/** Places full names by the rows of the region's domains. */
export function domainsAround(rows: readonly Row[]): Placing {
  const domains = rows.filter((row): row is DomainRow => typeof row.name === "string");
  return (fqdn) => splitName(fqdn, domains);
}

const rowsIn = (value: unknown): readonly Row[] => (Array.isArray(value) ? (value as readonly Row[]) : []);

/** A row as a record has it. `number` is MAAS's id among objects of its own collection. */
function recordRow(type: string, row: Row, placing: Placing, more: Row): Row {
  const fqdn = textOf(row.fqdn ?? "");
  const { name = fqdn, domain = null } = placing(fqdn) ?? {};
  return { id: `${type}:${textOf(row.id)}`, number: row.id, type, fqdn, name, domain, ...more };
}

const dataRow = (row: Row, placing: Placing): Row =>
  recordRow(recordType(textOf(row.rrtype)), row, placing, { data: row.rrdata, ttl: row.ttl });

/** What a DNS resource has beside what it shows as records. */
export const resourceOf = (row: Row): { readonly addresses: readonly Row[]; readonly others: number } => ({
  addresses: rowsIn(row.addresses),
  others: Number(row.others ?? 0),
});

/**
 * The records of a row of `dnsresources/`: MAAS keeps all addresses of a name in the row itself, and records of other types
 * inside it; or the one record of a row of `dnsresourcerecords/`. What MAAS serves without keeping it has the id -1.
 */
export function recordRows(row: Row, placing: Placing): Row[] {
  if (row.rrtype !== undefined) return [dataRow(row, placing)];
  if (row.id === -1) return [];
  const addresses = rowsIn(row.ip_addresses).filter(({ ip }) => typeof ip === "string");
  // Without an id it can't be named, changed or removed.
  const others = rowsIn(row.resource_records).filter(({ id }) => typeof id === "number");
  const data = addresses.map(({ ip }) => textOf(ip)).join(" ");
  const own = recordRow(ADDRESS_RECORD, row, placing, {
    ...{ data: recordData(data), ttl: row.address_ttl },
    ...{ addresses, others: others.length },
  });
  return [...(addresses.length === 0 ? [] : [own]), ...others.map((other) => dataRow(other, placing))];
}
