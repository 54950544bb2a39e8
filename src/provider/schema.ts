import { withArticle, withThe } from "../../lib/model/text";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Field, isFilledIn } from "../../lib/model/field";
import { type Kind, settingsOf } from "../../lib/model/kind";
import { type Schema_AttributeSchema, type SchemaSchema, StringKind } from "./protocol/tfplugin6_pb";
import type { TypeExpression } from "./rpc/dynamic-value";

/** One attribute of a block, in Terraform's terms. */
export interface Attribute {
  readonly name: string;
  readonly type: TypeExpression;
  readonly doc: string;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly sensitive?: boolean;
}

/** A resource, a data source or the provider's own block. */
export interface Block {
  readonly doc: string;
  readonly attributes: readonly Attribute[];
}

/** The provider's own configuration. The environment variable answers for an attribute that is not set. */
export const PROVIDER_BLOCK: Block = {
  doc: "Manages the networks of a MAAS region through its 2.0 API.",
  attributes: [
    {
      name: "api_url",
      type: "string",
      optional: true,
      doc: "URL of the region, such as `http://region.example:5240/MAAS`; an IPv6 address in square brackets. Default: MAAS_API_URL.",
    },
    {
      name: "api_key",
      type: "string",
      optional: true,
      sensitive: true,
      doc: "API key of a MAAS administrator, `consumer:token:secret`. Default: MAAS_API_KEY, which keeps it out of every file.",
    },
    {
      name: "tls_ca_cert_path",
      type: "string",
      optional: true,
      doc: "File with the PEM certificates of the authority that signed the region's certificate, trusted in addition to the system's. Default: MAAS_API_CACERT.",
    },
    {
      name: "tls_insecure_skip_verify",
      type: "bool",
      optional: true,
      doc: "Accept any certificate. Anyone on the way can then read the API key. Default: false.",
    },
    {
      name: "retry_timeout",
      type: "number",
      optional: true,
      doc: "Seconds for which calls are repeated while the region does not answer, or answers that it is busy. Default: MAAS_RETRY_TIMEOUT, else 120, which is longer than a restart of regiond takes.",
    },
    {
      name: "journal_path",
      type: "string",
      optional: true,
      doc:
        "Folder of a journal: what a run is about to create is written there first, so that a run that was cut off before Terraform " +
        "could write its state is finished by the next one, in place of `exists already`. It must outlive the run, as the state does, and " +
        "may hold `${terraform.workspace}`. Holds no secrets. Default: MAAS_JOURNAL; without either there is no journal.",
    },
  ],
};

function attributeOf(field: Field): Attribute {
  const { name, type, doc, presence } = field;
  return {
    name,
    type,
    doc,
    ...(presence === "required" && { required: true }),
    ...(presence === "optional" && { optional: true }),
    ...(isFilledIn(field) && { computed: true }),
  };
}

const idOf = (kind: Kind): Attribute => ({ name: "id", type: "string", computed: true, doc: `Id: ${kind.id.words}.` });

/** The settings of a resource, in words for its kind. */
const SETTINGS: Readonly<Record<string, (kind: Kind) => string>> = {
  adopt_existing: ({ title }) =>
    `Take over ${withArticle(title)} that is there already in place of refusing to. On destroy, what it had before is restored. Default: false.`,
  force_destroy: ({ title }) =>
    `Let a destroy delete what MAAS deletes along with ${withThe(title)} and what is not in this state, such as addresses of machines; else it is refused. ` +
    "What counts is the value in the state: set it, apply, then destroy. Default: false.",
};

/** The block of a kind's resource. */
export function resourceBlock(kind: Kind): Block {
  const settings = settingsOf(kind).map((name): Attribute => ({
    name,
    type: "bool",
    optional: true,
    doc: SETTINGS[name]?.(kind) ?? "",
  }));
  return { doc: kind.doc, attributes: [idOf(kind), ...kind.fields.map(attributeOf), ...settings] };
}

/** The block of a kind's data source, which finds an object by the attributes in `key`. */
export function dataSourceBlock(kind: Kind, key: readonly string[]): Block {
  const attributes = kind.fields
    .filter((field) => field.jsonPath !== undefined)
    .map(({ name, type, doc }): Attribute => ({
      name,
      type,
      doc,
      ...(key.includes(name) ? { required: true } : { computed: true }),
    }));
  return { doc: `Looks up ${withArticle(kind.title)} by ${kind.key.words}.`, attributes: [idOf(kind), ...attributes] };
}

/** The type of a block's value. */
export function typeOf(block: Block): TypeExpression {
  return ["object", Object.fromEntries(block.attributes.map(({ name, type }) => [name, type]))];
}

const encoder = new TextEncoder();

/** The block as Terraform wants it. */
export function schemaOf(block: Block): MessageInitShape<typeof SchemaSchema> {
  const attributes = block.attributes.map(
    ({ type, doc, ...flags }): MessageInitShape<typeof Schema_AttributeSchema> => ({
      ...flags,
      type: encoder.encode(JSON.stringify(type)),
      description: doc,
      descriptionKind: StringKind.MARKDOWN,
    }),
  );
  return { version: 0n, block: { attributes, description: block.doc, descriptionKind: StringKind.MARKDOWN } };
}
