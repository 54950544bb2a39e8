import { type Json, MARKS, ODD_TEXTS, ODD_VALUES, OPENINGS, RUN, TWICE, written } from "./odd";
import type { Random } from "./random";

function oddValue(random: Random): Json {
  if (random.once(6)) return random.of(MARKS);
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
  (value, random) => (isObject(value) ? doubled(value, random) : value),
  (value) =>
    typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : typeof value === "object" ? [] : String(value),
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

/** The value and one of its members again under the same name. */
function doubled(value: Readonly<Record<string, Json>>, random: Random): Json {
  const names = Object.keys(value);
  return names.length === 0 ? value : { ...value, [TWICE + random.of(names)]: oddValue(random) };
}

/** The value with one to four changes at random places, to be written by {@link written}. */
function changed(json: Json, random: Random): Json {
  let result = json;
  for (let times = 1 + random.below(4); times > 0; times -= 1) {
    const place = random.of(placesIn(result));
    result = changedAt(result, place, (value) => random.of(CHANGES)(value, random)) ?? null;
  }
  return result;
}

/** The value that a reader of JSON has, of one that was changed. */
export function changedJson(json: Json, random: Random): Json {
  try {
    return JSON.parse(written(changed(json, random), 0)) as Json;
  } catch {
    // What is no JSON never gets as far.
    return changedJson(json, random);
  }
}

/** The text with a part taken out, doubled, moved, replaced or cut off. */
export function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + 1 + random.below(8));
  const [head, part, tail] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  if (random.once(200)) return head + random.of(OPENINGS).repeat(RUN) + tail;
  switch (random.below(7)) {
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
    case 5:
      return head + String.fromCharCode(random.below(0x10000)) + part + tail;
    default:
      return head + String.fromCharCode(32 + random.below(96)) + part + tail;
  }
}

/** The text of a JSON value that was changed in its structure, and once in five times as a text too. */
export function changedDocument(json: Json, random: Random): string {
  const text = written(random.once(6) ? json : changed(json, random), random.once(2) ? 2 : 0);
  const [mark, ending] = [random.once(12) ? "\ufeff" : "", random.once(8) ? "\r\n" : "\n"];
  const saved = mark + text.replaceAll("\n", ending);
  return random.once(5) ? changedText(saved, random) : saved;
}
