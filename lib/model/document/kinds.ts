import type { Field, Kind, KindName } from "../field";
import { findField, KINDS } from "../kinds";

/** The kinds of object that a document has: MAAS's, and the router advertisements that MAAS has no object for. */
export type DocumentKindName = KindName | "router_advertisement";

/** What a document says of one kind. */
export interface DocumentKind {
  readonly title: string;
  /** The natural key in words. */
  readonly key: { readonly words: string; readonly examples: readonly string[] };
  readonly fields: readonly Field[];
  /** MAAS's kind, with the document's fields; absent where MAAS has none. */
  readonly kind?: Kind;
}

const flag = (name: string, doc: string): Field => ({ name, type: "bool", presence: "optional", doc });

/** Fields that only the document has, or has in another form; the others are those of the kind. */
const OWN: Readonly<Partial<Record<KindName, readonly Field[]>>> = {
  vlan: [{ ...findField(KINDS.vlan, "space"), refers: "space" }],
  subnet: [
    {
      name: "family",
      type: "number",
      presence: "optional",
      among: [4, 6],
      doc: "The address family, where the CIDR is not known yet.",
    },
  ],
  ip_range: [
    {
      ...findField(KINDS.ip_range, "type"),
      among: ["dynamic", "reserved", "static"],
      doc: "`dynamic`: DHCP hands the addresses out. `reserved`: MAAS does not. `static`: deployed machines get them; MAAS has no object for it.",
    },
  ],
  rack_controller: [
    {
      name: "region_url",
      type: "string",
      presence: "optional",
      doc: "The region's URL as the rack reaches it. MAAS does not tell; the rules about URLs read it.",
    },
  ],
};

/** Whether the attribute is about the network, and not about the order in which Terraform works. */
const isState = ({ presence, send, receive }: Field): boolean =>
  presence !== "computed" && (send !== undefined || receive !== undefined);

function documentKind(kind: Kind, words: string, example?: string): DocumentKind {
  const own = OWN[kind.name] ?? [];
  const shared = kind.fields.filter(isState).map((field) => own.find(({ name }) => name === field.name) ?? field);
  const fields = [...shared, ...own.filter(({ name }) => !shared.some((field) => field.name === name))];
  const examples = example === undefined ? kind.key.examples : [example];
  return { title: kind.title, key: { words, examples }, fields, kind: { ...kind, fields } };
}

/** Every kind, by name, in the order of a document. */
export const DOCUMENT_KINDS: Readonly<Record<DocumentKindName, DocumentKind>> = {
  space: documentKind(KINDS.space, "its name"),
  fabric: documentKind(KINDS.fabric, "its name"),
  vlan: documentKind(KINDS.vlan, "FABRIC:VID", "lab:10"),
  subnet: documentKind(KINDS.subnet, "its CIDR"),
  ip_range: documentKind(
    KINDS.ip_range,
    "START-END in SUBNET, with the subnet's CIDR",
    "10.20.0.100-10.20.0.199 in 10.20.0.0/24",
  ),
  rack_controller: documentKind(KINDS.rack_controller, "its hostname"),
  rack_interface: documentKind(KINDS.rack_interface, "RACK/NAME"),
  vlan_dhcp: documentKind(KINDS.vlan_dhcp, "FABRIC:VID of the VLAN", "lab:10"),
  machine: documentKind(KINDS.machine, "its hostname"),
  network_interface_link: documentKind(
    KINDS.network_interface_link,
    "MACHINE/INTERFACE:SUBNET, or MACHINE/INTERFACE:ADDRESS",
  ),
  router_advertisement: {
    title: "router advertisement",
    key: { words: "ROUTER on SUBNET, with the subnet's CIDR", examples: ["core-1 on 2001:db8:20::/64"] },
    fields: [
      { name: "subnet", type: "string", presence: "required", refers: "subnet", doc: "The subnet: its key." },
      { name: "router", type: "string", presence: "required", doc: "Who sends them." },
      flag("autonomous_addresses", "The flag A: hosts make an address of their own from the prefix."),
      flag("other_config_from_dhcp", "The flag O: hosts ask a DHCPv6 server for configuration other than addresses."),
      flag("addresses_from_dhcp", "The flag M: hosts ask a DHCPv6 server for an address."),
    ],
  },
};
