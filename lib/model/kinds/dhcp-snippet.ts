import { checkDhcpSnippet } from "../checks/dhcp-snippet";
import { defineKind, type FieldDefinition, NUMBER } from "../kind";
import { objectOf, optional, TEXT, WHOLE_NUMBER } from "../json-member";
import { textOf } from "../text";
import { description } from "./shared";

const SOURCE =
  "MAAS api/dhcpsnippets.py, forms/dhcpsnippet.py, models/dhcpsnippet.py, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** What MAAS shows of the node of a snippet: neither its id nor its system id (live 3.6.5 and 3.7.3). */
const NODE = objectOf({
  hostname: TEXT,
  domain: optional(objectOf({ name: optional(TEXT) })),
  node_type: WHOLE_NUMBER,
});

/** @see MAAS enum.py NODE_TYPE (3.6.4); the others are controllers */
const MACHINE = 0;
const DEVICE = 1;

const fqdnOf = (hostname: unknown, domain: unknown): string => {
  const { name } = (domain ?? {}) as { readonly name?: unknown };
  return typeof name === "string" ? `${textOf(hostname)}.${name}` : textOf(hostname);
};

/** What a snippet is for. MAAS can move it, but leaves it as it is where it is to be for all again. */
const scope = (doc: string) =>
  ({
    type: "string",
    presence: "optional",
    default: null,
    requiresReplace: true,
    formField: true,
    doc,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

/** MAAS has one parameter for nodes of all kinds. */
const nodeScope = <Name extends "machine" | "device" | "rack_controller">(name: Name, doc: string) =>
  ({ ...scope(doc), formField: "node", jsonPath: `${name}.system_id`, references: name }) as const;

export const dhcpSnippet = defineKind({
  name: "dhcp_snippet",
  type: "maas_dhcp_snippet",
  title: "DHCP snippet",
  construct: {
    name: "DhcpSnippet",
    isWhole: true,
    reference: "DhcpSnippet",
    example: (name) =>
      `new DhcpSnippet(this, "snippet", { name: "${name}", value: "option ntp-servers 10.20.0.2;", adoptExisting: true })`,
    words: ({ name }) => ({ words: [textOf(name)] }),
    adopt: "Take over a snippet of this name if the region has one.",
    properties: {
      subnet: { doc: "The subnet that it is for.", default: "- all" },
      machine: { doc: "The machine that it is for.", default: "- all" },
      device: { doc: "The device that it is for.", default: "- all" },
      rack_controller: { name: "rack", doc: "The rack controller that it is for.", default: "- all" },
      description: { default: "- none" },
    },
  },
  doc:
    "Statements of dhcpd.conf that racks put into the configuration of their DHCP servers: for all, for a subnet, " +
    "or for one node, which is a machine, a device or a rack controller. MAAS stores them as they are, and DHCP of a rack stops where its dhcpd can't read one: so a snippet is parsed before " +
    "MAAS has it, by `dhcpd -t` of the machine that plans where it is installed (isc-dhcp-server), for IPv4 and IPv6, else for balance of " +
    "braces, quotes and semicolons. On MAAS before 3.6 a rack tries it first, and has to be connected.",
  lifecycle: "created",
  key: {
    forms: ["{name}"],
    words: "its name",
    examples: ["ntp"],
  },
  mayRepeat: true,
  id: { words: "the snippet's id", form: NUMBER },
  api: {
    collection: "dhcp-snippets",
    create: "dhcp-snippets/",
    repeats: ["subnets"],
    // A PUT without it leaves MAAS's number of the former text in its place (live 3.6.5 and 3.7.3).
    repeated: ["value"],
    held: {
      member: "node",
      name: ({ hostname, domain }) => fqdnOf(hostname, domain),
      in: ({ node_type: type }) =>
        type === MACHINE
          ? { collection: "machines", as: "machine" }
          : type === DEVICE
            ? { collection: "devices", as: "device" }
            : { collection: "rackcontrollers", as: "rack_controller" },
    },
    row: { node: optional(NODE) },
    isOptional: true,
    isCostly: true,
    strategy: true,
  },
  adoptable: true,
  picture: {
    on: ["subnet", "rack_controller"],
    beside: "DHCP snippets",
    line: (said) =>
      [
        "DHCP snippet",
        said("name"),
        ...[said("machine"), said("device")].filter(Boolean).map((node) => `for ${node}`),
      ].join(" "),
  },
  example: { value: "option ntp-servers 10.20.0.2;", subnet: "10.20.0.0/24" },
  check: checkDhcpSnippet,
  fields: {
    name: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: true,
      doc: "Name of the snippet. MAAS takes several of one name; here each has its own.",
      source: SOURCE,
    },
    value: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: true,
      doc: "Its statements, as in dhcpd.conf.",
      source: SOURCE,
    },
    description: description(SOURCE),
    enabled: {
      type: "bool",
      presence: "optional",
      default: true,
      formField: true,
      jsonPath: true,
      doc: "Whether racks use it. Default: true.",
      source: SOURCE,
    },
    subnet: {
      ...scope("The subnet that it is for: its id or its CIDR. Default: all."),
      jsonPath: "subnet.id",
      references: "subnet",
      deletedAlong: true,
    },
    machine: nodeScope("machine", "The machine that it is for: its system id, its hostname or its FQDN. Default: all."),
    device: {
      ...nodeScope("device", "The device that it is for: its system id, its hostname or its FQDN. Default: all."),
      deletedAlong: true,
    },
    rack_controller: nodeScope(
      "rack_controller",
      "The rack controller that it is for: its system id, its hostname or its FQDN. Default: all.",
    ),
  },
});
