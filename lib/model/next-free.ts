import { type Family, IpAddress } from "./address";
import { SEGMENT_LENGTH } from "./address-plan";
import { checkFormat } from "./checks/field";
import { Cidr } from "./cidr";
import { isKnown, type Value, type Values } from "./known";
import { attr, fault, type Problem, text } from "./problem";
import { AddressRange } from "./address-range";
import { coverable } from "./static-range";

/** The addresses of a subnet that something may have: without the network, the broadcast and what MAAS keeps for itself. */
function usable(subnet: Cidr): AddressRange | undefined {
  // RFC 3021 and RFC 6164: networks of two addresses have neither a network address nor a broadcast address.
  const isPointToPoint = subnet.size <= 2n;
  return isPointToPoint ? new AddressRange(subnet.first, subnet.last) : coverable(subnet);
}

/** The lowest `size` addresses of the subnet, one after the other, that none of the used ranges has; undefined = there are none. */
export function nextFreeRange(subnet: Cidr, size: bigint, used: readonly AddressRange[]): AddressRange | undefined {
  const within = usable(subnet);
  const gap = within && AddressRange.gaps(within, used).find((free) => free.size >= size);
  return gap && new AddressRange(gap.start, gap.start.plus(size - 1n));
}

/** How many addresses in a row the subnet has free at most. */
export function largestFree(subnet: Cidr, used: readonly AddressRange[]): bigint {
  const within = usable(subnet);
  const sizes = within === undefined ? [] : AddressRange.gaps(within, used).map(({ size }) => size);
  return sizes.reduce((most, size) => (size > most ? size : most), 0n);
}

/** The lowest network of that length inside of the prefix that overlaps none of the used ranges; undefined = there is none. */
export function nextFreeNetwork(prefix: Cidr, length: number, used: readonly AddressRange[]): Cidr | undefined {
  const hostBits = BigInt(IpAddress.bits(prefix.family) - length);
  const size = 1n << hostBits;
  for (const { start, end } of AddressRange.gaps(new AddressRange(prefix.first, prefix.last), used)) {
    const first = ((start.value + size - 1n) >> hostBits) << hostBits;
    if (first + size - 1n <= end.value) return Cidr.of(IpAddress.of(prefix.family, first), length);
  }
  return undefined;
}

/** The addresses of a network, or from one to another, as a range. */
export const rangeOf = ({ first, last }: Cidr): AddressRange => new AddressRange(first, last);

/** What a next free answer is about: addresses of a subnet, or a network of a prefix. */
export type Answer = AddressRange | Cidr;

/** The answer as text: `10.20.0.5`, `10.20.0.5-10.20.0.9` or `2001:db8:40:3::/64`. */
export const answerText = (answer: Answer): string =>
  answer instanceof AddressRange && answer.size === 1n ? answer.start.toString() : answer.toString();

/** The answer that a text of {@link answerText} stands for; undefined for another text. */
export function parseAnswer(written: string): Answer | undefined {
  const network = Cidr.tryParse(written);
  if (network !== undefined) return Cidr.hasHostBits(written) ? undefined : network;
  const [start, end = start, ...more] = written.split("-").map((part) => IpAddress.tryParse(part));
  if (start === undefined || end === undefined || more.length > 0) return undefined;
  return start.family === end.family && start.compare(end) <= 0 ? new AddressRange(start, end) : undefined;
}

/** The length of the networks that a prefix of the family is asked for, where none is given: 64, or 24 for IPv4. */
export const defaultLength = (family: Family): number => SEGMENT_LENGTH[family];

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== null;

function checkChoice({ subnet, prefix }: Values): Problem[] {
  if (isSet(subnet) !== isSet(prefix)) return [];
  // What is not known yet may turn out to be null.
  if ([subnet, prefix].some((value) => value !== undefined && !isKnown(value))) return [];
  const what = isSet(subnet)
    ? text`${attr("subnet")} and ${attr("prefix")} are both set`
    : text`neither ${attr("subnet")} nor ${attr("prefix")} is set`;
  const fix = text`Set ${attr("subnet")} for an address or a range of a subnet, such as "10.20.0.0/24", or ${attr("prefix")} for a network, such as "2001:db8:40::/48".`;
  return [fault("MAAS-VAL-17", isSet(subnet) ? "prefix" : undefined, { what, fix })];
}

/** What goes with one of the two, and with the other not. */
function checkCompanion(values: Values, name: string, owner: string): Problem[] {
  if (!isSet(values[name]) || isSet(values[owner])) return [];
  return [
    fault("MAAS-VAL-17", name, {
      what: text`${attr(name)} is set without ${attr(owner)}`,
      fix: text`Leave ${attr(name)} out, or set ${attr(owner)}.`,
    }),
  ];
}

function checkNumber(values: Values, name: string, min: number, max: number): Problem[] {
  const value = values[name];
  if (typeof value !== "number" || (Number.isInteger(value) && value >= min && value <= max)) return [];
  const code = Number.isInteger(value) ? "MAAS-VAL-02" : "MAAS-VAL-01";
  const what = text`${value} is not possible as ${attr(name)}`;
  return [fault(code, name, { what, fix: `Write a whole number from ${min} to ${max}.` })];
}

/** Whether networks of the length that is asked for fit into the prefix. */
function checkLength(values: Values, prefix: Cidr): Problem[] {
  const { prefixLength, family } = prefix;
  if (values.prefix_length !== undefined && !isKnown(values.prefix_length)) return [];
  const given = checkNumber(values, "prefix_length", prefixLength, IpAddress.bits(family));
  if (isSet(values.prefix_length) || prefixLength <= defaultLength(family)) return given;
  return [
    fault("MAAS-VAL-02", "prefix", {
      what: text`${prefix.toString()} has no room for a /${defaultLength(family)}, which is what ${attr("prefix_length")} is by itself`,
      fix: text`Set ${attr("prefix_length")} to a number from ${prefixLength} to ${IpAddress.bits(family)}, or give a shorter prefix.`,
    }),
  ];
}

/** What is wrong with what is asked for, without the region. What is not known yet passes. */
export function checkNextFree(values: Values): Problem[] {
  const { prefix } = values;
  const shape = typeof prefix === "string" ? checkFormat.cidr("prefix", prefix) : [];
  return [
    ...checkChoice(values),
    ...checkCompanion(values, "size", "subnet"),
    ...checkCompanion(values, "prefix_length", "prefix"),
    ...checkNumber(values, "size", 1, Number.MAX_SAFE_INTEGER),
    ...shape,
    ...(typeof prefix === "string" && shape.length === 0 ? checkLength(values, Cidr.parse(prefix)) : []),
  ];
}
