import { inSnakeCase } from "../../../model/facts";
import { goCdk, goPackage, isOurs, parametersOf, propsOf } from "./assembly";
import type { Code } from "./code";

/** What is given in an object of properties, in the words of a language. */
interface Setting {
  readonly name: string;
  readonly value: string;
}

/** How a language writes what messages name. All texts within are in its words already. */
export interface Language {
  /** A property or a method: `gatewayIp`. */
  readonly member: (name: string) => string;
  /** A literal such as `"lab"`. */
  readonly text: (literal: string) => string;
  /** A variable, a number, `true`, `this`, or what stands in place of a value. */
  readonly word: (word: string) => string;
  readonly list: (items: readonly string[]) => string;
  /** A new object. */
  readonly create: (type: string, args: readonly string[], settings: readonly Setting[] | undefined) => string;
  /** A static method, by its name in TypeScript. */
  readonly static: (type: string, method: string, args: readonly string[]) => string;
  /** A property that is read: `untagged`. */
  readonly read: (of: string, property: string) => string;
  /** A property that prose names with its value: `adoptExisting: true`. */
  readonly setting: (setting: Setting) => string;
  /** A member of a class or of an enumeration, in prose: `ApplyCarrier.TERRAFORM_DATA`. */
  readonly constant: (type: string, name: string) => string;
}

const inPascalCase = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const unchanged = (text: string): string => text;
const joined = (...lists: readonly (readonly string[])[]): string => lists.flat().join(", ");
const isFlag = (word: string): boolean => word === "true" || word === "false";

const PYTHON: Language = {
  member: inSnakeCase,
  text: unchanged,
  word: (word) => (isFlag(word) ? inPascalCase(word) : word === "this" ? "self" : pythonVariable(word)),
  list: (items) => `[${joined(items)}]`,
  create: (type, args, settings = []) => `${type}(${joined(args, settings.map(PYTHON_SETTING))})`,
  static: (type, method, args) => `${type}.${inSnakeCase(method)}(${joined(args)})`,
  read: (of, property) => `${of}.${inSnakeCase(property)}`,
  setting: (setting) => PYTHON_SETTING(setting),
  constant: (type, name) => `${type}.${name}`,
};
const PYTHON_SETTING = ({ name, value }: Setting): string => `${name}=${value}`;

/** A variable as Python writes it. What is no variable, such as a path, stays as it is. */
function pythonVariable(word: string): string {
  return /^[a-z]\w*$/.test(word) ? inSnakeCase(word) : word;
}

const JAVA: Language = {
  member: unchanged,
  text: unchanged,
  word: unchanged,
  list: (items) => `List.of(${joined(items)})`,
  create: (type, args, settings) =>
    settings === undefined
      ? `new ${type}(${joined(args)})`
      : `${type}.Builder.create(${joined(args)})${settings.map((each) => `.${JAVA.setting(each)}`).join("")}.build()`,
  static: (type, method, args) => `${type}.${method}(${joined(args)})`,
  read: (of, property) => `${of}.get${inPascalCase(property)}()`,
  setting: ({ name, value }) => `${name}(${value})`,
  constant: (type, name) => `${type}.${name}`,
};

const CSHARP: Language = {
  member: inPascalCase,
  text: unchanged,
  word: unchanged,
  list: (items) => `new [] { ${joined(items)} }`,
  create(type, args, settings) {
    const props = settings && `new ${propsOf(type)} { ${settings.map((each) => CSHARP.setting(each)).join(", ")} }`;
    return `new ${type}(${joined(args, props === undefined ? [] : [props])})`;
  },
  static: (type, method, args) => `${type}.${inPascalCase(method)}(${joined(args)})`,
  read: (of, property) => `${of}.${inPascalCase(property)}`,
  setting: ({ name, value }) => `${name} = ${value}`,
  constant: (type, name) => `${type}.${name}`,
};

/** Go has no optional arguments: those that are left out are nil. */
const filled = (args: readonly string[], count = 0): string[] => [
  ...args,
  ...Array.from({ length: Math.max(count - args.length, 0) }, () => "nil"),
];

const inGo = (name: string, type = name): string => `${isOurs(type) ? goPackage() : goCdk()}.${name}`;

const GO: Language = {
  member: inPascalCase,
  text: (literal) => `jsii.String(${literal})`,
  word: (word) => (isFlag(word) ? `jsii.Bool(${word})` : /^\d+$/.test(word) ? `jsii.Number(${word})` : word),
  list: (items) =>
    items.every((item) => item.startsWith("jsii.String("))
      ? `jsii.Strings(${joined(items.map((item) => item.slice("jsii.String(".length, -1)))})`
      : `{${joined(items)}}`,
  create(type, args, settings) {
    const props = settings && `&${inGo(propsOf(type), type)}{${settings.map((each) => GO.setting(each)).join(", ")}}`;
    const all = filled([...args, ...(props === undefined ? [] : [props])], parametersOf(type));
    return `${inGo(`New${type}`, type)}(${joined(all)})`;
  },
  static: (type, method, args) =>
    `${inGo(`${type}_${inPascalCase(method)}`, type)}(${joined(filled(args, parametersOf(type, method)))})`,
  read: (of, property) => `${of}.${inPascalCase(property)}()`,
  setting: ({ name, value }) => `${name}: ${value}`,
  constant: (type, name) => inGo(`${type}_${inPascalCase(name)}`, type),
};

/** By what a host of the kernel introduces itself with: `Python/3.12.1`, `Java/17.0.15`, `DotNet/8.0.1/…`, `go1.24.1/linux/amd64`. */
const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/^Python\//, PYTHON],
  [/^Java\//, JAVA],
  [/^DotNet\//, CSHARP],
  [/^(?:go\d|devel )/, GO],
];

/** The language of the user's program; undefined where it is TypeScript or JavaScript. */
export function usersLanguage(): Language | undefined {
  const agent = process.env.JSII_AGENT ?? "";
  return LANGUAGES.find(([pattern]) => pattern.test(agent))?.[1];
}

/** Code in a language. */
export function written(code: Code, language: Language): string {
  const all = (codes: readonly Code[]): string[] => codes.map((each) => written(each, language));
  const settings = ({ entries }: Extract<Code, { is: "object" }>): Setting[] =>
    entries.map(({ name, value }) => ({ name: language.member(name), value: written(value, language) }));
  switch (code.is) {
    case "text":
      return language.text(code.literal);
    case "word": {
      const [, type, name] = /^([A-Z]\w*)\.([A-Z][A-Z_]*)$/.exec(code.word) ?? [];
      return type === undefined || name === undefined ? language.word(code.word) : language.constant(type, name);
    }
    case "list":
      return language.list(all(code.items));
    case "object":
      return `{ ${settings(code)
        .map((each) => language.setting(each))
        .join(", ")} }`;
    case "create": {
      const last = code.args.at(-1);
      return last?.is === "object"
        ? language.create(code.type, all(code.args.slice(0, -1)), settings(last))
        : language.create(code.type, all(code.args), undefined);
    }
    case "static":
      return language.static(code.type, code.method, all(code.args));
    case "call":
      return `${written(code.of, language)}.${language.member(code.method)}(${all(code.args).join(", ")})`;
    case "read":
      return language.read(written(code.of, language), code.property);
  }
}
