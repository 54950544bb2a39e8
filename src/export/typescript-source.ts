import type { NetworkDocument } from "../../lib/model/document";
import { grouped } from "../../lib/model/lists";
import type { Finding } from "../../lib/rules/report";
import type { LiveObject } from "../reconcile/region/live-objects";
import { callLines, commentLines, type Expressible, quoted, terraformText, WIDTH } from "./expressible";
import { pascalCase } from "./names";
import { nodeInterfaceOf, type Part, PartMaker } from "./parts";
import { judge, type Judgement, merged, nameOf, networkDocument, REASON } from "./selection";
import { INDENT, Statements } from "./statements";

/** The npm package of the CDK that a source is for: CDKTF, or CDK Terrain. */
export type Cdk = "cdktf" | "cdktn";

/** What the source says beside the objects. */
export interface SourceOptions {
  /** `cdktf` unless it is set. */
  readonly cdk?: Cdk | undefined;
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
  /** `cdktf` unless it is set. */
  readonly cdk?: Cdk | undefined;
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

/** The source of the class of a stack, and what it needs. */
function stackClass({ cdk = "cdktf", head, constants, classes, statements, apiUrl, stackName }: AppParts): {
  readonly className: string;
  /** The file up to the end of the class. @param cdkClasses what is imported of the CDK */
  readonly lines: (cdkClasses: readonly string[]) => string[];
} {
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
  ];
  return {
    className,
    lines: (cdkClasses) => [
      ...head.flatMap((note) => commentLines(note, "")),
      ...importLine(cdkClasses, cdk),
      ...importLine(uses, `${cdk}-maas`),
      'import type { Construct } from "constructs";',
      ...body,
    ],
  };
}

/** A source of an app with one stack, as Prettier lays it out. */
export function appSource(parts: AppParts): string {
  const { className, lines } = stackClass(parts);
  const app = ["const app = new App();", `new ${className}(app, ${quoted(parts.stackName)});`, "app.synth();", ""];
  return [...lines(["App", "TerraformStack"]), ...app].join("\n");
}

/** The stack before it is known what its objects break. */
interface Draft {
  readonly objects: Expressible;
  readonly options: SourceOptions;
  readonly statements: Statements;
  readonly document: NetworkDocument;
}

function draft(objects: Expressible, options: SourceOptions): Draft {
  const { apiUrl, stackName } = options;
  const statements = new Statements(new PartMaker(objects).groups(), stackName);
  // The rules find what is wrong between links at their interface, which is a construct of its own here.
  const pathOf = (object: LiveObject): string => statements.placeOf(nodeInterfaceOf(object) ?? nameOf(object)).path;
  const managed = objects.managed.filter((object) => statements.has(object));
  const document = networkDocument({ ...objects, managed }, { apiUrl, origin: "create", pathOf });
  return { objects, options, statements, document };
}

function partsOf({ objects, options, statements }: Draft, judgement: Judgement): AppParts {
  const { suppressible } = judgement;
  const { cdk, apiUrl, stackName } = options;
  return {
    head: headNotes(objects, options, judgement),
    constants: suppressible.length > 0 ? [`const AS_FOUND = ${quoted(REASON)};`] : [],
    classes: [...statements.classes, ...(suppressible.length > 0 ? ["Suppressions"] : [])],
    statements: statements.lines(grouped(suppressible, ({ where }) => where.path)),
    ...{ cdk, apiUrl, stackName },
  };
}

/**
 * A TypeScript source of an app with one stack that manages what the region has. Guarantees: strict TypeScript, laid out
 * as Prettier does at 120 columns, the same text for the same objects in whatever order; synthesises, unless the region
 * has what MAAS itself now refuses (`enforced`, named in the source's first lines).
 */
export function typescriptSource(objects: Expressible, options: SourceOptions): string {
  const drafted = draft(objects, options);
  return appSource(partsOf(drafted, judge(drafted.document)));
}

/** The source of a stack that is exported by a module, and the name of its class. */
export interface ModuleSource {
  readonly className: string;
  readonly text: string;
}

/**
 * The sources of stacks of one app, each of which exports its own. The rules look at the whole app, so that what one part
 * breaks by what another one has is suppressed too.
 */
export function typescriptModules(
  parts: readonly { readonly objects: Expressible; readonly options: SourceOptions }[],
): ModuleSource[] {
  const drafts = parts.map(({ objects, options }) => draft(objects, options));
  const { suppressible, enforced } = judge(merged(drafts.map(({ document }) => document)));
  return drafts.map((one) => {
    const isOwn = ({ where }: Finding): boolean => where.path.startsWith(`${one.options.stackName}/`);
    const judgement = { suppressible: suppressible.filter(isOwn), enforced: enforced.filter(isOwn) };
    const { className, lines } = stackClass(partsOf(one, judgement));
    return { className, text: lines(["TerraformStack"]).join("\n") };
  });
}

/** A stack that is a module: `lab.ts`. */
export interface StackModule {
  readonly file: string;
  readonly stackName: string;
  readonly className: string;
}

/**
 * The source of an app of several stacks.
 *
 * @param first the stack that has what the others look up, and is deployed before them
 */
export function typescriptMain(
  cdk: Cdk,
  stacks: readonly StackModule[],
  first: StackModule | undefined,
  head: readonly string[],
): string {
  const others = stacks.filter((stack) => stack !== first);
  const make = ({ className, stackName }: StackModule): string => `new ${className}(app, ${quoted(stackName)})`;
  return [
    ...head.flatMap((note) => commentLines(note, "")),
    `import { App } from "${cdk}";`,
    ...stacks.map(({ className, file }) => `import { ${className} } from "./${file}";`),
    "",
    "const app = new App();",
    ...(first === undefined
      ? others.map((stack) => `${make(stack)};`)
      : [`const first = ${make(first)};`, ...others.map((stack) => `${make(stack)}.addDependency(first);`)]),
    "app.synth();",
    "",
  ].join("\n");
}
