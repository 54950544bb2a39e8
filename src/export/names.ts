import type { Words } from "../../lib/model/construct-view";
import type { Kind } from "../../lib/model/kind";
import { findField, KINDS } from "../../lib/model/kinds";
import { grouped } from "../../lib/model/lists";
import { textOf } from "../../lib/model/text";
import type { LiveObject } from "../reconcile/region/live-objects";
import { nameOf } from "./selection";

/** The words that name each object after its natural key, as few as tell it apart from the others of its kind. */
export function wordsOf(objects: readonly LiveObject[]): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  const ofKind = grouped(objects, ({ kind }) => kind);
  const known = (object: LiveObject, field: string): readonly string[] => {
    const { name, references } = findField(KINDS[object.kind], field);
    const key = textOf(object.attributes[name]);
    return (references && words.get(nameOf({ kind: references, key }))) ?? [key];
  };
  // In the order of the table: what others are named after comes first.
  for (const { name, construct } of Object.values<Kind>(KINDS)) {
    const wordings = (ofKind.get(name) ?? []).map((object) => {
      const named: Words = construct.words?.(object.attributes, (field) => known(object, field)) ?? {
        words: [object.key],
      };
      return { object, ...named };
    });
    const alike = grouped(wordings, ({ words: short }) => short.join(" "));
    for (const { object, words: short, apart } of wordings) {
      const isAlone = alike.get(short.join(" "))?.length === 1;
      words.set(nameOf(object), isAlone || apart === undefined ? short : [...short, apart]);
    }
  }
  return words;
}

/** What one construct is called in the source. */
export interface Name {
  readonly variable: string;
  /** Id of the construct in its scope: letters, digits and hyphens, a letter first. */
  readonly id: string;
}

/** What a name is made of: the natural key in words, and what to call the object when that will not do. */
export interface NameSource {
  readonly words: readonly string[];
  /** In Pascal case: `RackInterface`. */
  readonly noun: string;
}

/** Longest id; the variable is about as long. */
const MAX_LENGTH = 48;

/** Words that no variable may be, in strict TypeScript, or that mean something in the constructor that is written. */
const RESERVED = (
  "any arguments as async await boolean break case catch class const constructor continue debugger declare default delete do else enum " +
  "eval export extends false finally for function get id if implements import in instanceof interface is let maas module namespace new " +
  "null number object of package private protected public require return scope set static string super switch symbol this throw true " +
  "try type typeof undefined unknown var void while with yield"
).split(" ");

/** Letters that Unicode does not take apart, in those of ASCII. */
const SPELLED: Readonly<Record<string, string>> = {
  ...{ ß: "ss", ẞ: "SS", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", ł: "l", Ł: "L" },
  ...{ đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "Th", ı: "i" },
};

/**
 * The text in ASCII as far as that goes: `Buro` of `Büro`. CDKTF makes Terraform's names of construct ids and drops all
 * other letters, so that two ids could become one name.
 */
const inAscii = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^ -~]/gu, (letter) => SPELLED[letter] ?? letter);

const split = (words: readonly string[]): string[] =>
  words.flatMap((word) => inAscii(word).match(/[A-Za-z0-9]+/g) ?? []);

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

const uncapitalised = (word: string): string =>
  /[a-z]/.test(word) ? `${word.charAt(0).toLowerCase()}${word.slice(1)}` : word.toLowerCase();

/** `lab10V4` of lab, 10 and v4. Two numbers in a row keep apart: `rack1_10`. */
function camelCase([first = "", ...rest]: readonly string[]): string {
  return rest.reduce(
    (name, word) => `${name}${/\d$/.test(name) && /^\d/.test(word) ? "_" : ""}${capitalised(word)}`,
    uncapitalised(first),
  );
}

/** `PascalCase` of whatever words are in the text. */
export const pascalCase = (text: string): string => capitalised(camelCase(split([text])));

function nameFrom(words: readonly string[]): Name {
  return { variable: camelCase(words), id: words.join("-") };
}

/** Names that nothing else in the source has: the natural key, else with the noun, else with a number. */
export class Names {
  readonly #variables = new Set(RESERVED);
  readonly #ids = new Set(["maas"]);

  /** The same sources in the same order get the same names. */
  next({ words, noun }: NameSource): Name {
    const said = split([...words]);
    const short = split([said.join("-").slice(0, MAX_LENGTH)]);
    const isName = /^[A-Za-z]/.test(short[0] ?? "");
    const nouns = (noun.match(/[A-Z][a-z0-9]*/g) ?? []).map((word) => word.toLowerCase());
    const named = isName ? [...short, ...nouns] : [...nouns, ...short];
    for (let attempt = isName ? 0 : 1; ; attempt += 1) {
      const name = nameFrom([short, named][attempt] ?? [...named, String(attempt)]);
      if (this.#variables.has(name.variable) || this.#ids.has(name.id)) continue;
      this.#variables.add(name.variable);
      this.#ids.add(name.id);
      return name;
    }
  }
}
