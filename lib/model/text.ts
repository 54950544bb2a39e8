/** A string or number as text. @throws TypeError for anything else, which would otherwise read `[object Object]`. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return value.toString();
  throw new TypeError(`expected a string or a number, got ${value === null ? "null" : typeof value}`);
}

/** The value where it is a text; undefined for anything else, unknown values included. */
export const tryText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

// Titles of kinds in sentences. One may name what the object is of: "DHCP of a VLAN".

const OF = / of an? /;

/** The title with its article: "a VLAN", "an IP range", "the DHCP of a VLAN". */
export function withArticle(title: string): string {
  if (OF.test(title)) return `the ${title}`;
  return `${/^[aeio]/i.test(title) ? "an" : "a"} ${title}`;
}

/** One object of the kind: "this VLAN", "the DHCP of this VLAN". */
export const withThis = (title: string): string =>
  OF.test(title) ? `the ${title.replace(OF, " of this ")}` : `this ${title}`;

/** One object of the kind, of which more follows: "the VLAN" with the id 5006, "the DHCP of the VLAN" with the id 5006. */
export const withThe = (title: string): string => `the ${title.replace(OF, " of the ")}`;

/** The title before a natural key: "VLAN" lab:60, "DHCP of VLAN" lab:60. */
export const beforeKey = (title: string): string => title.replace(OF, " of ");

const DIGIT = /^\p{Nd}$/u;

/** Unicode keeps the ten digits of a script together and in order: the value of a digit is its distance from the first. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (DIGIT.test(String.fromCodePoint(first - 1))) first -= 1;
  // Some scripts follow each other directly, such as the mathematical digits.
  return (code - first) % 10;
}

/** The whole number that decimal digits of any script stand for (`10`, `١٠`), as Python's `int()` reads it; undefined for other text. */
export function readDigits(text: string): number | undefined {
  const digits = [...text];
  if (digits.length === 0 || !digits.every((digit) => DIGIT.test(digit))) return undefined;
  return Number(digits.map(valueOf).join(""));
}

/** The whole number, of at least that one, that a text is in ASCII digits; undefined where it is none, or none that a number can hold. */
export function wholeNumberOf(text: string, least: number): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) && number >= least ? number : undefined;
}

/** Control characters, line separators, and what turns the direction of writing. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const LAYOUT = new Set(["\n", "\t"]);

/** `\u001b`, as JSON and TypeScript write it too. */
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** What CI systems take for a command in a log: `##[` and `##vso[` anywhere in a line, `::error::` at its beginning. */
const COMMAND = /#(?=#(?:vso|teamcity)?\[)|(?<=^\s*):(?=:[\w-]+(?: .*)?::)/gm;

/**
 * A text of several lines as it can be shown anywhere: what would steer a terminal is written as `\u001b`. The value of a
 * JSON text stays the same.
 */
export const printable = (text: string): string =>
  text
    .replace(CONTROL, (character) => (LAYOUT.has(character) ? character : escaped(character)))
    .replace(COMMAND, escaped);

/** A name or a sentence as it can be shown anywhere, on one line. */
export const shown = (text: string): string => text.replace(CONTROL, escaped).replace(COMMAND, escaped);
