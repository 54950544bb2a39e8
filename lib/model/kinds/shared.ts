import type { Pattern } from "../field";
import { Cidr } from "../cidr";
import {
  ADDRESS,
  FLAG,
  listOf,
  type Members,
  NETWORK,
  objectOf,
  objectsOf,
  oneOf,
  optional,
  TEXT,
  WHOLE_NUMBER,
} from "../json-member";
import type { FieldDefinition } from "../kind";
import type { Value } from "../known";
import { textOf } from "../text";

// MAAS's rules are patterns of Python, whose \w is every letter and number of Unicode, and _. Combining marks are neither.

/** MAAS's own rule for the names of fabrics and spaces. */
export const plainName: Pattern = {
  regex: /^[\p{L}\p{N}_-]+$/u,
  inAscii: String.raw`^[^\x00-,./:-@\[-^\x60{-\x7f]+$`,
  words: "letters, digits, _ and - only",
};

/** MAAS's own rule for the names of VLANs and class types. */
export const spacedName: Pattern = {
  regex: /^[\p{L}\p{N}_][ \p{L}\p{N}_-]*$/u,
  inAscii: String.raw`^[^\x00-/:-@\[-^\x60{-\x7f][^\x00-\x1f!-,./:-@\[-^\x60{-\x7f]*$`,
  words: "letters, digits, _, - and blanks, not starting with - or a blank",
};

/** MAAS's own rule for the names of subnets. */
export const subnetName: Pattern = {
  regex: /^[.: \p{L}\p{N}_/-]+$/u,
  inAscii: String.raw`^[^\x00-\x1f!-,;-@\[-^\x60{-\x7f]+$`,
  words: "letters, digits, blanks and . : _ / - only",
};

/** MAAS's own rule for the names of interfaces, with the length that Linux allows. */
export const interfaceName: Pattern = {
  regex: /^[\p{L}\p{N}_.:-]{1,15}$/u,
  inAscii: String.raw`^[^\x00-,/;-@\[-^\x60{-\x7f]{1,15}$`,
  words: "1 to 15 letters, digits, _ - . and :",
};

/** A description that MAAS keeps but v2 never returns, so that drift in it can't be seen. */
export const hiddenDescription = (source: string) =>
  ({
    type: "string",
    presence: "optional",
    clearable: true,
    formField: true,
    doc: "Free text. MAAS stores it but its API never returns it, so a change made outside is not noticed.",
    source,
  }) as const satisfies FieldDefinition;

export const description = (source: string) =>
  ({
    type: "string",
    presence: "optional",
    clearable: true,
    formField: true,
    jsonPath: true,
    doc: "Free text.",
    source,
  }) as const satisfies FieldDefinition;

/**
 * The fabric of the VLAN that the field `vlan` refers to, as canonical/maas has it beside that field.
 *
 * @param within where MAAS's row has its VLAN: `vlan.`; empty where the row is the VLAN
 */
export const fabricOfVlan = (within: "" | "vlan.", source: string) =>
  ({
    type: "string",
    presence: "optional",
    jsonPath: `${within}fabric_id`,
    jsonKey: `${within}fabric`,
    references: "fabric",
    completes: "vlan",
    follows: ["vlan", "vlan.fabric"],
    doc:
      "As canonical/maas has it: the fabric of the VLAN, by id or name. A number from 0 to 4094 in `vlan` is then a VID of that fabric. " +
      "Better leave it out: `vlan` alone says which VLAN is meant.",
    source,
  }) as const satisfies FieldDefinition;

/** `v4` or `v6`, of a network. */
export const familyWord = (cidr: Value | undefined): string => `v${Cidr.parse(textOf(cidr)).family}`;

/** The VLAN that an interface is on, if any, as its row holds it. */
const HELD_VLAN = optional(objectOf({ id: WHOLE_NUMBER, vid: WHOLE_NUMBER, fabric: TEXT, fabric_id: WHOLE_NUMBER }));

const LINK: Members = {
  id: WHOLE_NUMBER,
  mode: oneOf(["auto", "dhcp", "static", "link_up"]),
  ip_address: optional(ADDRESS),
  subnet: optional(objectOf({ id: WHOLE_NUMBER, cidr: NETWORK })),
};

/** What is read of an interface of any node. */
export const INTERFACE_ROW: Members = {
  ...{ id: WHOLE_NUMBER, name: TEXT, type: optional(TEXT), mac_address: optional(TEXT), vlan: HELD_VLAN },
  ...{ tags: optional(listOf(TEXT)), parents: optional(listOf(TEXT)) },
  ...{ effective_mtu: optional(WHOLE_NUMBER), link_connected: optional(FLAG) },
  links: objectsOf(objectOf(LINK)),
  // What was seen on the wire and is not configured.
  discovered: optional(
    listOf(objectOf({ ip_address: optional(ADDRESS), subnet: optional(objectOf({ id: WHOLE_NUMBER })) })),
  ),
};
