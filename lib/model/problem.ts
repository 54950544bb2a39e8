import { propertySpelling } from "./construct-view";
import type { ProblemCode } from "./problem-codes";
import { shown } from "./text";

/** A reference to an attribute, by its Terraform name: each front end spells it in its own way. A field is one too. */
export interface AttributeReference {
  readonly name: string;
}

/** What a user reads, with the attributes that it names as references. Plain text is one by itself. */
export type Text = string | readonly (string | AttributeReference)[];

/** How a front end spells an attribute: `gateway_ip` in Terraform and documents, `gatewayIp` in TypeScript. */
export type Spelling = (name: string) => string;

/** As Terraform and the desired-state document have it. */
export const terraformSpelling: Spelling = (name) => name;

export const attr = (name: string): AttributeReference => ({ name });

const isName = (value: unknown): value is AttributeReference =>
  typeof value === "object" && value !== null && "name" in value;

type Inserted = Text | AttributeReference | number | bigint;

function partsOf(value: Inserted): readonly (string | AttributeReference)[] {
  if (typeof value !== "object") return [String(value)];
  return isName(value) ? [attr(value.name)] : value;
}

/** A text with references to attributes: text`the address in ${attr("gateway_ip")} is taken`. */
export function text(strings: TemplateStringsArray, ...values: readonly Inserted[]): Text {
  const rest = values.flatMap((value, index) => [...partsOf(value), strings[index + 1] ?? ""]);
  const parts = [strings[0] ?? "", ...rest].filter((part) => part !== "");
  return parts.every((part) => typeof part === "string") ? parts.join("") : parts;
}

/** The text in the words of a front end. */
export function spell(words: Text, spelling: Spelling = terraformSpelling): string {
  if (typeof words === "string") return words;
  return words.map((part) => (typeof part === "string" ? part : spelling(part.name))).join("");
}

/** `error`: it can't go on so. `warning`: it can, and may not work as meant. `unknown`: nobody can tell yet, which is no pass. */
export type Severity = "error" | "warning" | "information" | "unknown";

/** Where a fact was found, and when it was last looked up. */
export interface Source {
  /** A page, a standard, or a file and function of MAAS. */
  readonly at: string;
  /** ISO date. */
  readonly verified: string;
}

/** What a problem is about: an object by its kind and natural key, and the place where the user said it. */
export interface Subject {
  readonly kind?: string;
  readonly key?: string;
  /** Path of the construct, or of the object in a document. */
  readonly path?: string;
  /** JSON pointer within a document; empty = the document as a whole. */
  readonly pointer?: string;
}

/** Something that is wrong, or that the user should know. Data: each front end renders it in its own way. */
export interface Problem<T extends Text = Text> {
  readonly code: ProblemCode;
  readonly severity: Severity;
  /** Absent = what the check was asked about. */
  readonly subject?: Subject;
  /** The attribute at fault, by its Terraform name; absent = the object as a whole. */
  readonly attribute?: string;
  /** What happened, in one line without a full stop. */
  readonly what: T;
  /** Why that is wrong, in sentences. */
  readonly why?: T;
  /** What to do about it, with a concrete value: sentences, or a clause in lower case, which is labelled where it is shown. */
  readonly fix?: T;
  /** Where that stands; a fix before it is labelled too. */
  readonly source?: Source;
}

/** What, why and fix of a problem. */
export type Words<T extends Text = Text> = Pick<Problem<T>, "what" | "why" | "fix">;

/** An error at an attribute; at the object as a whole where there is none. */
export function fault<T extends Text>(code: ProblemCode, attribute: string | undefined, words: Words<T>): Problem<T> {
  return { code, severity: "error", ...(attribute !== undefined && { attribute }), ...words };
}

/** The same as a warning. */
export const warning = <T extends Text>(
  code: ProblemCode,
  attribute: string | undefined,
  words: Words<T>,
): Problem<T> => ({ ...fault(code, attribute, words), severity: "warning" });

/** The problem in the words of a front end. */
export function spelled(problem: Problem, spelling: Spelling = terraformSpelling): Problem<string> {
  const { attribute, what, why, fix, ...rest } = problem;
  return {
    ...rest,
    ...(attribute !== undefined && { attribute: spelling(attribute) }),
    what: spell(what, spelling),
    ...(why !== undefined && { why: spell(why, spelling) }),
    ...(fix !== undefined && { fix: spell(fix, spelling) }),
  };
}

type Advice<T extends Text = Text> = Pick<Problem<T>, "why" | "fix" | "source">;

/** Why, fix and source as one paragraph, as far as there are any. */
export function advice(words: Advice<string>): string;
export function advice(words: Advice): Text;
export function advice({ why, fix, source }: Advice): Text {
  const isLabelled = source !== undefined || /^[a-z]/.test(spell(fix ?? ""));
  const parts = [
    ...(why === undefined ? [] : [why]),
    ...(fix === undefined ? [] : [isLabelled ? text`Fix: ${fix}` : fix]),
    ...(source === undefined ? [] : [`Source: ${source.at}.`]),
  ];
  return parts.length === 0 ? "" : parts.reduce((all, part) => text`${all} ${part}`);
}

/** A problem on one line: at which attribute, what, why and what to do, and its code. */
export function sentence(problem: Problem, spelling?: Spelling): string {
  const { code, attribute, what } = spelled(problem, spelling);
  const words = `${what}. ${spell(advice(problem), spelling)}`.trimEnd();
  return withCode(attribute === undefined ? words : `${attribute}: ${words}`, code);
}

/** A text with the code of what it tells at its end, unless it is in it: what to look up in docs/errors.md or RULES.md. */
export const withCode = (words: string, code: ProblemCode): string =>
  words.includes(code) ? words : `${words} [${code}]`;

/** Why, and what to do, each on a line of its own, fit for a terminal. The code ends the last one. */
export function adviceLines({ code, what, why = "", fix = "" }: Problem<string>): string[] {
  const lines = [...(why === "" ? [] : [`  Why: ${shown(why)}`]), ...(fix === "" ? [] : [`  Fix: ${shown(fix)}`])];
  return lines.map((line, index) => (index < lines.length - 1 || what.includes(code) ? line : withCode(line, code)));
}

/** A problem for programs: flat, in plain JSON, in Terraform's words. */
export function problemJson(problem: Problem): Readonly<Record<string, unknown>> {
  const { subject, source, ...words } = spelled(problem);
  return { ...subject, ...words, ...(source && { source: source.at }) };
}

/** The names of an error's classes, where all copies of this package find them. */
const CLASSES = Symbol.for("cdktf-maas.error");

/** The names of the classes that an error is made from, its own first. */
function classesOf(error: ProblemError): string[] {
  const names: string[] = [];
  let type: unknown = error.constructor;
  while (typeof type === "function" && type !== Error) {
    names.push(type.name);
    type = Object.getPrototypeOf(type);
  }
  return names;
}

/**
 * An error that a user sees. Its code says what it is, its problems what is wrong, one by one as far as that is known.
 * @internal for TypeScript only: other languages have exceptions of their own
 */
export class ProblemError extends Error {
  /** An error of another copy of this package in `node_modules` counts too, as a construct of it does. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const isMadeFrom = (type: object): boolean => Function.prototype[Symbol.hasInstance].call(type, value);
    if (isMadeFrom(ProblemError)) return isMadeFrom(this);
    const { [CLASSES]: names } = (value ?? {}) as { readonly [CLASSES]?: readonly string[] };
    return names?.includes(this.name) ?? false;
  }

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly problems: readonly Problem[] = [],
    options: { readonly cause?: unknown } = {},
  ) {
    super(message);
    Object.defineProperty(this, CLASSES, { value: classesOf(this) });
    // jsii compiles for a release of JavaScript whose errors take no cause.
    const { cause } = options;
    if (cause !== undefined) Object.defineProperty(this, "cause", { value: cause, configurable: true, writable: true });
  }
}

/**
 * A plan of addresses that does not work out. The message says of what, what, why, and how to fix it.
 * @internal see {@link ProblemError}
 */
export class PlanError extends ProblemError {
  override readonly name = "MaasPlanError";

  /** @param where what is planned, such as `block of 2001:db8:20::/64` */
  constructor(where: string, problem: Problem) {
    super(problem.code, `${where}: ${sentence(problem, propertySpelling())}`, [problem]);
  }
}
