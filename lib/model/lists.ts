import { IpAddress } from "./address";

/** The items by key, each group in their order. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** What is compared by its value: what may be an IPv6 address, MAAS's word for VID 0 in a key, and decimal digits. */
const VALUES = /(?<![\w:.])[\da-f]*(?::[\da-f]*){2,}(?:\d*\.[\d.]+)?|(?<=:)untagged\b|\d+/gi;

/** Digits of the numbers that are compared by value: more than any id or address has. */
const WIDTH = 24;

const padded = (digits: string): string => digits.replace(/^0+/, "").padStart(WIDTH, "0");

/** The text with its numbers and addresses in a form that sorts by value. An IPv6 address comes after an IPv4 address. */
function sortKey(text: string): string {
  return text.replace(VALUES, (value) => {
    if (/^u/i.test(value)) return padded("0");
    const address = value.includes(":") ? IpAddress.tryParse(value) : undefined;
    return address === undefined
      ? value.replace(/\d+/g, padded)
      : `~${address.value.toString(16).padStart(WIDTH * 2, "0")}`;
  });
}

/** What items are ordered by: a text in natural order, or a number. */
type Criterion<T> = (item: T) => string | number;

/** Negative, zero or positive. A number comes before a text. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}

/**
 * The items as people look for them: by the first criterion, where that is the same by the next one. Numbers and addresses
 * in a text count by value, so that `lab:2` comes before `lab:10`, `lab:untagged` (VID 0) before both, and `2001:db8:a::/64`
 * before `2001:db8:10::/64`. What remains is ordered by its characters, in no language's order. Stable, and the same on
 * every machine.
 */
export function inNaturalOrder<T>(items: Iterable<T>, ...criteria: readonly Criterion<T>[]): T[] {
  const all = [...items];
  if (all.length < 2) return all;
  const keyed = all.map((item) => {
    const values = criteria.map((criterion) => criterion(item));
    const texts = values.filter((value) => typeof value === "string");
    // The texts themselves come last: `lab-1` and `lab-01` are not the same.
    return { item, keys: [...values.map((value) => (typeof value === "string" ? sortKey(value) : value)), ...texts] };
  });
  const order = (a: readonly (string | number)[], b: readonly (string | number)[]): number => {
    for (const [index, key] of a.entries()) {
      const result = compare(key, b[index] ?? "");
      if (result !== 0) return result;
    }
    return 0;
  };
  return keyed.sort((a, b) => order(a.keys, b.keys)).map(({ item }) => item);
}
