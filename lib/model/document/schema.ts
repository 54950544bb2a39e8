import { withArticle } from "../text";
import type { Field, FieldType } from "../field";
import { DOCUMENT_KINDS, type DocumentKind } from "./kinds";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const SCALARS = { string: "string", number: "integer", bool: "boolean" } as const;

function typeSchema(type: FieldType, item: JsonSchema): JsonSchema {
  if (typeof type === "string") return { type: SCALARS[type], ...item };
  if (type[0] === "object") {
    const members = Object.entries(type[1]).map(([name, inner]) => [name, typeSchema(inner, {})]);
    return { type: "object", properties: Object.fromEntries(members), additionalProperties: false };
  }
  return { type: "array", items: typeSchema(type[1], item), ...(type[0] === "set" && { uniqueItems: true }) };
}

function fieldSchema({
  type,
  doc,
  oneOf,
  min,
  max,
  pattern,
  clearable,
  default: defaultValue,
  format,
}: Field): JsonSchema {
  const words = oneOf?.filter((value) => typeof value === "string") ?? [];
  const bounds = { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
  const text = pattern !== undefined && clearable !== true && { pattern: pattern.inAscii };
  // Words are taken in any case where the format says so.
  const isClosed = oneOf !== undefined && (format !== "word" || words.length === 0);
  const scalar = { ...(isClosed && { enum: oneOf }), ...bounds, ...text };
  const byDefault = defaultValue !== undefined && defaultValue !== null && { default: defaultValue };
  return { description: doc, ...typeSchema(type, scalar), ...byDefault };
}

const closed = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

function objectSchema({ title, key, fields }: DocumentKind): JsonSchema {
  // Nothing is required among the attributes: what is not known yet is left out and stands in `unknown`.
  const attributes = closed(Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])), []);
  const properties = {
    key: { description: `The natural key: ${key.words}.`, type: "string", minLength: 1, examples: key.examples },
    path: { description: "Where it was said: the construct's path.", type: "string" },
    origin: { $ref: "#/$defs/origin" },
    id: { description: "In a record of a run: MAAS's id.", type: "string", minLength: 1 },
    attributes,
    ignore_changes: {
      description: "Attributes that are left as they are once the object is there (Terraform's ignore_changes).",
      type: "array",
      items: { enum: fields.map(({ name }) => name) },
    },
    original: {
      ...attributes,
      description: "In a record of a run: what an adopted object was before, which it gets back.",
    },
    planned: {
      ...attributes,
      description: "In a record of a run that has not ended: what it was to set.",
    },
  };
  return {
    description: `${withArticle(title).replace(/^./, (first) => first.toUpperCase())}.`,
    ...closed(properties, ["key", "attributes"]),
  };
}

const text = (description: string): JsonSchema => ({ description, type: "string" });

/** The JSON Schema (2020-12) of `maas-network.json`, from the field tables. */
export function documentSchema(): JsonSchema {
  const kinds = Object.entries(DOCUMENT_KINDS);
  const sections = kinds.map(([name]) => [name, { type: "array", items: { $ref: `#/$defs/${name}` } }]);
  const suppression = closed(
    {
      id: text("Id of the rule, such as MAAS6-RTR-01."),
      where: text("The path that it holds for, with everything below."),
      reason: { ...text("Why the rule may be broken here."), minLength: 10 },
      until: { ...text("Last day on which it holds."), format: "date" },
    },
    ["id", "where", "reason"],
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "maas-network",
    description: "The desired state of MAAS networks, as cdktf-maas writes it beside a stack.",
    ...closed(
      {
        $schema: { type: "string" },
        format: { const: "maas-network" },
        version: { const: 1 },
        api_url: text("URL of the region's API. The API key never stands in a document."),
        objects: closed(Object.fromEntries(sections) as JsonSchema, []),
        suppressions: { type: "array", items: suppression },
        unknown: {
          description: "JSON pointers to the attributes that have a value that is not known before the apply.",
          type: "array",
          items: { type: "string", pattern: "^/" },
        },
      },
      ["format", "version", "objects"],
    ),
    $defs: {
      origin: {
        description: "create: the stack makes it. adopt: it may be there before. look_up: somebody else's.",
        enum: ["create", "adopt", "look_up"],
        default: "create",
      },
      ...Object.fromEntries(kinds.map(([name, kind]) => [name, objectSchema(kind)])),
    },
  };
}
