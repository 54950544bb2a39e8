import { ADVERTISEMENT } from "../advertisement";
import * as facts from "../facts";
import type { Judged } from "../facts";
import type { Field, KindName } from "../field";
import { fieldsOf, type Kind, type NaturalKey } from "../kind";
import { KINDS } from "../kinds";
import { isKnown, UNKNOWN } from "../known";
import { keyProblem } from "../natural-key";
import { fault, type Problem } from "../problem";
import { withArticle } from "../text";
import type { DocumentObject, NetworkDocument } from "../document";
import { problemAt, quoted } from "./error";

/** What is wrong with an object's key in view of its attributes; `pointer` is the object's. */
export function keyProblems(
  pointer: string,
  name: DocumentKindName,
  key: string,
  attributes: DocumentObject["attributes"],
): Problem[] {
  const problem = keyProblem(name, key, attributes);
  if (problem === undefined) return [];
  const { title, key: form } = DOCUMENT_KINDS[name];
  const [instead] = problem.instead;
  const [what, fix] =
    instead === undefined
      ? [
          `"${key}" is not the key of ${withArticle(title)}`,
          `Write ${form.words}, such as "${form.examples[0] ?? ""}".`,
        ]
      : [
          `the key "${key}" contradicts the attributes, which make "${instead}"`,
          `Write "key": "${instead}", or change the attributes.`,
        ];
  return [problemAt(`${pointer}/key`, fault("MAAS-DOC-05", undefined, { what, fix }))];
}

/**
 * The same for objects whose key is the path of their construct. Only an object of which an attribute is not known yet
 * goes by its path, and one that refers to such an object; of any other the key would never be found in the region.
 */
export function pathKeyProblems(sections: NetworkDocument["objects"]): Problem[] {
  const find = (name: DocumentKindName, key: unknown): DocumentObject | undefined =>
    (sections[name] ?? []).find((object) => object.key === key);
  const goesByPath = (name: DocumentKindName, object: DocumentObject, seen: readonly DocumentObject[] = []): boolean =>
    DOCUMENT_KINDS[name].fields.some(({ name: attribute, references }) => {
      const value = object.attributes[attribute];
      if (value !== undefined && !isKnown(value)) return true;
      const owner = references && find(references, value);
      if (references === undefined || owner === undefined || seen.includes(owner)) return false;
      return owner.key === owner.path && goesByPath(references, owner, [...seen, owner]);
    });
  const names = Object.keys(sections) as DocumentKindName[];
  return names.flatMap((name) =>
    (sections[name] ?? []).flatMap((object, index) =>
      object.origin === "look_up" || object.key !== object.path || goesByPath(name, object)
        ? []
        : keyProblems(`/objects/${name}/${index}`, name, object.key, object.attributes),
    ),
  );
}

/** The kinds of object that a document has: MAAS's, and the router advertisements that MAAS has no object for. */
export type DocumentKindName = KindName | "router_advertisement";

/** What a document says of one kind. */
export interface DocumentKind {
  readonly title: string;
  /** The natural key, in the words of a document. */
  readonly key: NaturalKey;
  readonly fields: readonly Field[];
  /** MAAS's kind, with the document's fields; absent where MAAS has none. */
  readonly kind?: Kind;
  /** What rules read of an object of a kind that MAAS does not have. */
  facts?(this: void, object: Judged): object;
}

/** Whether the attribute is about the network, and not about the order in which Terraform works. */
const isState = ({ presence, formField, jsonPath }: Field): boolean =>
  presence !== "computed" && (formField !== undefined || jsonPath !== undefined);

function documentKind(kind: Kind): DocumentKind {
  const { title, key, document: { fields: own = {}, overrides = {}, key: words } = {} } = kind;
  const shared = kind.fields
    .map((field): Field => ({ ...field, ...(overrides[field.name] as object) }))
    .filter(isState);
  const fields = [...shared, ...fieldsOf(own)];
  return { title, key: { ...key, ...words }, fields, kind: { ...kind, fields } };
}

const routerAdvertisement: DocumentKind = {
  title: "router advertisement",
  key: {
    forms: ["{router} on {subnet}"],
    patterns: { subnet: String.raw`\S+` },
    words: "ROUTER on SUBNET, with the subnet's CIDR",
    examples: ["core-1 on 2001:db8:20::/64"],
  },
  facts: ({ attributes }) => ({
    subnet: facts.text(attributes.subnet),
    autonomous: facts.flag(attributes.autonomous_addresses, UNKNOWN),
    otherConfig: facts.flag(attributes.other_config_from_dhcp, UNKNOWN),
    managedAddress: facts.flag(attributes.addresses_from_dhcp, UNKNOWN),
  }),
  fields: fieldsOf(ADVERTISEMENT),
};

const MAAS_KINDS = Object.fromEntries(
  Object.values<Kind>(KINDS).map((kind) => [kind.name, documentKind(kind)]),
) as Record<KindName, DocumentKind>;

/** Every kind, by name, in the order of a document. */
export const DOCUMENT_KINDS: Readonly<Record<DocumentKindName, DocumentKind>> = {
  ...MAAS_KINDS,
  router_advertisement: routerAdvertisement,
};

/** MAAS's ids of most objects are numbers. */
const isNumbered = ({ kind }: DocumentKind): boolean => kind === undefined || kind.id.form.test("7");

/** Whether an object of the kind can have that id, and the path of a call that id in it. */
function isId(kind: DocumentKind, id: unknown): boolean {
  if (typeof id !== "string" || id.split("/").some((part) => /^(\.{0,2}|.*[\s?#].*)$/s.test(part))) return false;
  return kind.kind === undefined || kind.kind.id.form.test(id);
}

/** What is wrong with the id that a document gives an object; `pointer` is the object's. */
export function idProblems(pointer: string, kind: DocumentKind, id: unknown): Problem[] {
  if (id === undefined || isId(kind, id)) return [];
  const fix = `Write ${isNumbered(kind) ? 'it as "7"' : (kind.kind?.id.words ?? "")}.`;
  return [problemAt(`${pointer}/id`, fault("MAAS-DOC-03", undefined, { what: `${quoted(id)} is no id`, fix }))];
}
