import { type DocumentObject, documentText, type NetworkDocument } from "../../../lib/model/document";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import type { Kind } from "../../../lib/model/kind";
import { isManaged, KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes, Value } from "../../../lib/model/known";
import { grouped } from "../../../lib/model/lists";
import { textOf } from "../../../lib/model/text";

/** An object of ours that an attribute refers to. */
export class Reference {
  /** @param of its kind and name; @param as the attribute that it is referred to by: its name, or whatever it is known by */
  constructor(
    readonly of: `${ManagedKindName}.${string}`,
    readonly as: "id" | "name" = "id",
  ) {}
}

/** One object of a network, in a form that gives a part of a document and a resource of Terraform. */
export interface Item {
  readonly kind: ManagedKindName;
  /** What it is called in the configuration. An object that has another name in another version is another object. */
  readonly name: string;
  /** Its natural key. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, Value | Reference>>;
  /** Whether it is there before, and somebody else's. */
  readonly isAdopted?: true;
  /** What has to be there first and is in no attribute, for Terraform. */
  readonly after?: readonly Reference["of"][];
}

/** What is looked up: its kind, key and attributes. */
export type LookUp = readonly [kind: DocumentKindName, key: string, attributes?: Attributes];

const MANAGED = Object.values<Kind>(KINDS).filter(isManaged);

/** The items, which have to be of every kind there is. */
export function ofEveryKind(items: readonly Item[]): readonly Item[] {
  const kinds = new Set(items.map(({ kind }) => kind));
  const missing = MANAGED.filter(({ name }) => !kinds.has(name)).map(({ title }) => title);
  if (missing.length > 0) throw new Error(`the network of the faults has no ${missing.join(", ")}`);
  return items;
}

const addressOf = ({ kind, name }: Item): Reference["of"] => `${kind}.${name}`;

/** Attributes with something in place of each reference. */
const resolved = ({ attributes }: Item, put: (reference: Reference) => string): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value instanceof Reference ? put(value) : value]),
  );

/** The items as a desired-state document. */
export function documentOf(items: readonly Item[], lookUps: readonly LookUp[]): string {
  const found = new Map(items.map((item) => [addressOf(item), item]));
  const nameOf = ({ of, as }: Reference): string => {
    const { key = of, attributes = {} } = found.get(of) ?? {};
    return as === "name" ? textOf(attributes.name) : key;
  };
  const all = [
    ...lookUps.map(([kind, key, attributes = {}]): [DocumentKindName, DocumentObject] => [
      kind,
      { key, path: key, origin: "look_up", attributes },
    ]),
    ...items.map((item): [DocumentKindName, DocumentObject] => [
      item.kind,
      {
        ...{ key: item.key, path: `lab/${item.kind}-${item.name}` },
        origin: item.isAdopted ? "adopt" : "create",
        attributes: resolved(item, nameOf),
      },
    ]),
  ];
  const objects: NetworkDocument["objects"] = Object.fromEntries(
    [...grouped(all, ([kind]) => kind)].map(([kind, entries]) => [kind, entries.map(([, object]) => object)]),
  );
  return documentText({ objects, suppressions: [] });
}

const terraformAddress = (of: Reference["of"]): string => {
  const [kind = "", name = ""] = of.split(".");
  return `${KINDS[kind as ManagedKindName].type}.${name}`;
};

/** The items as a Terraform configuration, without the provider's block. */
export function configurationOf(items: readonly Item[]): object {
  const resources = [...grouped(items, ({ kind }) => kind)].map(([kind, found]) => [
    KINDS[kind].type,
    Object.fromEntries(
      found.map((item) => [
        item.name,
        {
          ...resolved(item, ({ of, as }) => `\${${terraformAddress(of)}.${as}}`),
          ...(item.isAdopted && { adopt_existing: true }),
          ...(item.after !== undefined && { depends_on: item.after.map(terraformAddress) }),
        },
      ]),
    ),
  ]);
  return { resource: Object.fromEntries(resources) as object };
}
