// Writes lib/constructs/generated/: the properties, arguments and attributes of constructs, from the field table.
// `--check` writes nothing and fails when a file is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withArticle } from "../lib/model/text";
import { propertyOf } from "../lib/model/construct-view";
import { boundsOf, type Field } from "../lib/model/field";
import { type Kind, settingsOf } from "../lib/model/kind";
import { isManaged, KINDS } from "../lib/model/kinds";
import { pluralClassOf } from "../lib/model/listing";
import { listedClassOf, listSource } from "./constructs/list";
import {
  comment,
  CONSTRUCTS,
  docOf,
  HEAD,
  importsOf,
  isList,
  isReference,
  kebab,
  readerOf,
  shownAs,
  typeOf,
  viewOf,
} from "./constructs/shared";

const FOLDER = join(CONSTRUCTS, "generated");

/** The same, with what a value must be like. */
function inputDocOf(kind: Kind, { pattern, ...field }: Field): string {
  const bounds = boundsOf(field);
  const rules = [
    ...(bounds === undefined ? [] : [`From ${bounds}.`]),
    ...(pattern === undefined ? [] : [`${pattern.words.charAt(0).toUpperCase()}${pattern.words.slice(1)}.`]),
  ];
  return [docOf(kind, field), ...rules].join(" ");
}

function defaultOf(kind: Kind, field: Field): string {
  const { default: told } = viewOf(kind, field);
  if (told !== undefined) return told;
  if (field.default === undefined) return `- left as ${isList(field) ? "they are" : "it is"}`;
  return field.default === null ? "- none" : JSON.stringify(field.default);
}

function property(kind: Kind, field: Field): string {
  const isOptional = field.presence === "optional";
  const doc = [inputDocOf(kind, field), ...(isOptional ? [`@default ${defaultOf(kind, field)}`] : [])];
  return `${comment(doc, "  ")}\n  readonly ${propertyOf(kind, field.name)}${isOptional ? "?" : ""}: ${typeOf(kind, field)};`;
}

/** The properties for settings of a resource. */
const SETTINGS: Readonly<Record<string, (kind: Kind) => readonly [name: string, doc: string]>> = {
  adopt_existing: ({ construct }) => ["adoptExisting", construct.adopt ?? ""],
  force_destroy: ({ title }) => [
    "forceDestroy",
    `Let a destroy delete what MAAS deletes along with the ${title} and what is not in Terraform's state, such as addresses of ` +
      "machines; else it is refused. What counts is the value of the last deployment: set it, deploy, then destroy.",
  ],
};

function settings(kind: Kind): string[] {
  return settingsOf(kind).map((setting) => {
    const [name = "", doc = ""] = SETTINGS[setting]?.(kind) ?? [];
    return `${comment([doc, "@default false"], "  ")}\n  readonly ${name}?: boolean;`;
  });
}

function getter(kind: Kind, field: Field): string[] {
  const reader = readerOf(field);
  if (reader === undefined) return [];
  const [type, method] = reader;
  return [
    `${comment([docOf(kind, field)], "  ")}\n  get ${propertyOf(kind, field.name)}(): ${type} {\n    return this.${method}("${field.name}");\n  }`,
  ];
}

function importMethod(kind: Kind): string {
  const { name, title, construct, key } = kind;
  const doc = [
    isManaged(kind)
      ? `Has \`cdktf plan\` write the code for ${withArticle(title)} that is there already, and Terraform take it over.`
      : `As on every resource; but ${withArticle(title)} is looked up and never imported, so that synth refuses it. Use \`new ${construct.name}\`.`,
    "@param scope where the object is to be made",
    "@param importToId id that the construct is to have",
    `@param importFromId id of the object, or ${key.words}`,
    "@param provider the region, in stacks that have several",
  ];
  return `${comment(doc, "  ")}
  static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return importConfig(KINDS.${name}, { scope, importToId, importFromId, provider });
  }`;
}

function constructorOf(kind: Kind, propsName: string, references: readonly Field[]): string {
  const { extended } = kind.construct;
  const keys = kind.fields
    .filter(({ presence }) => presence === "required")
    .map((field) => propertyOf(kind, field.name));
  const key = isManaged(kind) ? "props" : `{ ${keys.map((name) => `${name}: props.${name}`).join(", ")} }, props`;
  const call = `super(scope, id, KINDS.${kind.name}, ${key}${extended === true ? ", options" : ""});`;
  const kept = references.filter((field) => viewOf(kind, field).readBy === undefined);
  const assignments = kept.map(
    (field) => `this.${propertyOf(kind, field.name)} = props.${propertyOf(kind, field.name)};`,
  );
  const parameters = `scope: Construct, id: string, props: ${propsName}${extended === true ? ", options: ElementOptions = {}" : ""}`;
  return [`  constructor(${parameters}) {`, ...[call, ...assignments].map((line) => `    ${line}`), "  }"].join("\n");
}

function source(kind: Kind): string {
  const { name, classes = [name], propsName = `${name}Props`, extended, isWhole } = kind.construct;
  const shown = classes.map((one) => withArticle(one).replace(one, `\`${one}\``));
  const inputs = kind.fields.filter(
    (field) => field.presence !== "computed" && viewOf(kind, field).implied === undefined,
  );
  const references = inputs.filter((field) => isReference(field) && !isList(field));
  const attributes = kind.fields.filter((field) => !isReference(field) && viewOf(kind, field).implied === undefined);
  const members = [
    `  /** Terraform's type of the object, which CDKTF's matchers go by. */\n  static readonly tfResourceType = "${kind.type}";`,
    importMethod(kind),
    ...references.map((field) => {
      const { readBy } = viewOf(kind, field);
      if (readBy !== undefined) {
        const doc = [docOf(kind, field), "@throws ConstructError where it is not given."];
        return `${comment(doc, "  ")}\n  get ${propertyOf(kind, field.name)}(): ${typeOf(kind, field)} {\n    return ${readBy}(this);\n  }`;
      }
      const mark = field.presence === "optional" ? "?" : "";
      return `${comment([docOf(kind, field)], "  ")}\n  readonly ${propertyOf(kind, field.name)}${mark}: ${typeOf(kind, field)};`;
    }),
    constructorOf(kind, propsName, references),
    ...attributes.flatMap((field) => getter(kind, field)),
  ];
  const base = isManaged(kind) ? "MaasResource" : "MaasDataSource";
  const { implements: face } = kind.construct;
  const as = face === undefined ? "" : ` implements ${face}`;
  const body = [
    comment([`Properties of ${shown.join(" or ")}.`, ...(kind.construct.propsName === undefined ? [] : ["@internal"])]),
    `export interface ${propsName} extends TerraformMetaArguments {\n${[...inputs.map((field) => property(kind, field)), ...settings(kind)].join("\n")}\n}\n`,
    isWhole === true
      ? comment([kind.doc])
      : comment([`What the field table tells of ${shown.join(" and ")}.`, "@internal"]),
    `export ${isWhole === true ? `class ${name}` : `abstract class ${name}Base`} extends ${base}${as} {\n${members.join("\n\n")}\n}\n`,
  ].join("\n");
  const types = [
    ...inputs.map((field) => typeOf(kind, field).replace(/\[\]$/, "")),
    ...(face === undefined ? [] : [face]),
  ];
  const readers = inputs.flatMap((field) => viewOf(kind, field).readBy ?? []);
  const cdk = ["Construct", "ImportableResource", "IResolvable", "TerraformMetaArguments", "TerraformProvider"];
  return [
    HEAD,
    `import type { ${cdk.filter((type) => new RegExp(`\\b${type}\\b`).test(body)).join(", ")} } from "../../cdk";`,
    'import { KINDS } from "../../model/kinds";',
    `import { ${extended === true ? "type ElementOptions, " : ""}${base} } from "../internal/elements";`,
    'import { importConfig } from "../internal/natural-key";',
    ...(readers.length === 0 ? [] : [`import { ${readers.join(", ")} } from "../internal/owner";`]),
    ...importsOf(types),
    "",
    body,
  ].join("\n");
}

const fileOf = ({ construct }: Kind): string => kebab(construct.name);
const listFileOf = (kind: Kind): string => kebab(pluralClassOf(kind));

const all = Object.values<Kind>(KINDS);

/** What the library exports of the folder: constructs that nothing is added to by hand, and the lists. */
const exported = [
  ...all
    .filter(({ construct }) => construct.isWhole === true)
    .map((kind) => ({ name: kind.construct.name, file: fileOf(kind) })),
  ...all.map((kind) => ({
    name: `${listedClassOf(kind)}, ${pluralClassOf(kind)}`,
    props: pluralClassOf(kind),
    file: listFileOf(kind),
  })),
].map(
  ({ name, props = name, file }: { name: string; props?: string; file: string }) =>
    `export { ${name}, type ${props}Props } from "./${file}";\n`,
);

const wanted = new Map<string, string>(
  all.flatMap((kind) => [
    [`${fileOf(kind)}.ts`, source(shownAs(kind))] as [string, string],
    [`${listFileOf(kind)}.ts`, listSource(kind)] as [string, string],
  ]),
);
wanted.set("index.ts", `${HEAD}\n${exported.join("")}`);
const present = existsSync(FOLDER) ? readdirSync(FOLDER) : [];
const gone = present.filter((file) => !wanted.has(file));

if (process.argv.includes("--check")) {
  const stale = [...wanted].filter(
    ([file, text]) => !present.includes(file) || readFileSync(join(FOLDER, file), "utf8") !== text,
  );
  for (const file of [...gone, ...stale.map(([name]) => name)]) {
    process.stderr.write(`${join(FOLDER, file)} is stale: run \`npm run generate\` and commit what it writes.\n`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const file of gone) rmSync(join(FOLDER, file));
  for (const [file, text] of wanted) writeFileSync(join(FOLDER, file), text);
}
