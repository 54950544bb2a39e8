// Examples of the documentation, made from the records: an object of each kind, with what it needs.
import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import { toTemplate } from "../../lib/model/expression";
import { propertyOf } from "../../lib/model/construct-view";
import type { Field, KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { findField, KINDS } from "../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../lib/model/known";
import { patternsOf, pluralClassOf } from "../../lib/model/listing";
import { canonicalKey, formatShortKey, parseKey } from "../../lib/model/natural-key";
import { textOf } from "../../lib/model/text";
import { wordsOf } from "../../src/export/names";
import { expressible } from "../../src/export/expressible";
import { nameOf } from "../../src/export/selection";
import { typescriptStatements } from "../../src/export/typescript-source";
import type { Lookup } from "../../src/provider/data-source";
import type { LiveObject } from "../../src/reconcile/region/live-objects";

/** The first example of the kind's natural key, in the form that names an object of a whole region. */
export function exampleKey(name: KindName): string {
  const [key = ""] = DOCUMENT_KINDS[name].key.examples;
  return canonicalKey(name, key);
}

/** The value of a field that the kind's example does not give: of a reference the key of an object. */
function anyValue(kind: Kind, { name, references, names, oneOf, min, type }: Field): Value {
  const target = references ?? names;
  if (target !== undefined) return exampleKey(target);
  if (oneOf?.[0] !== undefined) return oneOf[0];
  if (type === "number" && min !== undefined) return min;
  throw new Error(`The record of the kind ${kind.name} needs an example of ${name}: add example: { ${name}: … }`);
}

/** The attributes of an example: those of its key, what is required, and beside them what is `more`. */
function attributesOf(kind: Kind, key: string, more: Attributes = {}): Attributes {
  const parts = Object.entries(parseKey(kind.name, key) ?? {}).map(([name, text]) => {
    const field = kind.fields.find((one) => one.name === name);
    return [name, field?.type === "number" ? Number(text) : text] as const;
  });
  const given: Attributes = { ...Object.fromEntries(parts), ...more };
  const needed = kind.fields.filter(({ name, presence }) => presence === "required" && given[name] === undefined);
  const filled = needed.map((field) => [field.name, kind.example?.[field.name] ?? anyValue(kind, field)] as const);
  return { ...Object.fromEntries(filled), ...given };
}

/** The kind of the objects that a field's value names, where a configuration makes them. */
function madeTarget({ references, names }: Field): KindName | undefined {
  const target = references ?? names;
  return target !== undefined && KINDS[target].lifecycle === "created" ? target : undefined;
}

const listed = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** An object of the kind, after all that it refers to and that a configuration makes. */
export function exampleOf(name: KindName, key?: string): LiveObject[] {
  const kind: Kind = KINDS[name];
  // What others refer to is kept short: on its own page it says more.
  const own = key ?? exampleKey(name);
  const attributes = attributesOf(kind, own, key === undefined ? kind.example : {});
  const owners = kind.fields.flatMap((field) => {
    const target = madeTarget(field);
    return target === undefined ? [] : listed(attributes[field.name]).flatMap((one) => exampleOf(target, textOf(one)));
  });
  const all = [...owners, { kind: name, key: own, id: "", attributes }];
  return [...new Map(all.map((object) => [nameOf(object), object])).values()];
}

/** A Terraform label: the object's words. */
type Labels = (object: Pick<LiveObject, "kind" | "key">) => string;

const MAX_LABEL = 32;

/** Labels after natural keys. The last object, which the example is about, is called `example` where that would be long. */
function labelsOf(objects: readonly LiveObject[]): Labels {
  const words = wordsOf(objects);
  const main = objects.at(-1);
  return (object) => {
    const label = (words.get(nameOf(object)) ?? [object.key]).join("_").replace(/[^A-Za-z0-9]+/g, "_");
    if (label.length > MAX_LABEL && main !== undefined && nameOf(main) === nameOf(object)) return "example";
    return /^[A-Za-z]/.test(label) ? label : `example_${label}`;
  };
}

/** A value in HCL. */
export function hclValue(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item) => hclValue(item)).join(", ")}]`;
  if (typeof value === "object" && value !== null && isKnown(value)) {
    const members = Object.entries(value).map(([name, member]) => `${name} = ${hclValue(member ?? null)}`);
    return `{ ${members.join(", ")} }`;
  }
  return JSON.stringify(typeof value === "string" ? toTemplate(value) : value);
}

function expression(field: Field, value: Value, labels: Labels): string {
  const target = madeTarget(field);
  if (Array.isArray(value)) return `[${value.map((item) => expression(field, item, labels)).join(", ")}]`;
  if (target === undefined) return hclValue(value);
  const { type } = KINDS[target];
  return `${type}.${labels({ kind: target, key: textOf(value) })}.${field.references === undefined ? "name" : "id"}`;
}

/** A block, its arguments lined up as `terraform fmt` does. */
export function block(head: string, assignments: readonly (readonly [name: string, code: string])[]): string {
  if (assignments.length === 0) return `${head} {}`;
  const width = Math.max(0, ...assignments.map(([name]) => name.length));
  return [`${head} {`, ...assignments.map(([name, code]) => `  ${name.padEnd(width)} = ${code}`), "}"].join("\n");
}

/** The objects as resources. */
export function resourceExample(objects: readonly LiveObject[]): string {
  const labels = labelsOf(objects);
  const blocks = objects.map((object) => {
    const kind: Kind = KINDS[object.kind];
    const set = kind.fields.flatMap((field) => {
      const value = object.attributes[field.name];
      return value === undefined || value === null ? [] : [[field.name, expression(field, value, labels)] as const];
    });
    return block(`resource "${kind.type}" "${labels(object)}"`, set);
  });
  return blocks.join("\n\n");
}

/** The address of the last of the objects: the one that the example is about. */
export function exampleAddress(objects: readonly LiveObject[]): string {
  const object = objects.at(-1);
  if (object === undefined) throw new Error("an example has one object at least");
  return `${KINDS[object.kind].type}.${labelsOf(objects)(object)}`;
}

/** The objects as constructs in a stack; what registers itself is looked up. */
export function constructExample(objects: readonly LiveObject[]): string {
  const nodes = objects.flatMap(({ kind, attributes }) =>
    KINDS[kind].fields.flatMap(({ name, references }) =>
      references === undefined || KINDS[references].lifecycle !== "registered"
        ? []
        : listed(attributes[name]).flatMap((key) => exampleOf(references, textOf(key))),
    ),
  );
  const { classes, lines } = typescriptStatements(expressible({ managed: objects, lookedUp: nodes }));
  return [`import { ${classes.join(", ")} } from "cdktf-maas";`, "", ...lines].join("\n");
}

/** The lookup of an object of the kind by the attributes of its natural key. */
export function lookupExample(kind: Kind, { required, optional }: Lookup): string {
  const key = exampleKey(kind.name);
  const object = { kind: kind.name, key, id: "", attributes: attributesOf(KINDS[kind.name], key) };
  const parts = parseKey(kind.name, key) ?? {};
  const short = formatShortKey(kind.name, parts) !== undefined;
  const set = [...required, ...(short ? [] : optional)].flatMap((name) => {
    const [text, field] = [parts[name], findField(kind, name)];
    return text === undefined ? [] : [[name, field.type === "number" ? text : hclValue(text)] as const];
  });
  return block(`data "${kind.type}" "${labelsOf([object])(object)}"`, set);
}

/** Arguments of the data sources of a region, and what their examples show. */
const REGION_EXAMPLES: Readonly<
  Record<string, readonly [name: string, set: readonly (readonly [string, string])[], output: string]>
> = {
  maas_network: ["lab", [["fabrics", '["lab"]']], "jsondecode(NAME.document).objects"],
  maas_subnet_addresses: [
    "lab",
    [["subnet", '"2001:db8:20::/64"']],
    "{ for address in NAME.addresses : address.ip => address.fqdn }",
  ],
};

/** All objects of the kind that are where the kind's example is, or with a name like its. */
export function listExample(type: string, kind: Kind): string {
  const special = REGION_EXAMPLES[type];
  const object = {
    kind: kind.name,
    key: exampleKey(kind.name),
    id: "",
    attributes: attributesOf(KINDS[kind.name], exampleKey(kind.name)),
  };
  const owner = kind.fields.find(({ references, jsonPath }) => references !== undefined && jsonPath !== undefined);
  const filter =
    owner === undefined
      ? []
      : [
          [
            owner.name,
            hclValue(textOf(object.attributes[owner.name] ?? exampleKey(owner.references ?? kind.name))),
          ] as const,
        ];
  const [name, set, output] = special ?? ["all", filter, "NAME.ids"];
  const value = output.replace("NAME", `data.${type}.${name}`);
  return `${block(`data "${type}" "${name}"`, set)}\n\n${block(`output "${type.replace(/^maas_/, "")}"`, [["value", value]])}`;
}

/** The same as constructs, in TypeScript. */
const REGION_CONSTRUCTS: Readonly<Record<string, readonly string[]>> = {
  maas_network: [
    'import { Fabric, RegionNetwork } from "cdktf-maas";',
    "",
    'const lab = new RegionNetwork(this, "lab", { fabrics: [Fabric.fromName(this, "fabric", "lab")] });',
    'new TerraformOutput(this, "network", { value: lab.document });',
  ],
  maas_subnet_addresses: [
    'import { Ipv6Subnet, SubnetAddresses } from "cdktf-maas";',
    "",
    'const subnet = Ipv6Subnet.fromCidr(this, "v6", "2001:db8:20::/64");',
    'const lab = new SubnetAddresses(this, "lab", { subnet });',
    'new TerraformOutput(this, "addresses", { value: lab.ipAddresses });',
  ],
};

/** A list as a construct: of all objects, or of those whose name begins like that of the example. */
export function listConstructExample(type: string, kind: Kind): string {
  const name = pluralClassOf(kind);
  const [pattern] = patternsOf(kind);
  const set = pattern === undefined ? "" : `, { ${propertyOf(kind, pattern.name)}: "^lab" }`;
  const lines = REGION_CONSTRUCTS[type] ?? [
    `import { ${name} } from "cdktf-maas";`,
    "",
    `const all = new ${name}(this, "all"${set});`,
    'new TerraformOutput(this, "ids", { value: all.ids });',
  ];
  return ['import { TerraformOutput } from "cdktf";', ...lines].join("\n");
}
