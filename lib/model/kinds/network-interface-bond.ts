import { defineKind, type FieldDefinition } from "../kind";
import { machine, SOURCE } from "./interface-owner";
import {
  BY_NAME,
  CHANGES,
  COMMON,
  interfaceConstruct,
  macAddress,
  named,
  onVlan,
  parent,
  shared,
} from "./network-interface";

const milliseconds = (byDefault: number, doc: string) =>
  ({
    type: "number",
    presence: "optional",
    formField: true,
    jsonPath: true,
    startsWith: () => byDefault,
    min: 0,
    max: 2147483647,
    doc: `${doc} A new bond has ${byDefault}.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

const word = <const V extends readonly string[]>(values: V, byDefault: V[number], owner: string, doc: string) =>
  ({
    type: "string",
    presence: "optional",
    formField: true,
    jsonPath: true,
    oneOf: values,
    startsWith: () => byDefault,
    doc: `${doc}: ${values.map((value) => `\`${value}\``).join(", ")}. A new ${owner} has \`${byDefault}\`.`,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

/** MAAS's JSON has them among the parameters. */
const inParams = <const F extends Readonly<Record<string, FieldDefinition>>>(fields: F): F =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { ...field, jsonPath: `params.${name}` }]),
  ) as unknown as F;

export const networkInterfaceBond = defineKind({
  ...shared("bond"),
  api: { ...shared("bond").api, ownsParents: true },
  name: "network_interface_bond",
  type: "maas_network_interface_bond",
  title: "bond",
  doc:
    "A bond of physical interfaces of a machine. MAAS removes the links of its parents and puts them on its VLAN: link the bond " +
    "instead. " +
    CHANGES,
  construct: {
    ...interfaceConstruct("BondInterface", (nic) => `name: "${nic}", parents: [eth0, eth1]`, {
      parents: { type: "INetworkInterface[]", doc: "The physical interfaces that it is made over." },
    }),
    adopt: "Take over a bond of that name if the machine has one.",
  },
  picture: {
    on: ["vlan"],
    beside: "interfaces on no VLAN",
    line: (said) => `bond ${said("name")} of ${said("machine")} over ${said("parents")}`,
  },
  example: { parents: ["eth0", "eth1"], vlan: "lab:10", bond_mode: "802.3ad" },
  key: { ...BY_NAME, examples: ["node-1/bond0"] },
  fields: {
    machine,
    name: named("required", "Name such as `bond0`."),
    parents: {
      type: ["set", "string"],
      presence: "required",
      formField: true,
      jsonPath: true,
      namesInterface: true,
      doc: "The physical interfaces that it is made over, by name, id or MAC address. They change in place, so that the bond keeps its links.",
      source: SOURCE,
    },
    mac_address: {
      ...macAddress("optional", "MAC address. A new bond has that of its oldest parent."),
      follows: ["parents"],
    },
    vlan: onVlan("optional", "The VLAN that the bond and its parents are on"),
    ...inParams({
      bond_mode: word(
        ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"],
        "balance-rr",
        "bond",
        "How the bond uses its parents",
      ),
      bond_miimon: milliseconds(100, "Milliseconds between two looks at the links of the parents."),
      bond_downdelay: milliseconds(0, "Milliseconds before a parent that has failed is disabled."),
      bond_updelay: milliseconds(0, "Milliseconds before a parent that has recovered is enabled."),
      bond_num_grat_arp: {
        ...milliseconds(1, "How many notifications (ARP, IPv6 neighbour advertisements) follow a failover."),
        max: 255,
      },
      bond_lacp_rate: word(
        ["fast", "slow"],
        "fast",
        "bond",
        "How often the partner is asked for LACPDUs in mode 802.3ad",
      ),
      bond_xmit_hash_policy: word(
        ["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4"],
        "layer2",
        "bond",
        "What the parent for a packet is chosen by in the modes balance-xor, 802.3ad and balance-tlb",
      ),
    }),
    ...COMMON,
  },
});

export const networkInterfaceBridge = defineKind({
  ...shared("bridge"),
  api: { ...shared("bridge").api, ownsParents: true },
  name: "network_interface_bridge",
  type: "maas_network_interface_bridge",
  title: "bridge",
  doc:
    "A bridge over one interface of a machine. MAAS removes the links of its parent and puts it on its VLAN: link the bridge " +
    "instead. " +
    CHANGES,
  construct: {
    ...interfaceConstruct("BridgeInterface", (nic) => `name: "${nic}", parent: eth0`, {
      parent: { type: "INetworkInterface", doc: "The interface that it is made over." },
    }),
    adopt: "Take over a bridge of that name if the machine has one.",
  },
  picture: {
    on: ["vlan"],
    beside: "interfaces on no VLAN",
    line: (said) => `bridge ${said("name")} of ${said("machine")} over ${said("parent")}`,
  },
  example: { parent: "eth0", bridge_stp: true },
  key: { ...BY_NAME, examples: ["node-1/br0"] },
  fields: {
    machine,
    name: named("required", "Name such as `br0`."),
    parent: parent("The interface that it is made over"),
    mac_address: {
      ...macAddress("optional", "MAC address. A new bridge has that of its parent."),
      follows: ["parent"],
    },
    vlan: onVlan("optional", "The VLAN that the bridge and its parent are on"),
    ...inParams({
      bridge_type: word(
        ["standard", "ovs"],
        "standard",
        "bridge",
        "What makes the bridge: the kernel, or Open vSwitch",
      ),
      bridge_stp: {
        type: "bool",
        presence: "optional",
        formField: true,
        jsonPath: true,
        startsWith: () => false,
        doc: "Whether the bridge takes part in the spanning tree protocol. A new bridge does not.",
        source: SOURCE,
      },
      bridge_fd: {
        type: "number",
        presence: "optional",
        formField: true,
        jsonPath: true,
        startsWith: () => 15,
        min: 0,
        max: 2147483647,
        doc: "Forward delay in seconds. A new bridge has 15.",
        source: SOURCE,
      },
    }),
    ...COMMON,
  },
});
