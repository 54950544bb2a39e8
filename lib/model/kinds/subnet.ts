import { checkSubnet } from "../checks/object";
import { Cidr } from "../cidr";
import { textOf } from "../text";
import { BOOT_ARCHITECTURES } from "../spelling";
import type { Values } from "../known";
import * as facts from "../facts";
import { defineKind, type FieldDefinition, NUMBER } from "../kind";
import { description, fabricOfVlan, familyWord, subnetName } from "./shared";

const SOURCE = "MAAS forms/subnet.py, models/subnet.py, 3.6.4; live 3.4.10 and 3.6.5";

const flag = (defaultValue: boolean, doc: string) =>
  ({
    type: "bool",
    presence: "optional",
    default: defaultValue,
    formField: true,
    jsonPath: true,
    doc: `${doc} Default: ${defaultValue}.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

export const subnet = defineKind({
  name: "subnet",
  type: "maas_subnet",
  title: "subnet",
  construct: {
    lookUp: "fromCidr",
    // Of one that is looked up, only the CIDR is known.
    words: ({ cidr, vlan }, of) =>
      vlan === undefined
        ? { words: [textOf(cidr)] }
        : { words: [...of("vlan"), familyWord(cidr)], apart: textOf(cidr) },
    className: ({ cidr }) => `Ipv${Cidr.parse(textOf(cidr)).family}Subnet`,
    name: "Subnet",
    classes: ["Ipv4Subnet", "Ipv6Subnet"],
    extended: true,
    reference: "ISubnet",
    example: (cidr) => `Ipv${cidr.includes(":") ? 6 : 4}Subnet.fromCidr(this, "subnet", "${cidr}")`,
    adopt: "Take over a subnet of that CIDR if the region has one.",
    properties: {
      cidr: {
        doc: "The network without host bits, such as `10.20.0.0/24` or `2001:db8:20::/64`. Another CIDR is another subnet.",
      },
      vlan: { doc: "The VLAN that the subnet is on." },
      name: { doc: "Name.", default: "- the CIDR" },
      gateway_ip: {
        doc: 'Address of the router: inside the CIDR, or link-local on an IPv6 subnet; `""` = none.',
        default: "- left as it is; a rack controller on the subnet may fill it in",
      },
      dns_servers: { doc: "Addresses of DNS servers, in order of preference, of the subnet's own family." },
      fabric_id: { doc: "Terraform's id of the fabric that the subnet's VLAN is in." },
      space: { doc: "Name of the space that the subnet's VLAN is in." },
    },
  },
  doc: "An IPv4 or IPv6 subnet on a VLAN.",
  lifecycle: "created",
  key: { forms: ["{cidr}"], words: "its CIDR", examples: ["10.20.0.0/24", "2001:db8:20::/64"] },
  id: { words: "the subnet's id", form: NUMBER },
  api: {
    collection: "subnets",
    // MAAS's URL pattern takes a CIDR only with a prefix length of two or three digits.
    byKey: { path: "subnets/cidr:{cidr}/", only: /\/\d{2,3}$/ },
    create: "subnets/",
    occupied: {
      refusal: /actively servicing a dynamic IP range/,
      fix: "Let the maas_subnet_ip_range refer to the id of the maas_subnet, and the maas_vlan_dhcp name the range in ip_ranges: Terraform then removes them first.",
    },
    repeated: ["disabled_boot_architectures"],
    repeats: ["vlans", "spaces"],
    strategy: true,
  },
  adoptable: true,
  takesAddresses: true,
  deletesOthers: true,
  document: {
    fields: {
      family: {
        type: "number",
        presence: "optional",
        oneOf: [4, 6],
        doc: "The address family, where the CIDR is not known yet.",
      },
    },
  },
  terraform: {
    overrides: {
      vlan: {
        presence: "optional",
        doc:
          "The VLAN: its database id, or FABRIC:VID. Where it is not set, a new subnet comes to the default VLAN of `fabric`, or else to MAAS's own " +
          "choice, and a subnet that is there stays where it is.",
      },
    },
    fields: {
      fabric: fabricOfVlan("vlan.", SOURCE),
    },
    refusedBlocks: {
      ip_ranges: {
        doc: "As canonical/maas has it, and refused here: ranges are resources of their own.",
        attributes: {
          type: { type: "string", required: true },
          start_ip: { type: "string", required: true },
          end_ip: { type: "string", required: true },
          comment: { type: "string" },
        },
        instead:
          "Each range is a resource of its own here, a maas_subnet_ip_range, which two hands can't take from each other.",
      },
    },
  },
  check: ({ cidr, gateway_ip, dns_servers }) => checkSubnet(cidr, gateway_ip, dns_servers),
  facts: ({ partial, attributes: { vlan, cidr, name, family, gateway_ip, dns_servers, managed } }) => ({
    ...{ vlan: facts.text(vlan), cidr: facts.text(cidr), name: facts.textOrNull(name), partial },
    ...((family === 4 || family === 6) && { stated: family }),
    gatewayIp: facts.textOrNull(gateway_ip),
    dnsServers: facts.texts(dns_servers),
    managed: facts.flag(managed, true),
  }),
  example: { name: "lab", gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2", "10.20.0.3"] },
  fields: {
    cidr: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      formField: true,
      jsonPath: true,
      format: "cidr",
      doc: "The network, without host bits. MAAS would change it in place without looking at the ranges inside, so another CIDR is another subnet.",
      source: SOURCE,
    },
    vlan: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: "vlan.id",
      references: "vlan",
      doc: "The VLAN: its database id, or FABRIC:VID.",
      source: SOURCE,
    },
    name: {
      type: "string",
      presence: "optional",
      formField: true,
      jsonPath: true,
      pattern: subnetName,
      isName: true,
      startsWith: ({ cidr }: Values) => cidr ?? null,
      doc: "Name. MAAS takes the CIDR when none is given.",
      source: SOURCE,
    },
    description: { ...description(SOURCE), default: "" },
    gateway_ip: {
      type: "string",
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      format: "ip",
      doc: "Address of the router: inside the CIDR, or link-local on an IPv6 subnet; empty text for none. When it is not given, a rack controller on the subnet may fill it in.",
      source: SOURCE,
    },
    dns_servers: {
      type: ["list", "string"],
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      format: "ip",
      doc: "Addresses of DNS servers, in order of preference.",
      source: SOURCE,
    },
    rdns_mode: {
      type: "number",
      presence: "optional",
      default: 2,
      formField: true,
      jsonPath: true,
      oneOf: [0, 1, 2],
      doc: "Reverse DNS: 0 = none, 1 = on, 2 = on, with RFC 2317 delegation. Default: 2.",
      source: SOURCE,
    },
    allow_dns: flag(true, "Whether machines of the subnet may ask MAAS's DNS."),
    allow_proxy: flag(true, "Whether machines of the subnet may use MAAS's proxy."),
    active_discovery: flag(false, "Whether MAAS scans the subnet for neighbours."),
    managed: flag(
      true,
      "Whether MAAS manages the subnet's addresses. `false` reverses the meaning of reserved ranges: MAAS then assigns only from them.",
    ),
    disabled_boot_architectures: {
      type: ["set", "string"],
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      format: "boot-architecture",
      doc: `Boot architectures that DHCP does not offer here, by MAAS's names: ${BOOT_ARCHITECTURES.map((name) => `\`${name}\``).join(", ")}.`,
      source: `${SOURCE}; from 3.0`,
    },
    fabric_id: {
      type: "string",
      presence: "computed",
      jsonPath: "vlan.fabric_id",
      follows: ["vlan", "vlan.fabric"],
      instead: (fabric: string) =>
        `A subnet is in the fabric of its VLAN: set vlan to the id of a maas_vlan of fabric ${fabric}, or to FABRIC:VID as in vlan = "${fabric}:0".`,
      doc: "Id of the fabric that the subnet's VLAN is in.",
      source: SOURCE,
    },
    vid: {
      type: "number",
      presence: "computed",
      jsonPath: "vlan.vid",
      follows: ["vlan", "vlan.vid"],
      instead: (vid: string) =>
        `A subnet has the VID of its VLAN: set vlan to the id of a maas_vlan with vid = ${vid}, or to FABRIC:VID as in vlan = "lab:${vid}".`,
      doc: "VID of the subnet's VLAN.",
      source: SOURCE,
    },
    space: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      absent: "undefined",
      follows: ["vlan", "vlan.space"],
      instead: (space: string) =>
        `A subnet is in the space of its VLAN: set space = "${space}" in the maas_vlan that vlan refers to.`,
      doc:
        "Name of the space that the subnet's VLAN is in. It follows the VLAN within one run where `vlan` refers to the `maas_vlan`; " +
        "where the VLAN is written as text, the next refresh finds it.",
      source: SOURCE,
    },
  },
});
