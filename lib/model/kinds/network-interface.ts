import type { PropertyView, Words } from "../construct-view";
import { defineKind, type FieldDefinition, type FieldDefinitions, NUMBER } from "../kind";
import type { Values } from "../known";
import { OWNER_KINDS } from "../owner";
import { textOf } from "../text";
import { machine, OWNER, OWNER_PATTERNS, OWNER_PROPERTIES, ownedForms, ownerWord, SOURCE } from "./interface-owner";
import { fabricOfVlan, interfaceName } from "./shared";

export const named = <const P extends "required" | "optional">(presence: P, doc: string) =>
  ({
    type: "string",
    presence,
    formField: true,
    jsonPath: true,
    pattern: interfaceName,
    doc: `${doc} It changes in place.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

export const onVlan = <const P extends "required" | "optional">(presence: P, doc: string) =>
  ({
    type: "string",
    presence,
    formField: true,
    jsonPath: "vlan.id",
    references: "vlan",
    doc: `${doc}: its database id, or FABRIC:VID. MAAS removes all links of an interface that gets another VLAN.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

export const macAddress = <const P extends "required" | "optional">(presence: P, doc: string) =>
  ({
    type: "string",
    presence,
    formField: true,
    jsonPath: true,
    format: "mac",
    doc,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

/** The one interface that a bridge or a VLAN interface is made over. */
export const parent = (doc: string) =>
  ({
    type: "string",
    presence: "required",
    formField: "parents",
    jsonPath: "parents.0",
    namesInterface: true,
    doc: `${doc}: its name, its id or its MAC address. It changes in place.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

/** What interfaces of all types have. */
export const COMMON = {
  mtu: {
    type: "number",
    presence: "optional",
    clearable: true,
    formField: true,
    jsonPath: "params.mtu",
    startsWith: () => null,
    min: 552,
    max: 65535,
    doc: "MTU of its own; MAAS raises that of interfaces under it, and lowers that of interfaces over it, to fit. Not set, the interface has that of its VLAN: `effective_mtu`.",
    source: SOURCE,
  },
  tags: {
    type: ["set", "string"],
    presence: "optional",
    formField: true,
    jsonPath: true,
    startsWith: () => [],
    doc: "All tags of the interface. Not set, they are left as they are.",
    source: SOURCE,
  },
  accept_ra: {
    type: "bool",
    presence: "optional",
    clearable: true,
    formField: true,
    jsonPath: "params.accept-ra",
    startsWith: () => null,
    doc: "Whether the interface accepts router advertisements (IPv6 only). Not set, the operating system decides.",
    source: SOURCE,
  },
  effective_mtu: {
    type: "number",
    presence: "computed",
    jsonPath: true,
    follows: ["mtu", "vlan"],
    instead: (value) => `Set mtu = ${value}.`,
    doc: "The MTU in effect: its own or that of its VLAN, and never less than that of an interface over it.",
    source: SOURCE,
  },
  link_connected: {
    type: "bool",
    presence: "computed",
    jsonPath: true,
    follows: [],
    instead: () => "A machine reports it when it is commissioned.",
    doc: "Whether MAAS has seen a connected cable. It finds that out of physical interfaces alone.",
    source: SOURCE,
  },
} as const satisfies FieldDefinitions;

/** How constructs show an interface: each of them can be linked, and be what others are made over. */
export const interfaceConstruct = (
  name: string,
  example: (nic: string, fabric: string) => string,
  properties: Readonly<Record<string, PropertyView>> = {},
) =>
  ({
    name,
    isWhole: true,
    reference: "INetworkInterface",
    implements: "INetworkInterface",
    standsFor: "network_interface",
    token: "name",
    example: (key: string) => {
      const [, nic = ""] = key.split("/");
      return `new ${name}(this, "${nic}", { machine, ${example(nic, "lab")} })`;
    },
    words: (attributes: Values): Words => ({
      words: [ownerWord(attributes), textOf(attributes.name ?? attributes.mac_address ?? "")],
    }),
    properties: {
      machine: { type: "Machine", doc: "The machine." },
      vlan: { doc: "The VLAN that it is on." },
      ...properties,
    },
  }) as const;

/**
 * What is said of interfaces of all types: they are rows inside their machine, of one type each, which MAAS makes by an
 * operation of that name.
 */
export const shared = <const T extends "physical" | "bond" | "bridge" | "vlan">(interfaceType: T) =>
  ({
    lifecycle: "created",
    id: { words: "the interface's id", form: NUMBER },
    api: { collection: "machines", interfaceType, strategy: true },
    adoptable: true,
    deletesOthers: true,
  }) as const;

const PATTERNS = { machine: OWNER_PATTERNS.machine, name: "[^/ ]+", parent: "[^/ ]+" };

export const BY_NAME = {
  forms: ["{machine}/{name}"],
  patterns: PATTERNS,
  words: "MACHINE/NAME",
} as const;

export const CHANGES =
  "Interfaces of a machine can be made, changed and deleted while it is New, Ready, Allocated, Failed testing or Broken. MAAS deletes " +
  "with an interface its links, and what is made over it alone.";

export const networkInterfacePhysical = defineKind({
  ...shared("physical"),
  name: "network_interface_physical",
  type: "maas_network_interface_physical",
  title: "physical interface",
  doc:
    "A physical interface of a machine or a device, known by its MAC address. One that is there, as the machine has reported it or the device was " +
    "made with it, is taken over while nobody has configured it, else with `adopt_existing`, and on destroy it is restored and not deleted; another " +
    "one is made. A device has physical interfaces only. Where the device is managed here too, its `network_interfaces` name the MAC address as well. " +
    CHANGES,
  construct: {
    ...interfaceConstruct("PhysicalInterface", () => 'macAddress: "52:54:00:00:00:01"', OWNER_PROPERTIES),
    adopt:
      "Take over the interface with that MAC address although somebody has configured it. On destroy it is restored.",
  },
  example: { name: "eth0", vlan: "lab:10", tags: ["uplink"] },
  importAdopts: true,
  isRemarkable: ({ tags, mtu, accept_ra: acceptRa }) =>
    (Array.isArray(tags) && tags.length > 0) || [mtu, acceptRa].some((value) => (value ?? null) !== null),
  key: {
    forms: ownedForms("{mac_address}", "{name}"),
    patterns: { ...PATTERNS, ...OWNER_PATTERNS, mac_address: "(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}" },
    words: "MACHINE/MAC_ADDRESS, or MACHINE/NAME; of a device device:DEVICE/MAC_ADDRESS, or device:DEVICE/NAME",
    examples: ["node-1/52:54:00:00:00:01", "node-1/eth0", "device:switch-1/52:54:00:00:00:21", "device:switch-1/eth0"],
  },
  exactlyOne: OWNER_KINDS,
  fields: {
    ...OWNER,
    mac_address: macAddress(
      "required",
      "MAC address, which tells interfaces of a node apart. Another one is set in place, as after a card was replaced.",
    ),
    name: named(
      "optional",
      "Name such as `eth0`. Not set, an interface that is made gets the next free `eth<number>`.",
    ),
    vlan: onVlan("optional", "The VLAN that the interface is on"),
    ...COMMON,
  },
});

export const networkInterfaceVlan = defineKind({
  ...shared("vlan"),
  name: "network_interface_vlan",
  type: "maas_network_interface_vlan",
  title: "VLAN interface",
  doc:
    "An interface of a machine for a tagged VLAN, over a physical interface, a bond or a bridge of the same fabric. MAAS deletes it " +
    "with its VLAN. " +
    CHANGES,
  construct: {
    ...interfaceConstruct("VlanInterface", () => "parent: bond0, vlan", {
      parent: { type: "INetworkInterface", doc: "The interface that it is made over." },
    }),
    adopt: "Take over a VLAN interface of that name if the machine has one.",
  },
  picture: { on: ["vlan"], line: (said) => `VLAN interface of ${said("machine")} over ${said("parent")}` },
  example: { parent: "bond0", vlan: "lab:10" },
  terraform: {
    fields: {
      fabric: fabricOfVlan("vlan.", SOURCE),
    },
  },
  key: {
    forms: ["{machine}/{name}", "{machine}/{parent} on {vlan}"],
    patterns: PATTERNS,
    words: "MACHINE/NAME, or MACHINE/PARENT on FABRIC:VID",
    examples: ["node-1/bond0.10", "node-1/bond0 on lab:10"],
  },
  fields: {
    machine,
    name: named("optional", "Name. Not set, a new one is called after its parent and the VID, as in `bond0.10`."),
    parent: parent("The interface that it is made over"),
    vlan: onVlan("required", "The tagged VLAN, of the fabric that its parent is on"),
    mac_address: {
      ...macAddress("optional", "MAC address: that of its parent."),
      presence: "computed",
      follows: ["parent"],
      instead: () => "A VLAN interface has the MAC address of its parent.",
    },
    ...COMMON,
  },
});
