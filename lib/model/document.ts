import { DOCUMENT_KINDS, type DocumentKindName } from "./document/kinds";
import type { FieldType } from "./field";
import {
  attributeEntries,
  type AttributeName,
  type Attributes,
  isKnown,
  type Known,
  UNKNOWN,
  type Value,
} from "./known";
import type { InterfaceLink } from "./network/objects";
import { canonical } from "./spelling";

/** An object as JSON has it. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a JSON value is of the type. */
export function fits(type: FieldType, value: unknown): boolean {
  if (type === "string") return typeof value === "string";
  if (type === "number") return typeof value === "number";
  if (type === "bool") return typeof value === "boolean";
  if (type[0] === "object") {
    const [, members] = type;
    return (
      isObject(value) &&
      Object.keys(value).every((name) => Object.keys(members).includes(name)) &&
      Object.entries(members).every(([name, inner]) => fits(inner, value[name]))
    );
  }
  return Array.isArray(value) && value.every((item) => fits(type[1], item));
}

const WORDS: Readonly<Record<string, string>> = { string: "a text", number: "a number", bool: "true or false" };

/** The type in words: `a list, each item a text`. */
export function wordsOf(type: FieldType): string {
  if (typeof type === "string") return WORDS[type] ?? type;
  if (type[0] !== "object") return `a list, each item ${wordsOf(type[1])}`;
  const members = Object.entries(type[1]).map(([name, inner]) => `${name}: ${wordsOf(inner)}`);
  return `an object of ${members.join(", ")}`;
}

/** Name of the file that a stack's desired state is written to. */
export const DOCUMENT_FILE = "maas-network.json";

/** Who makes the object: `create` = this stack; `adopt` = this stack, or it is there; `look_up` = somebody else. */
export type Origin = "create" | "adopt" | "look_up";

/** One object of the desired state. */
export interface DocumentObject {
  /** Its natural key; the construct's path where a token is part of that. References hold it. */
  readonly key: string;
  /** Where the user said it: a construct's path, or what a person calls it. */
  readonly path: string;
  readonly origin: Origin;
  /** By the names of the field table. What is not set is not there; what is not known yet is `UNKNOWN`. */
  readonly attributes: Attributes;
  /**
   * Attributes that are left as they are once the object is there, whatever else the document says of them: Terraform's
   * `ignore_changes`. Absent = none.
   */
  readonly ignoreChanges?: readonly AttributeName[];
  /** Only in a record of a run: MAAS's id, by which the object is known when somebody has renamed it. */
  readonly id?: string;
  /** Only in a record of a run: the attributes of an adopted object before it was adopted, which it gets back. */
  readonly original?: Attributes;
  /** Only in a record of a run that has not ended: the attributes that it was to set, where others than the recorded ones. */
  readonly planned?: Attributes;
  /** Only of an interface on a live region, and never written: what the node reports of its addresses. */
  readonly links?: Known<readonly InterfaceLink[]>;
}

/** A rule that the user lets be broken somewhere, and why. */
export interface DocumentSuppression {
  readonly id: string;
  readonly reason: string;
  readonly where: string;
  readonly until?: string;
}

/**
 * The desired state of one region, as one stack wants it: what `maas-network.json` says.
 *
 * Shape: plain data without secrets. Objects refer to each other by key.
 */
export interface NetworkDocument {
  /** URL of the region's API; absent = from the environment. */
  readonly apiUrl?: Known<string>;
  readonly objects: Readonly<Partial<Record<DocumentKindName, readonly DocumentObject[]>>>;
  readonly suppressions: readonly DocumentSuppression[];
}

/** The kinds in the order of a document: what is referred to comes first. */
export const DOCUMENT_ORDER = Object.keys(DOCUMENT_KINDS) as DocumentKindName[];

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isWhollyKnown(value: Known<Value>): boolean {
  if (!isKnown(value)) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  return typeof value !== "object" || value === null || Object.values(value).every(isWhollyKnown);
}

/** The attributes that the kind's table names, in its order and in MAAS's spelling. A value that is not wholly known is `UNKNOWN`. */
function canonicalAttributes(kind: DocumentKindName, attributes: Attributes): Attributes {
  const given = DOCUMENT_KINDS[kind].fields
    .map((field) => [field, attributes[field.name] ?? null] as const)
    .filter(([, value]) => value !== null);
  return Object.fromEntries(
    given.map(([field, value]) => [field.name, isWhollyKnown(value) ? canonical(field, value) : UNKNOWN]),
  );
}

const known = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => isKnown(value)));

function canonicalObject(
  kind: DocumentKindName,
  { key, path, origin, id, attributes, ignoreChanges = [], original, planned }: DocumentObject,
): DocumentObject {
  return {
    ...{ key, path, origin, ...(id !== undefined && { id }) },
    attributes: canonicalAttributes(kind, attributes),
    ...(ignoreChanges.length > 0 && { ignoreChanges: [...ignoreChanges].sort() }),
    ...(original && { original: known(canonicalAttributes(kind, original)) }),
    ...(planned && { planned: known(canonicalAttributes(kind, planned)) }),
  };
}

/**
 * The document in the form that {@link documentText} writes, so that reading the text gives the same: kinds and attributes
 * in the order of the tables, objects by key, addresses as MAAS prints them, without attributes that no table names.
 */
export function canonicalDocument({ objects, suppressions, ...document }: NetworkDocument): NetworkDocument {
  const sections = DOCUMENT_ORDER.map((kind) => {
    const sorted = [...(objects[kind] ?? [])].sort((a, b) => compare(a.key, b.key) || compare(a.path, b.path));
    return [kind, sorted.map((object) => canonicalObject(kind, object))] as const;
  });
  return {
    ...document,
    objects: Object.fromEntries(sections.filter(([, list]) => list.length > 0)),
    suppressions: suppressions
      .map(({ id, where, reason, until }) => ({ id, where, reason, ...(until !== undefined && { until }) }))
      .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
  };
}

const objectJson = ({ attributes, ignoreChanges, original, planned, ...object }: DocumentObject): object => ({
  ...object,
  attributes: known(attributes),
  ...(ignoreChanges && { ignore_changes: ignoreChanges }),
  ...(original && { original }),
  ...(planned && { planned }),
});

/** The document as text. The same objects give the same bytes, whatever order they come in: those of {@link canonicalDocument}. */
export function documentText(document: NetworkDocument): string {
  const { apiUrl, objects, suppressions } = canonicalDocument(document);
  const sections = Object.entries(objects) as [DocumentKindName, readonly DocumentObject[]][];
  const unknown = sections.flatMap(([kind, list]) =>
    list.flatMap(({ attributes }, index) =>
      attributeEntries(attributes)
        .filter(([, value]) => !isKnown(value))
        .map(([name]) => `/objects/${kind}/${index}/attributes/${name}`),
    ),
  );
  const json = {
    format: "maas-network",
    version: 1,
    ...(apiUrl !== undefined && isKnown(apiUrl) && { api_url: apiUrl }),
    objects: Object.fromEntries(sections.map(([kind, list]) => [kind, list.map(objectJson)])),
    suppressions,
    unknown: [...(apiUrl === undefined || isKnown(apiUrl) ? [] : ["/api_url"]), ...unknown],
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
