import { checkIpRange } from "../checks/ip-range";
import { text } from "../facts";
import { defineKind, type FieldDefinition, NUMBER } from "../kind";
import type { Known } from "../known";
import { textOf } from "../text";

/** `static` is the wish of a StaticRange: MAAS has no object for it. */
export type RangeType = "dynamic" | "reserved" | "static";

const SOURCE = "MAAS models/iprange.py, forms/iprange.py, 3.6.4; live 3.4.10 and 3.6.5";

const end = (doc: string) =>
  ({
    type: "string",
    presence: "required",
    formField: true,
    jsonPath: true,
    format: "ip",
    doc,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

export const ipRange = defineKind({
  name: "ip_range",
  type: "maas_subnet_ip_range",
  title: "IP range",
  titleOf: ({ type }) => `${textOf(type)} range`,
  construct: {
    words: ({ type, start_ip: start }, of) => ({ words: [...of("subnet"), textOf(type)], apart: textOf(start) }),
    className: ({ type }) => (type === "dynamic" ? "DynamicRange" : "ReservedRange"),
    name: "IpRange",
    classes: ["DynamicRange", "ReservedRange"],
    extended: true,
    reference: "DynamicRange",
    example: (ends) => {
      const [start = "", end = ""] = ends.split("-");
      return `new DynamicRange(this, "pool", { subnet, startIp: "${start}", endIp: "${end}", adoptExisting: true })`;
    },
    adopt: "Take over a range with these ends if the subnet has one.",
    properties: {
      subnet: { doc: "The subnet that the range is of." },
      type: { implied: true },
      comment: { default: "- none" },
    },
  },
  doc: "A range of addresses of a subnet: `dynamic` for DHCP, or `reserved`.",
  lifecycle: "created",
  key: {
    forms: ["{start_ip}-{end_ip} in {subnet}"],
    shortForm: "{start_ip}-{end_ip}",
    patterns: { start_ip: String.raw`[^-\s]+`, end_ip: String.raw`[^-\s]+`, subnet: String.raw`\S+` },
    words: "START-END, both addresses",
    examples: ["10.20.0.100-10.20.0.199", "2001:db8:20:0:2::-2001:db8:20:0:2::ffff"],
  },
  // A dynamic range may cover the reserved one that it lies in, on an unmanaged subnet.
  sharesKey: true,
  id: { words: "the range's id", form: NUMBER },
  api: { collection: "ipranges", create: "ipranges/", repeats: ["subnets"], strategy: true },
  adoptable: true,
  takesAddresses: true,
  document: {
    key: {
      words: "START-END in SUBNET, with the subnet's CIDR",
      examples: ["10.20.0.100-10.20.0.199 in 10.20.0.0/24"],
    },
    overrides: {
      type: {
        oneOf: ["dynamic", "reserved", "static"],
        doc: "`dynamic`: DHCP hands the addresses out. `reserved`: MAAS does not. `static`: deployed machines get them; MAAS has no object for it.",
      },
    },
  },
  check: ({ start_ip, end_ip, type }) => checkIpRange(start_ip, end_ip, type),
  facts: ({ attributes: { subnet, type, start_ip, end_ip } }) => ({
    ...{ subnet: text(subnet), type: text(type) as Known<RangeType> },
    ...{ startIp: text(start_ip), endIp: text(end_ip) },
  }),
  example: { comment: "DHCP of the lab" },
  fields: {
    subnet: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      formField: true,
      jsonPath: "subnet.id",
      references: "subnet",
      deletedAlong: true,
      doc: "The subnet: its id or its CIDR.",
      source: SOURCE,
    },
    type: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      formField: true,
      jsonPath: true,
      oneOf: ["dynamic", "reserved"],
      doc: "`dynamic`: DHCP hands the addresses out. `reserved`: on a managed subnet MAAS never assigns them by itself; on an unmanaged one it assigns only them.",
      source: SOURCE,
    },
    start_ip: end("First address."),
    end_ip: end("Last address, included."),
    comment: {
      type: "string",
      presence: "optional",
      formField: true,
      jsonPath: true,
      doc: "Free text. MAAS can change it but not empty it.",
      source: SOURCE,
    },
  },
});
