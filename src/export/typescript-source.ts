import { inCamelCase } from "../../lib/model/facts";
import type { Value, Values } from "../../lib/model/known";
import { grouped } from "../../lib/model/lists";
import type { Finding } from "../../lib/rules/report";
import type { LiveObject } from "../reconcile/region/live-objects";
import { callLines, commentLines, type Expressible, type Property, quoted, terraformText, WIDTH } from "./expressible";
import { type Name, Names, pascalCase } from "./names";
import { type Argument, nodeInterfaceOf, type Part, PartMaker } from "./parts";
import { judge, type Judgement, nameOf, networkDocument, REASON } from "./selection";

const INDENT = "    ";

/** Where a part is in the app, in code and as a path. */
interface Place {
  readonly expression: string;
  readonly path: string;
}

/** The statements of the constructor that makes some parts. */
class Statements {
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

/** What the source says beside the objects. */
export interface SourceOptions {
  /** URL of the region's API. */
  readonly apiUrl: string;
  /** Id of the stack; the class is named after it. */
  readonly stackName: string;
  /** What the region has and the source does not, in sentences without a full stop. */
  readonly leftOut: readonly string[];
}

const alphabetically = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);

function importLine(names: readonly string[], module: string): string[] {
  const sorted = [...names].sort(alphabetically);
  const line = `import { ${sorted.join(", ")} } from "${module}";`;
  return line.length <= WIDTH ? [line] : ["import {", ...sorted.map((name) => `  ${name},`), `} from "${module}";`];
}

/** `MAAS6-DUA-01 (2 times), MAAS6-RTR-03`. */
function tally(findings: readonly Finding[]): string {
  const counts = [...grouped(findings, ({ id }) => id)].map(([id, { length }]) => [id, length] as const);
  return counts.map(([id, count]) => (count === 1 ? id : `${id} (${count} times)`)).join(", ");
}

function headNotes(
  { notes: bound }: Expressible,
  { leftOut }: SourceOptions,
  { suppressible, enforced }: Judgement,
): string[] {
  const broken = `The region breaks rules, which are suppressed where AS_FOUND stands: ${tally(suppressible)}.`;
  return [
    "Exported from a MAAS region by `cdktf-maas export`. The first plan imports every object and changes nothing; after that deployment drop the importFrom() calls.",
    ...bound.map((sentence) => `Note: ${sentence}`),
    ...leftOut.map((sentence) => `Not here: ${sentence}.`),
    ...(suppressible.length === 0 ? [] : [broken]),
    ...enforced.map(
      ({ id, where, what, fix }) => `To be fixed before synth: ${id} at ${where.path}: ${what}. Fix: ${fix}`,
    ),
  ];
}

/** A class name that nothing imported has. */
function classNameOf(stackName: string, imported: readonly string[]): string {
  const name = pascalCase(stackName);
  return imported.includes(name) ? `${name}Stack` : name;
}

/** The statements that make the objects in a construct's scope `this`, for a new network, and the classes that they need. */
export function typescriptStatements(objects: Expressible): {
  readonly classes: readonly string[];
  readonly lines: readonly string[];
} {
  const made = new PartMaker(objects).groups().map((group) => group.map(({ importId: _none, ...part }): Part => part));
  const statements = new Statements(made, "");
  const lines = [...statements.lines(new Map())].map((line) => line.slice(INDENT.length));
  return { classes: [...statements.classes].sort(alphabetically), lines: lines.slice(1) };
}

/** The parts of an app with one stack. */
export interface AppParts {
  /** Comments before all else, each a sentence or more. */
  readonly head: readonly string[];
  /** Statements before the class. */
  readonly constants: readonly string[];
  /** The classes of this package that the statements name, but for the provider. */
  readonly classes: readonly string[];
  /** Lines of the stack's constructor, after the provider. */
  readonly statements: Iterable<string>;
  /** URL of the region's API; undefined = from the environment. */
  readonly apiUrl: string | undefined;
  readonly stackName: string;
}

/** A source of an app with one stack, as Prettier lays it out. */
export function appSource({ head, constants, classes, statements, apiUrl, stackName }: AppParts): string {
  const uses = ["MaasProvider", ...classes];
  const className = classNameOf(stackName, ["App", "TerraformStack", "Construct", ...uses]);
  const provider = {
    head: "new MaasProvider",
    args: ["this", '"maas"'],
    ...(apiUrl !== undefined && { properties: [{ name: "apiUrl", code: terraformText(apiUrl) }] }),
    tail: ";",
  };
  const body = [
    "",
    ...(constants.length > 0 ? [...constants, ""] : []),
    `export class ${className} extends TerraformStack {`,
    "  constructor(scope: Construct, id: string) {",
    `${INDENT}super(scope, id);`,
    ...callLines(provider, INDENT),
    ...statements,
    "  }",
    "}",
    "",
    "const app = new App();",
    `new ${className}(app, ${quoted(stackName)});`,
    "app.synth();",
    "",
  ].join("\n");
  const imports = [
    ...importLine(["App", "TerraformStack"], "cdktf"),
    ...importLine(uses, "cdktf-maas"),
    'import type { Construct } from "constructs";',
  ];
  return [...head.flatMap((note) => commentLines(note, "")), ...imports, body].join("\n");
}

/**
 * A TypeScript source of an app with one stack that manages what the region has. Guarantees: strict TypeScript, laid out
 * as Prettier does at 120 columns, the same text for the same objects in whatever order; synthesises, unless the region
 * has what MAAS itself now refuses (`enforced`, named in the source's first lines).
 */
export function typescriptSource(objects: Expressible, options: SourceOptions): string {
  const { apiUrl, stackName } = options;
  const statements = new Statements(new PartMaker(objects).groups(), stackName);
  // The rules find what is wrong between links at their interface, which is a construct of its own here.
  const pathOf = (object: LiveObject): string => statements.placeOf(nodeInterfaceOf(object) ?? nameOf(object)).path;
  const managed = objects.managed.filter((object) => statements.has(object));
  const document = networkDocument({ ...objects, managed }, { apiUrl, origin: "create", pathOf });
  const judgement = judge(document);
  const { suppressible } = judgement;
  const broken = grouped(suppressible, ({ where }) => where.path);
  return appSource({
    head: headNotes(objects, options, judgement),
    constants: suppressible.length > 0 ? [`const AS_FOUND = ${quoted(REASON)};`] : [],
    classes: [...statements.classes, ...(suppressible.length > 0 ? ["Suppressions"] : [])],
    statements: statements.lines(broken),
    ...{ apiUrl, stackName },
  });
}
