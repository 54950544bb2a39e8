import { propertyOf } from "../../lib/model/construct-view";
import type { Field } from "../../lib/model/field";
import { type Kind, reportedFields } from "../../lib/model/kind";
import { filterDoc, filtersOf, patternsOf, pluralClassOf, pluralOf } from "../../lib/model/listing";
import { comment, docOf, HEAD, importsOf, isReference, plainType, readerOf, typeOf } from "./shared";

/** What a list takes: the construct of a reference as the kind's own properties have it. */
const listTypeOf = (kind: Kind, field: Field): string => (isReference(field) ? typeOf(kind, field) : plainType(field));

/** The class of one object of a list. */
export const listedClassOf = ({ construct }: Kind): string => `Listed${construct.name}`;

/** One object of a list: what Terraform reads of it, with the types that it has there. */
function listedSource(kind: Kind): string {
  const getters = reportedFields(kind).flatMap((field) => {
    const [type, method] = readerOf(field) ?? ["IResolvable", "interpolationForAttribute"];
    const name = propertyOf(kind, field.name);
    return `${comment([docOf(kind, field)], "  ")}\n  get ${name}(): ${type} {\n    return this.${method}("${field.name}");\n  }\n`;
  });
  return [
    comment([`One ${kind.title} of \`${pluralClassOf(kind)}\`, as Terraform reads it. References are ids.`]),
    `export class ${listedClassOf(kind)} extends ComplexObject {`,
    `  ${comment(["MAAS's id of it."])}`,
    `  get id(): string {\n    return this.getStringAttribute("id");\n  }\n`,
    getters.join("\n").trimEnd(),
    "}\n",
  ].join("\n");
}

/** The list of all objects of a kind. */
export function listSource(kind: Kind): string {
  const name = pluralClassOf(kind);
  const filters = filtersOf(kind);
  const inputs = [
    ...filters.map((field) => ({
      field,
      doc: filterDoc(kind, field, `\`${propertyOf(kind, field.name)}\``),
      type: listTypeOf(kind, field),
    })),
    ...patternsOf(kind).map((field) => ({ field, doc: field.doc, type: "string" })),
  ];
  const properties = inputs.map(
    ({ field, doc, type }) =>
      `${comment([doc, "@default - any"], "  ")}\n  readonly ${propertyOf(kind, field.name)}?: ${type};`,
  );
  const data = `maas_${pluralOf(kind)}`;
  const body = [
    comment([`Properties of \`${name}\`: an object has all that is set here.`]),
    `export interface ${name}Props extends TerraformMetaArguments {\n${properties.join("\n")}\n}\n`,
    comment([
      `Every ${kind.title} of the region that has all that is asked for. Terraform reads them at plan, those that this app makes not before they are made.`,
    ]),
    `export class ${name} extends ObjectList {`,
    `  /** Terraform's type of the data source, which CDKTF's matchers go by. */\n  static readonly tfResourceType = "${data}";\n`,
    `  /** @throws ConstructError when no ${kind.title} can have what is asked for. */`,
    `  constructor(scope: Construct, id: string, props: ${name}Props = {}) {\n    super(scope, id, KINDS.${kind.name}, props);\n  }\n`,
    `  ${comment(["What is known of each, in the order of their ids."])}`,
    `  get objects(): IResolvable {\n    return this.interpolationForAttribute("${pluralOf(kind)}");\n  }\n`,
    comment(
      ["The object at that place of the list.", "@param index counted from 0; a plan fails where the region has fewer"],
      "  ",
    ),
    `  get(index: number): ${listedClassOf(kind)} {\n    return new ${listedClassOf(kind)}(this, "${pluralOf(kind)}", false, index);\n  }\n}\n`,
  ].join("\n");
  return [
    HEAD,
    'import { ComplexObject, type Construct, type IResolvable, type TerraformMetaArguments } from "../../cdk";',
    'import { KINDS } from "../../model/kinds";',
    'import { ObjectList } from "../internal/region-reading";',
    ...importsOf(inputs.map(({ type }) => type)),
    "",
    listedSource(kind),
    body,
  ].join("\n");
}
