import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import { dnsName, recordData, recordType } from "./dns";
import type { Field, Format } from "./field";
import type { Kind } from "./kind";
import { type Attributes, isKnown, type Known, type Value, type Values } from "./known";

/**
 * The boot architectures that DHCP can leave out on a subnet, by MAAS's names, with the number of RFC 4578 that MAAS takes as
 * well. The same from MAAS 3.0, which brought them, to 3.7.
 *
 * @see MAAS provisioningserver/boot/__init__.py, forms/subnet.py (3.6.4)
 */
const OCTETS: Readonly<Record<string, string>> = {
  pxe: "00:00",
  uefi_amd64_tftp: "00:07",
  uefi_amd64_http: "00:10",
  uefi_ebc_tftp: "00:09",
  uefi_arm64_tftp: "00:0B",
  uefi_arm64_http: "00:13",
  "open-firmware_ppc64el": "00:0C",
  powernv: "00:0E",
  s390x: "00:1F",
  s390x_partition: "00:20",
};

/** MAAS's names of the boot architectures. */
export const BOOT_ARCHITECTURES: readonly string[] = Object.keys(OCTETS);

/** MAAS's name of the architecture, which may be given by its number, as `00:07` or `0x07`; other text as it is. */
export function bootArchitecture(text: string): string {
  const octet = text.replace("0x", "00:");
  return BOOT_ARCHITECTURES.find((name) => OCTETS[name] === octet) ?? text;
}

/** A MAC address as MAAS takes it. */
export const MAC_ADDRESS = /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i;

/** Words with one blank between them, addresses and networks in canonical form. MAAS takes commas as well. */
const settingText = (text: string): string =>
  text
    .split(/[,\s]+/)
    .filter((word) => word !== "")
    .map((word) => (IpAddress.tryParse(word) ?? Cidr.tryParse(word))?.toString() ?? word)
    .join(" ")
    .replace(/^(?:true|false)$/i, (flag) => flag.toLowerCase());

/** The one spelling of a MAC address: lower case, with colons. Other text as it is. */
export const macAddress = (text: string): string =>
  MAC_ADDRESS.test(text) ? text.toLowerCase().replace(/-/g, ":") : text;

const CANONICAL: Readonly<Record<Format, (text: string) => string>> = {
  ip: (text) => IpAddress.tryParse(text)?.toString() ?? text,
  cidr: (text) => Cidr.tryParse(text)?.toString() ?? text,
  mac: macAddress,
  setting: settingText,
  word: (text) => text.toUpperCase(),
  "boot-architecture": bootArchitecture,
  "dns-name": dnsName,
  "dns-type": recordType,
  "dns-data": recordData,
};

const isObject = (value: Known<Value>): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value) && isKnown(value);

/** Whether the text says nothing but itself. MAAS's forms take the blanks around such a text away. */
const isFreeText = ({ format, references, namesInterface, oneOf }: Field): boolean =>
  (format ?? references ?? namesInterface ?? oneOf) === undefined;

/** The order of a set: of texts by themselves, of objects by what they hold. */
export const inOrder = (a: Value, b: Value): number => {
  const [one, other] = [a, b].map((item) => (typeof item === "string" ? item : JSON.stringify(item)));
  return (one ?? "") < (other ?? "") ? -1 : one === other ? 0 : 1;
};

/** Without items that are the same as the one before them. */
const eachOnce = (items: readonly Value[]): Value[] =>
  items.filter((item, index) => index === 0 || !isKnown(item) || inOrder(item, items[index - 1] ?? null) !== 0);

const bareText = (field: Field, text: string): string => (isFreeText(field) ? text.trim() : text);

function canonicalText(field: Field, text: string): string {
  const bare = bareText(field, text);
  if (bare === field.absent) return "";
  return field.format === undefined ? bare : CANONICAL[field.format](bare);
}

/**
 * The value as MAAS would spell it: addresses in canonical form, text without blanks around it, sets sorted and with each item
 * once, since two spellings of one address are two items to Terraform; `""` for text that stands for none. Unknown stays unknown.
 */
export function canonical(field: Field, value: Known<Value>): Value {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(field, item));
    return Array.isArray(field.type) && field.type[0] === "set" ? eachOnce(items.sort(inOrder)) : items;
  }
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, canonical(field, member ?? null)]));
  return typeof value === "string" ? canonicalText(field, value) : value;
}

function equal(a: Value, b: Value): boolean {
  return typeof a === "string" && typeof b === "string" ? a === b : JSON.stringify(a) === JSON.stringify(b);
}

/** What there is where there is nothing. */
export function noneOf({ type }: Field): Value {
  if (typeof type === "string") return type === "string" ? "" : null;
  return type[0] === "object" ? null : [];
}

/** Whether two values mean the same, in whatever spelling. Unknown equals nothing; empty text and an empty list equal none. */
export function sameValue(field: Field, a: Value, b: Value): boolean {
  if (!isKnown(a) || !isKnown(b)) return false;
  if (a === b) return true;
  const none = noneOf(field);
  return equal(canonical(field, a ?? none), canonical(field, b ?? none));
}

/** Whether the value says that there is none: null, an empty list, empty text, or MAAS's own word for it (`undefined`). */
export function isNone(field: Field, value: Value): boolean {
  // No format leaves out letters and digits, and to read an address takes long.
  if (typeof value === "string" && /\w/.test(value)) return bareText(field, value) === field.absent;
  return sameValue(field, value, null);
}

/** The attributes with null for every text that says that there is none, unless that text is the default. */
export function withoutEmptyText({ fields }: Pick<Kind, "fields">, attributes: Attributes): Attributes {
  const empty = fields.filter((field) => {
    const value = attributes[field.name];
    return typeof value === "string" && value !== field.default && isNone(field, value);
  });
  return { ...attributes, ...Object.fromEntries(empty.map(({ name }) => [name, null])) };
}

/** `live` with each attribute spelled as in `prior` wherever the two mean the same, so that a spelling is no drift. */
export function keepSpelling(kind: Kind, live: Attributes, prior: Attributes): Attributes {
  const kept = kind.fields
    .filter((field) => prior[field.name] !== undefined && live[field.name] !== undefined)
    .filter((field) => sameValue(field, live[field.name] ?? null, prior[field.name] ?? null))
    .map((field) => [field.name, prior[field.name] ?? null] as const);
  return { ...live, ...Object.fromEntries(kept) };
}
