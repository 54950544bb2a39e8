import { inCamelCase } from "../../lib/model/facts";
import type { Value, Values } from "../../lib/model/known";
import { grouped } from "../../lib/model/lists";
import type { Finding } from "../../lib/rules/report";
import type { LiveObject } from "../reconcile/region/live-objects";
import { callLines, commentLines, type Property, quoted, terraformText } from "./expressible";
import { type Name, Names } from "./names";
import type { Argument, Part } from "./parts";
import { nameOf } from "./selection";

export const INDENT = "    ";

/** Where a part is in the app, in code and as a path. */
interface Place {
  readonly expression: string;
  readonly path: string;
}

/** The statements of the constructor that makes some parts. */
export class Statements {
  readonly #names = new Map<string, Name>();
  readonly #members = new Map<string, NonNullable<Part["memberOf"]>>();
  readonly #present: ReadonlySet<string>;
  /** The parts that others are given, or are part of. */
  readonly #used: ReadonlySet<string>;
  readonly #groups: readonly (readonly Part[])[];

  constructor(
    groups: readonly (readonly Part[])[],
    private readonly stackName: string,
  ) {
    const given = new Set(groups.flat().flatMap(partsGiven));
    // A fabric brings its default VLAN: one with nothing on it and nothing set needs no words.
    const isIdle = ({ name, memberOf }: Part): boolean => memberOf !== undefined && !given.has(name);
    this.#groups = groups.map((group) => group.filter((part) => !isIdle(part)));
    const parts = this.#groups.flat();
    this.#present = new Set(parts.map(({ name }) => name));
    this.#used = new Set([...given, ...parts.flatMap(({ memberOf }) => memberOf?.part ?? [])]);
    // Spaces come last: the names of fabrics are in those of all that is in them.
    const names = new Names();
    const isSpace = ({ name }: Part): boolean => name.startsWith("space ");
    for (const part of [...parts.filter((it) => !isSpace(it)), ...parts.filter(isSpace)]) {
      if (part.memberOf === undefined) this.#names.set(part.name, names.next(part.called));
      else this.#members.set(part.name, part.memberOf);
    }
  }

  /** The classes that the statements name. */
  get classes(): ReadonlySet<string> {
    const parts = this.#groups.flat();
    const made = parts
      .filter(({ memberOf }) => memberOf === undefined)
      .map(({ make }) => make.replace(/^new |\..*$/g, ""));
    const hasMember = parts.some(({ memberOf }) => memberOf !== undefined);
    const codes = parts.flatMap(({ properties }) => properties.flatMap(([, it]) => ("code" in it ? it.code : [])));
    return new Set([...made, ...(hasMember ? ["Vlan"] : []), ...codes.map((code) => code.replace(/\..*$/, ""))]);
  }

  /** Whether there is a construct for the object. */
  has(object: LiveObject): boolean {
    return this.#present.has(nameOf(object));
  }

  placeOf(name: string): Place {
    const member = this.#members.get(name);
    if (member !== undefined) {
      const owner = this.placeOf(member.part);
      return { expression: `${owner.expression}.${member.property}`, path: `${owner.path}/${member.property}` };
    }
    const { variable = "", id = "" } = this.#names.get(name) ?? {};
    return { expression: variable, path: `${this.stackName}/${id}` };
  }

  /** The statements, in groups; `broken` = the findings to suppress, by path. */
  *lines(broken: ReadonlyMap<string, readonly Finding[]>): Generator<string> {
    for (const group of this.#groups) {
      yield "";
      for (const part of group) yield* this.#statements(part, broken.get(this.placeOf(part.name).path) ?? []);
    }
  }

  *#statements(part: Part, findings: readonly Finding[]): Generator<string> {
    const { expression } = this.placeOf(part.name);
    const { make, importId, memberOf } = part;
    const isNamed = memberOf !== undefined || this.#used.has(part.name) || findings.length > 0;
    const taken = importId === undefined ? "" : `.importFrom(${quoted(importId)});`;
    if (memberOf === undefined) {
      const args = ["this", quoted(this.#names.get(part.name)?.id ?? ""), ...part.args.map((it) => this.#code(it))];
      const properties = part.properties.map(([name, argument]) => this.#property(name, argument));
      const head = isNamed ? `const ${expression} = ${make}` : make;
      yield* callLines({ head, args: args.flat(), properties, tail: isNamed || taken === "" ? ";" : taken }, INDENT);
    }
    if (isNamed && taken !== "") {
      // A fabric says of its untagged VLAN only that it is there; a managed fabric manages it.
      yield `${INDENT}${memberOf === undefined ? expression : `(${expression} as Vlan)`}${taken}`;
    }
    yield* suppressions(expression, findings);
  }

  #property(name: string, argument: Argument): Property {
    return { name, code: this.#code(argument) };
  }

  #code(argument: Argument): string | string[] {
    if ("code" in argument) return argument.code;
    if ("part" in argument) return this.placeOf(argument.part).expression;
    if ("parts" in argument) return argument.parts.map((part) => this.placeOf(part).expression);
    return Array.isArray(argument.value) ? argument.value.map(literal) : literal(argument.value);
  }
}

function literal(value: Value | undefined): string {
  if (typeof value === "string") return terraformText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return JSON.stringify(value ?? null);
  return `{ ${Object.entries(value as Values)
    .map(([name, member]) => `${inCamelCase(name)}: ${literal(member)}`)
    .join(", ")} }`;
}

const partsGiven = ({ args, properties }: Part): string[] =>
  [...args, ...properties.map(([, argument]) => argument)].flatMap((it) =>
    "part" in it ? it.part : "parts" in it ? it.parts : [],
  );

/** The suppressions of what a construct breaks, each after what it is about. */
function* suppressions(expression: string, findings: readonly Finding[]): Generator<string> {
  for (const [id, group] of grouped(findings, (finding) => finding.id)) {
    for (const { what, fix } of group) yield* commentLines(`${id}: ${what}. Fix: ${fix}`, INDENT);
    const properties = [
      { name: "id", code: quoted(id) },
      { name: "reason", code: "AS_FOUND" },
    ];
    yield* callLines({ head: `Suppressions.of(${expression}).add`, args: [], properties, tail: ";" }, INDENT);
  }
}
