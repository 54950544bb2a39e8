import type { AttributeName } from "../../lib/model/known";
import { withArticle, withThe } from "../../lib/model/text";
import { type Field, isFilledIn } from "../../lib/model/field";
import { type Kind, type RefusedBlock, reportedFields, settingsOf } from "../../lib/model/kind";
import {
  type DeepPartial,
  type Schema,
  type Schema_Attribute,
  type Schema_Block,
  Schema_NestedBlock_NestingMode,
  StringKind,
} from "./protocol/tfplugin6_pb";
import { DEFAULT_RETRY_TIMEOUT_S } from "../maas/retry";
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
  /** Nested blocks, sets of them, by name. */
  readonly blocks?: Readonly<Record<string, Block>>;
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
      doc: `Seconds for which calls are repeated while the region does not answer, or answers that it is busy. At most 604800, a week. Default: MAAS_RETRY_TIMEOUT, else ${DEFAULT_RETRY_TIMEOUT_S}, which is longer than a region takes that restarts for two minutes.`,
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
    {
      name: "skip_api_checks",
      type: "bool",
      optional: true,
      doc:
        "Plan new objects without asking the region, so that it need not be up: as canonical/maas has it. What a plan then can't know is found by the apply: " +
        "whether an object is there already, what references name, and what is in the way. Default: false.",
    },
    {
      name: "suppressed_rules",
      type: ["map", "string"],
      optional: true,
      doc:
        'Rules whose warnings plans leave out, with why each may be broken, in at least 10 characters: `{ MAAS6-RTR-01 = "the leaf pair sends the ' +
        'advertisements" }`. What MAAS itself refuses stays an error. In a CDKTF stack use `Suppressions`. Default: none.',
    },
    {
      name: "api_version",
      type: "string",
      optional: true,
      doc: "As canonical/maas has it, and without effect: this provider speaks the API 2.0. Better leave it out.",
    },
    {
      name: "installation_method",
      type: "string",
      optional: true,
      doc: "As canonical/maas has it, and without effect: this provider makes no difference between a snap and packages. Better leave it out.",
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

const idOf = (kind: Kind): Attribute => ({
  name: "id",
  type: "string",
  computed: true,
  doc: `Id: ${kind.id.words}.`,
});

/** The settings of a resource, in words for its kind. */
const SETTINGS: Readonly<Record<string, (kind: Kind) => string>> = {
  adopt_existing: ({ title }) =>
    `Take over ${withArticle(title)} that is there already in place of refusing to. On destroy, what it had before is restored. Default: false.`,
  force_destroy: ({ title }) =>
    `Let a destroy delete what MAAS deletes along with ${withThe(title)} and what is not in this state, such as addresses of machines; else it is refused. ` +
    "What counts is the value in the state: set it, apply, then destroy. Default: false.",
};

const refusedBlock = ({ doc, attributes }: RefusedBlock): Block => ({
  doc,
  attributes: Object.entries(attributes).map(([name, { type, required = false }]) => ({
    ...{ name, type, doc: "" },
    ...(required ? { required } : { optional: true }),
  })),
});

/** The block of a kind's resource. */
export function resourceBlock(kind: Kind): Block {
  const settings = settingsOf(kind).map((name): Attribute => ({
    name,
    type: "bool",
    optional: true,
    doc: SETTINGS[name]?.(kind) ?? "",
  }));
  const blocks = Object.entries(kind.terraform?.refusedBlocks ?? {}).map(([name, block]) => [
    name,
    refusedBlock(block),
  ]);
  return {
    doc: kind.doc,
    attributes: [idOf(kind), ...kind.fields.map(attributeOf), ...settings],
    ...(blocks.length > 0 && { blocks: Object.fromEntries(blocks) as Readonly<Record<string, Block>> }),
  };
}

/** By which attributes a data source finds its object. */
export interface LookupParts {
  readonly required: readonly AttributeName[];
  readonly optional: readonly AttributeName[];
  /** Other names of some of them, one of which is to be set. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The name of the id, which may be given in place of the others. */
  readonly idName?: string | undefined;
}

/** The block of a kind's data source, which finds an object by the attributes of its key. */
export function dataSourceBlock(kind: Kind, { required, optional, aliases, idName }: LookupParts): Block {
  const either = { optional: true, computed: true };
  const aliased = Object.values(aliases);
  const reported = reportedFields(kind);
  const use = (name: AttributeName): Partial<Attribute> => {
    const isOpen = aliased.includes(name) || optional.includes(name);
    if (isOpen || (idName !== undefined && required.includes(name))) return either;
    return required.includes(name) ? { required: true } : { computed: true };
  };
  const own = kind.fields
    .filter((field) => reported.includes(field) || [...required, ...optional].includes(field.name))
    .map(({ name, type, doc }): Attribute => ({ ...{ name, type, doc }, ...use(name) }));
  const others = Object.entries(aliases).map(([name, field]): Attribute => ({
    ...{ name, type: "string", doc: `As canonical/maas calls it: \`${field}\`, or the id of the ${kind.title}.` },
    ...either,
  }));
  const byId: Attribute[] =
    idName === undefined
      ? []
      : [{ name: idName, type: "string", doc: `Its id, in place of ${required.join(" and ")}.`, ...either }];
  const attributes = [...own, ...byId, ...others];
  return { doc: `Looks up ${withArticle(kind.title)} by ${kind.key.words}.`, attributes: [idOf(kind), ...attributes] };
}

/** The type of a block's value. */
export function typeOf({ attributes, blocks = {} }: Block): TypeExpression {
  const nested = Object.entries(blocks).map(([name, block]) => [name, ["set", typeOf(block)]] as const);
  return ["object", Object.fromEntries([...attributes.map(({ name, type }) => [name, type] as const), ...nested])];
}

const encoder = new TextEncoder();

function blockOf({ doc, attributes, blocks = {} }: Block): DeepPartial<Schema_Block> {
  const encoded = attributes.map(({ type, doc, ...flags }): DeepPartial<Schema_Attribute> => ({
    ...flags,
    type: encoder.encode(JSON.stringify(type)),
    description: doc,
    descriptionKind: StringKind.MARKDOWN,
  }));
  const nested = Object.entries(blocks).map(([typeName, block]) => ({
    ...{ typeName, block: blockOf(block) },
    nesting: Schema_NestedBlock_NestingMode.SET,
  }));
  return { attributes: encoded, blockTypes: nested, description: doc, descriptionKind: StringKind.MARKDOWN };
}

/** The block as Terraform wants it. */
export const schemaOf = (block: Block): DeepPartial<Schema> => ({
  version: 0n,
  block: blockOf(block),
});
