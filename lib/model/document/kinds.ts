import { ADVERTISEMENT } from "../advertisement";
import * as facts from "../facts";
import type { Judged } from "../facts";
import type { Field, KindName } from "../field";
import { fieldsOf, type Kind, type NaturalKey } from "../kind";
import { KINDS } from "../kinds";
import { UNKNOWN } from "../known";

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
