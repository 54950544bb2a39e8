import { IpAddress } from "../address";
import { Cidr, CidrError } from "../cidr";
import { boundsOf, type Field, type Format, type Pattern } from "../field";
import { isKnown, type Known, type Value } from "../known";
import { fault, type Problem, text, type Words } from "../problem";
import { BOOT_ARCHITECTURES, bootArchitecture, canonical, isNone, MAC_ADDRESS } from "../spelling";
import { textOf } from "../text";

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** What the text must hold and does not. */
function patternAdvice({ regex, words }: Pattern, given: string): Omit<Words<string>, "what"> {
  const rule = `It must hold ${words}`;
  // Where a name may begin with a letter, each other character is judged after one.
  const odd = [...given].find((character) => !regex.test(`a${character}`));
  if (odd === undefined) return { why: `${rule}.` };
  const composed = given.normalize("NFC");
  if (regex.test(composed)) {
    return {
      why: `${rule}, and has the combining mark ${codePoint(odd)}.`,
      fix: `Write "${composed}" with the composed letter (Unicode NFC), which looks the same.`,
    };
  }
  const shown = /[\p{M}\p{C}\p{Z}]/u.test(odd) && odd !== " " ? codePoint(odd) : `"${odd}" (${codePoint(odd)})`;
  return { why: `${rule}, and has ${shown}.` };
}

function checkScalar(field: Field, value: Value): Problem[] {
  const { name, oneOf, min = -Infinity, max = Infinity, format, pattern } = field;
  if (typeof value === "number") {
    if (!Number.isInteger(value))
      return [
        fault("MAAS-VAL-01", name, { what: `${value} is not a whole number`, fix: "Write it without a fraction." }),
      ];
    if (value < min || value > max) {
      const fix = text`MAAS takes ${boundsOf(field) ?? ""} as ${field}. ${field.doc}`;
      return [fault("MAAS-VAL-02", name, { what: `${value} is out of range`, fix })];
    }
  }
  if (oneOf !== undefined) {
    const spelled = canonical(field, value);
    if ((typeof spelled === "number" || typeof spelled === "string") && !oneOf.includes(spelled)) {
      const fix = `Write one of ${oneOf.join(", ")}. ${field.doc}`;
      return [fault("MAAS-VAL-03", name, { what: `"${textOf(value)}" is not possible here`, fix })];
    }
  }
  if (typeof value === "string") {
    if (pattern !== undefined && !pattern.regex.test(value)) {
      const what = `"${value}" is not a name that MAAS takes`;
      return [fault("MAAS-VAL-04", name, { what, ...patternAdvice(pattern, value) })];
    }
    if (format !== undefined) return checkFormat[format](name, value);
  }
  return [];
}

/** Whether the attribute may be empty: what MAAS can't empty would be left as it is, without a word. */
function checkEmpty(field: Field): Problem[] {
  const { name, presence, clearable, default: defaultValue, doc } = field;
  if (clearable === true) return [];
  const told = checkScalar(field, "");
  if (told.length > 0 && (presence === "required" || defaultValue !== undefined)) return told;
  const what = text`${field} can't be empty`;
  if (presence === "required") return [fault("MAAS-VAL-05", name, { what, fix: `Give it a value. ${doc}` })];
  const fix = text`Leave ${field} out, or give it a text. ${doc}`;
  return [fault("MAAS-VAL-05", name, { what, why: "MAAS ignores the empty text here.", fix })];
}

function checkItem(field: Field, item: Value): Problem[] {
  if (typeof item === "object" && item !== null && isKnown(item) && !Array.isArray(item))
    return Object.values(item).flatMap((member) => checkItem(field, member ?? ""));
  if (!isKnown(item)) return [];
  if (item !== "") return checkScalar(field, item);
  const fix = text`Take it out of the list; ${field} = [] says that there are none.`;
  return [fault("MAAS-VAL-05", field.name, { what: text`${field} holds an empty text`, fix })];
}

/**
 * What is wrong with one attribute by itself. Null (not set) and unknown values pass: the first is for the
 * schema to refuse where it matters, the second is checked again when it is known.
 */
export function checkField(field: Field, value: Known<Value>): Problem[] {
  if (value === null || !isKnown(value)) return [];
  if (Array.isArray(value) && value.length === 0 && field.presence === "required") {
    const what = text`${field} is an empty list`;
    return [fault("MAAS-VAL-05", field.name, { what, fix: `Give it one entry at least. ${field.doc}` })];
  }
  if (Array.isArray(value)) return value.flatMap((item) => (isKnown(item) ? checkItem(field, item) : []));
  return typeof value === "string" && isNone(field, value) ? checkEmpty(field) : checkScalar(field, value);
}

/** The prefix length that a netmask such as `255.255.255.0` or `ffff:ffff::` stands for; undefined when it is none. */
function maskLength(text: string): number | undefined {
  const mask = IpAddress.tryParse(text);
  if (mask === undefined) return undefined;
  const bits = mask.value.toString(2).padStart(IpAddress.bits(mask.family), "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** IPv4 without leading zeros, also inside IPv6; undefined for text that has none, or is no address even so. */
function withoutLeadingZeros(text: string): string | undefined {
  const bare = text.replace(/(?<=^|[.:])0+(?=\d+(?:\.|$))/g, (zeros, at: number) =>
    /^\d+(?:\.|$)/.test(text.slice(at)) && text.includes(".") ? "" : zeros,
  );
  return bare !== text && IpAddress.tryParse(bare) !== undefined ? bare : undefined;
}

const LEADING_ZERO = "A part of it starts with a zero, which some programs read as octal and others as decimal.";

function checkCidr(attribute: string, text: string): Problem<string>[] {
  let cidr: Cidr;
  try {
    cidr = Cidr.parse(text);
  } catch (error) {
    if (!(error instanceof CidrError)) throw error;
    const slash = text.indexOf("/");
    const network = slash < 0 ? text : text.slice(0, slash);
    const what = `"${text}" is not a network`;
    const plain = withoutLeadingZeros(network);
    if (plain !== undefined) {
      const fix = `Write ${plain}${text.slice(network.length)}.`;
      return [fault("MAAS-VAL-06", attribute, { what, why: LEADING_ZERO, fix })];
    }
    const address = IpAddress.tryParse(network);
    const length = slash < 0 ? undefined : maskLength(text.slice(slash + 1));
    const example =
      address === undefined
        ? "Write it as 10.20.0.0/24 or 2001:db8:20::/64."
        : length !== undefined && length > 0
          ? `MAAS takes no netmask: write ${Cidr.of(address, length).toString()}.`
          : `Write it with a prefix length, as in ${Cidr.of(address, address.family === 4 ? 24 : 64).toString()}.`;
    return [fault("MAAS-VAL-06", attribute, { what, why: `It ${error.reason}.`, fix: example })];
  }
  if (cidr.prefixLength === 0) {
    const what = `"${text}" covers the whole address family`;
    return [fault("MAAS-VAL-07", attribute, { what, why: "MAAS refuses a prefix length of 0." })];
  }
  if (Cidr.hasHostBits(text)) {
    return [
      fault("MAAS-VAL-08", attribute, {
        what: `"${text}" has host bits`,
        why: "It names an address inside a network; MAAS would store the network without saying so.",
        fix: `Write ${cidr.toString()}.`,
      }),
    ];
  }
  return [];
}

function checkAddress(attribute: string, text: string): Problem<string>[] {
  if (IpAddress.tryParse(text) !== undefined) return [];
  const what = `"${text}" is not an IP address`;
  const plain = withoutLeadingZeros(text);
  if (plain !== undefined)
    return [fault("MAAS-VAL-09", attribute, { what, why: LEADING_ZERO, fix: `Write ${plain}.` })];
  const bare = text.replace(/[/%].*$/, "");
  const fix =
    bare !== text && IpAddress.tryParse(bare) !== undefined
      ? `Write ${bare}: without a zone index and without a prefix length.`
      : "Write it as 10.20.0.1 or 2001:db8:20::1.";
  return [fault("MAAS-VAL-09", attribute, { what, fix })];
}

function checkBootArchitecture(attribute: string, text: string): Problem<string>[] {
  if (BOOT_ARCHITECTURES.includes(bootArchitecture(text))) return [];
  const what = `"${text}" is not a boot architecture of MAAS`;
  const fix = `MAAS 3.0 to 3.7 have ${BOOT_ARCHITECTURES.join(", ")}: use one of these.`;
  return [fault("MAAS-VAL-10", attribute, { what, fix })];
}

function checkMacAddress(attribute: string, text: string): Problem<string>[] {
  if (MAC_ADDRESS.test(text)) return [];
  const digits = text.replace(/[^0-9a-f]/gi, "");
  const pairs = digits.length === 12 ? (digits.toLowerCase().match(/../g) ?? []).join(":") : undefined;
  const fix = pairs === undefined ? "Write it as 52:54:00:12:34:56." : `Write ${pairs}.`;
  return [fault("MAAS-VAL-16", attribute, { what: `"${text}" is not a MAC address`, fix })];
}

/** What is wrong with text that must be in this format: nothing, or one error that shows the right form. */
export const checkFormat: Readonly<Record<Format, (attribute: string, text: string) => Problem<string>[]>> = {
  cidr: checkCidr,
  ip: checkAddress,
  mac: checkMacAddress,
  setting: () => [],
  word: () => [],
  "boot-architecture": checkBootArchitecture,
  // The patterns of names differ by field, and the type tells what the data is.
  "dns-name": () => [],
  "dns-type": () => [],
  "dns-data": () => [],
};
