/** JSON, as an input is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const nested = (depth: number): Json => {
  let value: Json = [];
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { in: value };
  return value;
};

/** Deeper than any stack of calls. */
const DEEP = 100_000;

const CHARACTERS = [
  ...["", " ", "\n", "\r\n", "\t", "\u0000", "\u001b[31mred", "\u009b2J", "\u007f", "\u202eabc", "\u200f", "\u2028"],
  ...["\ud800", "\udfff\ud800", "\ufeff", "\ufffe", "\u00a0", "e\u0301", "İ", "ß", "𝟙𝟚", "０", "👩‍👩‍👧", "x".repeat(5000)],
];

const NUMERALS = [
  ...["NaN", "Infinity", "-0", "0", "00", "1e400", "1e3", "0x10", "010", "1_000", "+1", "1.5", "-1", "4095", "65536"],
  ...["99999999999999999999", "9007199254740993", "2147483648", `1${"0".repeat(400)}`, "null", "true"],
];

const NETWORKS = [
  ...["::", "::/0", "::1/128", "::/129", "0.0.0.0", "0.0.0.0/0", "255.255.255.255/32", "10.0.0.0/33", "10.0.0.0/-1"],
  ...["2001:db8::/129", "2001:db8::1/64", "2001:db8::/064", "fe80::1%eth0", "fe80::/10%eth0", "fe80::1%25eth0"],
  ...[
    "::ffff:10.0.0.1",
    "::ffff:10.0.0.0/120",
    "::ffff:0:0/96",
    "::10.0.0.1",
    "64:ff9b::10.0.0.1",
    "[::1]",
    "[::1]:80",
  ],
  ...[
    "10.0.0.0/08",
    "10.0.0.1/24",
    "010.0.0.1",
    "10.0.0.1/255.255.255.0",
    "1.2.3",
    "1.2.3.4.5",
    "0x0a.0.0.1",
    "167772161",
  ],
  ...["2001:db8:::1", "1::2::3", "02001:db8::/32", "2001:DB8::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:9", "ff02::1"],
  ...["00:00:5e:00:53:01", "00-00-5E-00-53-01", "0000.5e00.5301"],
];

const SYNTAX = [
  ...["..", "../..", "/", "\\", "a/b", "a:b:c", ":", "env:", "${x}", "$${x}", "%{ if }", "%%", "<<EOT", "*/", "/*"],
  ...["<script>", "'\"`", "$(id)", "; rm -rf x", "#", "//", "|", "[x](javascript:x)", "-", "--", "--x=y", "\\u0000"],
];

/** Names that every object of JavaScript has. */
const PROTOTYPE = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "then", "toJSON"];

/** Texts that have broken a reader somewhere: of addresses, names, numbers, terminals and templates. */
export const ODD_TEXTS: readonly string[] = [...CHARACTERS, ...NUMERALS, ...NETWORKS, ...SYNTAX, ...PROTOTYPE];

/** What is repeated where a reader calls itself. */
export const OPENINGS: readonly string[] = ["[", "(", "{", "${", '"${', "-", "!", "[[", "\\", "<<", "a.", "x{", "1?"];

export const RUN = DEEP;

export const ODD_VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e21, 1e308, Number.MAX_SAFE_INTEGER + 2, -0],
  ...[[], {}, [null], [[]], [{}], { a: null }, [1, "1", true], nested(200)],
];

/** JSON that no value is written as. The last ones are none. */
const WRITTEN: readonly string[] = [
  ...["1e400", "-1e400", "-0", "-0.0", "1E-400", "1.0", `1${"0".repeat(400)}`, "9007199254740993", "0.1e2"],
  ...['{"a":1,"a":2}', '"\\ud800"', '"\\udfff\\ud800x"', '"\\u0000"', '{"__proto__":{"key":"x"}}', '{"":null}'],
  ...["[".repeat(DEEP) + "]".repeat(DEEP), '{"in":'.repeat(DEEP) + "1" + "}".repeat(DEEP)],
  ...["NaN", "-Infinity", "01", "+1", ".5", "[1,]", "{,}", "'x'", '"\n"', "//x\n1", '"\\x"'],
];

const MARK = "\u0001written:";

/** Stands for what is written in another way than its value would be, until {@link written} writes it. */
export const MARKS: readonly string[] = WRITTEN.map((_, index) => `${MARK}${index}`);

/** Before the name of a member that stands twice. */
export const TWICE = "\u0001twice:";

const MARKED = /"\\u0001written:(\d+)"/g;

/** The text of a value with what {@link MARKS} and {@link TWICE} stand for. */
export const written = (json: Json, indent: number): string =>
  JSON.stringify(json, undefined, indent)
    .replace(MARKED, (_, index: string) => WRITTEN[Number(index)] ?? "null")
    .replace(/\\u0001(?:twice|written):/g, "");
