import type { Finding } from "../../lib/rules/report";
import type { LiveObject } from "../reconcile/region/live-objects";
import type { Expressible } from "./expressible";
import { grouped } from "../../lib/model/lists";
import { callLines, commentLines, quoted, terraformText, WIDTH } from "./literal";
import { pascalCase } from "./names";
import { judge, type Judgement, networkDocument, REASON } from "./region-network";
import { nodeInterfaceOf, PartMaker } from "./parts";
import { nameOf } from "./selection";
import { INDENT, Statements } from "./statements";

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

function headLines(
  { notes: bound }: Expressible,
  { leftOut }: SourceOptions,
  { suppressible, enforced }: Judgement,
): string[] {
  const broken = `The region breaks rules, which are suppressed where AS_FOUND stands: ${tally(suppressible)}.`;
  const notes = [
    "Exported from a MAAS region by `cdktf-maas export`. The first plan imports every object and changes nothing; after that deployment drop the importFrom() calls.",
    ...bound.map((sentence) => `Note: ${sentence}`),
    ...leftOut.map((sentence) => `Not here: ${sentence}.`),
    ...(suppressible.length === 0 ? [] : [broken]),
    ...enforced.map(
      ({ id, where, what, fix }) => `To be fixed before synth: ${id} at ${where.path}: ${what}. Fix: ${fix}`,
    ),
  ];
  return notes.flatMap((note) => commentLines(note, ""));
}

/** A class name that nothing imported has. */
function classNameOf(stackName: string, imported: readonly string[]): string {
  const name = pascalCase(stackName);
  return imported.includes(name) ? `${name}Stack` : name;
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
  const uses = ["MaasProvider", ...statements.classes, ...(suppressible.length > 0 ? ["Suppressions"] : [])];
  const className = classNameOf(stackName, ["App", "TerraformStack", "Construct", ...uses]);
  const provider = {
    head: "new MaasProvider",
    args: ["this", '"maas"'],
    properties: [{ name: "apiUrl", code: terraformText(apiUrl) }],
    tail: ";",
  };
  const body = [
    "",
    ...(suppressible.length > 0 ? [`const AS_FOUND = ${quoted(REASON)};`, ""] : []),
    `export class ${className} extends TerraformStack {`,
    "  constructor(scope: Construct, id: string) {",
    `${INDENT}super(scope, id);`,
    ...callLines(provider, INDENT),
    ...statements.lines(broken),
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
  return [...headLines(objects, options, judgement), ...imports, body].join("\n");
}
