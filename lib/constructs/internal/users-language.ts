import { type Problem, sentence } from "../../model/problem";
import { memberNames } from "./languages/assembly";
import { partsOf } from "./languages/code";
import { type Language, usersLanguage, written } from "./languages/language";

// Messages name properties, methods and classes as TypeScript does. A program in another language runs the library in jsii's kernel, a
// process of Node's, and knows them by the names that jsii gives them there.

/** Names of CDKTF's that messages have. */
const CDKTF_MEMBERS = ["addOverride", "dependsOn", "forEach", "ignoreChanges", "importFrom", "skipValidation"];

let members: RegExp | undefined;

/** The names of all properties and methods that are no plain word. */
function memberPattern(): RegExp {
  const names = new Set([...CDKTF_MEMBERS, ...memberNames()].filter((name) => /[a-z][A-Z]/.test(name)));
  members ??= new RegExp(`(?<![\\w"])(?:${[...names].join("|")})(?![\\w"])`, "g");
  return members;
}

/** `adoptExisting: true`, `carrier: ApplyCarrier.TERRAFORM_DATA`. */
const SETTING = /(?<![\w"])([a-z]\w*)(?:: |=)(true\b|false\b|[A-Z]\w+\.[A-Z][A-Z_]+\b)/g;

/** `ApplyCarrier.TERRAFORM_DATA`, `Fabric.fromName`. */
const CONSTANT = /\b([A-Z]\w+)\.([A-Z][A-Z_]+|from[A-Z]\w+)\b/g;

function prose(text: string, language: Language): string {
  const constants = (words: string): string =>
    words.replaceAll(CONSTANT, (_, type: string, name: string) =>
      language.constant(type, /^[a-z]/.test(name) ? language.member(name) : name),
    );
  let result = "";
  let from = 0;
  const plain = (words: string): string => constants(words).replaceAll(memberPattern(), language.member);
  for (const { 0: all, 1: name = "", 2: value = "", index } of text.matchAll(SETTING)) {
    const setting = { name: language.member(name), value: constants(language.word(value)) };
    result += plain(text.slice(from, index)) + language.setting(setting);
    from = index + all.length;
  }
  return result + plain(text.slice(from));
}

/** A text for users in the language of their program. TypeScript's stays as it is. */
export function inUsersLanguage(text: string): string {
  const language = usersLanguage();
  if (language === undefined) return text;
  return partsOf(text)
    .map((part) => (typeof part === "string" ? prose(part, language) : written(part, language)))
    .join("");
}

/** A problem on one line, in the language of the user's program. */
export function told(problem: Problem): string {
  const { attribute } = problem;
  const member = usersLanguage()?.member;
  const named =
    attribute === undefined || member === undefined || !/^\w+$/.test(attribute) ? attribute : member(attribute);
  return inUsersLanguage(sentence({ ...problem, ...(named !== undefined && { attribute: named }) }));
}
