import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inSnakeCase } from "../../model/facts";
import { type Problem, sentence } from "../../model/problem";
import { packageRoot } from "./package-root";

// Messages name properties, methods and classes as TypeScript does. A program in another language runs the library in jsii's kernel, a
// process of Node's, and knows them by the names that jsii gives them there.

/** How a language writes what messages name. */
interface Language {
  /** A property or a method: `gatewayIp`. */
  readonly member: (name: string) => string;
  /** What else differs, in a text whose members are written already. */
  readonly code: (text: string) => string;
}

const inPascalCase = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const unchanged = (text: string): string => text;

/** `{ rack, name: "eth1" }` as keyword arguments: `rack=rack, name="eth1"`. */
const keywords = (object: string): string =>
  object
    .trim()
    .split(/,\s+(?=\w+(?::|,|$))/)
    .map((entry) => /^(\w+)(?::\s*([\s\S]*))?$/.exec(entry))
    .map((match) => `${match?.[1] ?? ""}=${match?.[2] ?? match?.[1] ?? ""}`)
    .join(", ");

const python = (text: string): string =>
  text
    .replaceAll(/\bnew ([A-Z]\w*)\(([^{}]*?)\{ ([^{}]*) \}\)/g, (_, type: string, head: string, object: string) => {
      return `${type}(${head}${keywords(object)})`;
    })
    .replaceAll(/\bnew (?=[A-Z]\w*\()/g, "")
    .replaceAll(/\(this(?=[,)])/g, "(self")
    .replaceAll(
      /([(\s]\w+)(?:: |=)(true|false)\b/g,
      (_, name: string, value: string) => `${name}=${inPascalCase(value)}`,
    );

/** By the name with which a host of the kernel introduces itself. */
const LANGUAGES: Readonly<Record<string, Language>> = {
  Python: { member: inSnakeCase, code: python },
  Java: { member: unchanged, code: unchanged },
  DotNet: { member: inPascalCase, code: unchanged },
  Go: {
    member: inPascalCase,
    code: (text) =>
      text
        .replaceAll(/\bnew (?=[A-Z]\w*\()/g, "New")
        .replaceAll(/\b([A-Z]\w+)\.([A-Z][A-Z_]+|From[A-Z]\w+)\b/g, "$1_$2"),
  },
};

const languageNow = (): Language | undefined => LANGUAGES[process.env.JSII_AGENT?.split("/")[0] ?? ""];

/** Names of CDKTF's that messages have. */
const CDKTF_MEMBERS = ["addOverride", "dependsOn", "forEach", "ignoreChanges", "importFrom", "skipValidation"];

interface Named {
  readonly name: string;
}

/** A type in jsii's assembly, as far as it is looked at. */
interface AssemblyType {
  readonly properties?: readonly Named[];
  readonly methods?: readonly Named[];
}

let members: RegExp | undefined;

/** jsii's assembly: beside what its kernel runs, and absent where a build is not packed. */
function assemblyTypes(): Readonly<Record<string, AssemblyType>> {
  const file = join(packageRoot(), ".jsii");
  if (!existsSync(file)) return {};
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly types: Readonly<Record<string, AssemblyType>> }).types;
}

/** The names of all properties and methods that are no plain word. */
function memberPattern(): RegExp {
  if (members !== undefined) return members;
  const types = assemblyTypes();
  const ours = Object.values(types).flatMap((type) => [...(type.properties ?? []), ...(type.methods ?? [])]);
  const names = new Set([...CDKTF_MEMBERS, ...ours.map(({ name }) => name)].filter((name) => /[a-z][A-Z]/.test(name)));
  members = new RegExp(`(?<![\\w"])(?:${[...names].join("|")})(?![\\w"])`, "g");
  return members;
}

/** A text for users in the language of their program. TypeScript's stays as it is. */
export function inUsersLanguage(text: string): string {
  const language = languageNow();
  if (language === undefined) return text;
  return language.code(text.replaceAll(memberPattern(), language.member));
}

/** A problem on one line, in the language of the user's program. */
export const told = (problem: Problem): string => inUsersLanguage(sentence(problem));
