import type { Random } from "./random";

/** JSON, as an input is made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const deep = (depth: number): Json => {
  let value: Json = [];
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { in: value };
  return value;
};

/** Texts that have broken a reader somewhere: of addresses, names, numbers, terminals and templates. */
export const ODD_TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    "\n",
    "\u0000",
    "\u001b[31mred",
    "\u202eabc",
    "\ud800",
    "\ufeff",
    "e\u0301",
    "𝟙𝟚",
    "０",
    "x".repeat(5000),
  ],
  ...["null", "true", "NaN", "Infinity", "-0", "1e400", "0x10", "010", "99999999999999999999", "1.5", "-1", "4095"],
  ...["::", "::/0", "0.0.0.0", "0.0.0.0/0", "255.255.255.255/32", "2001:db8::/129", "2001:db8::1/64", "fe80::1%eth0"],
  ...[
    "::ffff:10.0.0.1",
    "10.0.0.0/08",
    "10.0.0.1/24",
    "1.2.3",
    "1.2.3.4.5",
    "2001:db8:::1",
    "1::2::3",
    "02001:db8::/32",
  ],
  ...[
    "00:00:5e:00:53:01",
    "00-00-5E-00-53-01",
    "..",
    "../..",
    "/",
    "\\",
    "a/b",
    "a:b:c",
    ":",
    "env:",
    "${x}",
    "%{ if }",
  ],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "<script>", "'\"`", "$(id)", "; rm -rf x", "#", "//"],
];

const ODD_VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER + 2, -0],
  ...[[], {}, [null], [[]], [{}], { a: null }, [1, "1", true], deep(200)],
];

export function oddValue(random: Random): Json {
  return random.once(2) ? random.of(ODD_TEXTS) : random.of(ODD_VALUES);
}

/** The places in a JSON value, the whole first: each a list of members and indexes. */
function placesIn(json: Json, place: readonly string[] = []): (readonly string[])[] {
  if (json === null || typeof json !== "object") return [place];
  return [place, ...Object.entries(json).flatMap(([name, inner]) => placesIn(inner, [...place, name]))];
}

type Change = (value: Json, random: Random) => Json | undefined;

/** What is done to a value at its place; undefined takes it out. */
const CHANGES: readonly Change[] = [
  (_, random) => oddValue(random),
  (_, random) => oddValue(random),
  () => undefined,
  (value) => [value, value],
  (value) => (Array.isArray(value) ? [...(value as Json[]), ...(value as Json[])] : [value]),
  (value, random) => (typeof value === "string" ? changedText(value, random) : JSON.stringify(value)),
  (value, random) => (typeof value === "string" ? value + random.of(ODD_TEXTS) : { value }),
  (value, random) => (isObject(value) ? { ...value, [random.of(ODD_TEXTS)]: oddValue(random) } : value),
  (value, random) => (isObject(value) ? renamed(value, random) : value),
];

const isObject = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function renamed(value: Readonly<Record<string, Json>>, random: Random): Json {
  const entries = Object.entries(value);
  if (entries.length === 0) return value;
  const at = random.below(entries.length);
  return Object.fromEntries(
    entries.map(([name, inner], index) => [index === at ? changedText(name, random) : name, inner]),
  );
}

function changedAt(
  json: Json,
  [head, ...rest]: readonly string[],
  change: (value: Json) => Json | undefined,
): Json | undefined {
  if (head === undefined) return change(json);
  if (json === null || typeof json !== "object") return json;
  const entries = Object.entries(json).map(
    ([name, inner]) => [name, name === head ? changedAt(inner, rest, change) : inner] as const,
  );
  const kept = entries.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Array.isArray(json) ? kept.map(([, item]) => item) : Object.fromEntries(kept);
}

/** The value with one to four changes at random places. */
export function changedJson(json: Json, random: Random): Json {
  let changed = json;
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const place = random.of(placesIn(changed));
    changed = changedAt(changed, place, (value) => random.of(CHANGES)(value, random)) ?? null;
  }
  return changed;
}

/** The text with a part taken out, doubled, moved, replaced or cut off. */
export function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(8));
  const [head, part, tail] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (random.below(6)) {
    case 0:
      return head + tail;
    case 1:
      return head + part + part + tail;
    case 2:
      return head + random.of(ODD_TEXTS) + tail;
    case 3:
      return head;
    case 4:
      return tail + part + head;
    default:
      return head + String.fromCharCode(32 + random.below(96)) + part + tail;
  }
}

/** The text of a JSON value that was changed in its structure, and once in five times as a text too. */
export function changedDocument(json: Json, random: Random): string {
  const text = JSON.stringify(random.once(6) ? json : changedJson(json, random), undefined, random.once(2) ? 2 : 0);
  return random.once(5) ? changedText(text, random) : text;
}
