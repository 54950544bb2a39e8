import { DOCUMENT_KINDS, type DocumentKindName } from "./document/kinds";
import { canonical } from "./spelling";
import { type Attributes, isKnown, type Known, type Value } from "./known";

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
  /** By the names of the field table. What the user is silent about is not there; what is not known yet is `UNKNOWN`. */
  readonly attributes: Attributes;
  /**
   * Attributes that are left as they are once the object is there, whatever else the document says of them: Terraform's
   * `ignore_changes`. Absent = none.
   */
  readonly ignoreChanges?: readonly string[];
  /** Only in a record of a run: MAAS's id, by which the object is known when somebody has renamed it. */
  readonly id?: string;
  /** Only in a record of a run: the attributes of an adopted object before it was adopted, which it gets back. */
  readonly original?: Attributes;
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

interface Written {
  readonly json: object;
  readonly unknown: readonly string[];
}

/** The attributes with their fields, in the order of the table. */
const inOrder = (kind: DocumentKindName, attributes: Attributes) =>
  DOCUMENT_KINDS[kind].fields
    .map((field) => [field, attributes[field.name] ?? null] as const)
    .filter(([, value]) => value !== null);

const writeAttributes = (given: ReturnType<typeof inOrder>): object =>
  Object.fromEntries(given.map(([field, value]) => [field.name, canonical(field, value)]));

function writeObject(
  kind: DocumentKindName,
  { key, path, origin, id, attributes, ignoreChanges, original }: DocumentObject,
): Written {
  const given = inOrder(kind, attributes);
  return {
    json: {
      ...{ key, path, origin, ...(id !== undefined && { id }) },
      attributes: writeAttributes(given.filter(([, value]) => isWhollyKnown(value))),
      ...(ignoreChanges && { ignore_changes: [...ignoreChanges].sort() }),
      ...(original && { original: writeAttributes(inOrder(kind, original)) }),
    },
    unknown: given.filter(([, value]) => !isWhollyKnown(value)).map(([field]) => field.name),
  };
}

/**
 * The document as text. The same objects give the same bytes, whatever order they come in: kinds and attributes in the
 * order of the tables, objects by key, addresses as MAAS prints them. Attributes that no table names are not written.
 */
export function documentText({ apiUrl, objects, suppressions }: NetworkDocument): string {
  const unknown = apiUrl === undefined || isKnown(apiUrl) ? [] : ["/api_url"];
  const sections = DOCUMENT_ORDER.map((kind) => {
    const sorted = [...(objects[kind] ?? [])].sort((a, b) => compare(a.key, b.key) || compare(a.path, b.path));
    const written = sorted.map((object) => writeObject(kind, object));
    for (const [index, { unknown: names }] of written.entries())
      unknown.push(...names.map((name) => `/objects/${kind}/${index}/attributes/${name}`));
    return [kind, written.map(({ json }) => json)] as const;
  });
  const document = {
    format: "maas-network",
    version: 1,
    ...(apiUrl !== undefined && isKnown(apiUrl) && { api_url: apiUrl }),
    objects: Object.fromEntries(sections.filter(([, list]) => list.length > 0)),
    suppressions: suppressions
      .map(({ id, where, reason, until }) => ({ id, where, reason, ...(until !== undefined && { until }) }))
      .sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b))),
    unknown,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
