import { checkInterfaceLink, linkModeOf } from "../checks/object";
import { defineKind } from "../kind";
import type { Values } from "../known";
import { textOf, tryText } from "../text";
import { familyWord } from "./shared";

const SOURCE =
  "MAAS api/interfaces.py, forms/interface_link.py, models/interface.py, api/machines.py, 3.6.4; live 3.4.10 and 3.6.5";

/** Those of other modes are MAAS's to choose. */
const addresses = ({ mode, ip_address: address }: Values): string[] =>
  linkModeOf({ mode }) === "STATIC" && typeof address === "string" ? [address] : [];

export const networkInterfaceLink = defineKind({
  name: "network_interface_link",
  type: "maas_network_interface_link",
  title: "network interface link",
  construct: {
    words: ({ machine, network_interface: nic, subnet, ip_address: address }) => ({
      words: [textOf(machine), textOf(nic), familyWord(subnet)],
      apart: textOf(address ?? subnet),
    }),
    name: "InterfaceLink",
    extended: true,
    reference: "InterfaceLink",
    example: () => 'new InterfaceLink(this, "link", { networkInterface, subnet })',
    adopt:
      "Take over a link of that mode to that subnet if the interface has one, such as the one that commissioning made.",
    properties: {
      machine: { implied: true },
      network_interface: { type: "INetworkInterface", doc: "The interface of the machine." },
      subnet: { doc: "The subnet, on the interface's VLAN." },
      mode: { type: "LinkMode", doc: "How the interface gets its address.", default: "LinkMode.AUTO" },
      ip_address: {
        doc:
          "Address of the machine on the subnet. Only `LinkMode.STATIC` takes one; with `LinkMode.AUTO` there is none before the " +
          "machine is deployed.",
        default: "- MAAS chooses",
      },
      default_gateway: {
        doc: "Whether the subnet's gateway is the machine's default gateway of its family, of which a machine has one each.",
      },
    },
  },
  doc:
    "A link of a machine's network interface to a subnet: one of any number, such as an IPv4 and an IPv6 link on one interface. " +
    "It never touches the other links: where MAAS would remove one, the link is refused. MAAS keeps a `LINK_UP` link on an interface " +
    "that has no other, so one appears when the last link goes. Links can change only while the machine is New, Ready, Allocated, " +
    "Failed testing or Broken.",
  lifecycle: "created",
  key: {
    forms: ["{machine}/{network_interface}:{ip_address}", "{machine}/{network_interface}:{subnet}"],
    // An interface may be named by its MAC address, which has colons itself.
    patterns: {
      machine: "[^/]+",
      network_interface: "(?:(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[^:]+)",
      ip_address: "[^/]+",
    },
    words: "MACHINE/INTERFACE:SUBNET, or MACHINE/INTERFACE:ADDRESS where the interface has several links to one subnet",
    examples: ["node-1/eth0:10.20.0.0/24", "node-1/eth0:2001:db8:20::/64", "node-1/eth0:2001:db8:20::10"],
  },
  id: { words: "<system id of the machine>/<id of the interface>/<id of the link>", form: /^[^/#]+\/\d+\/\d+$/ },
  api: { collection: "machines", strategy: true },
  adoptable: true,
  document: { key: { words: "MACHINE/INTERFACE:SUBNET, or MACHINE/INTERFACE:ADDRESS" } },
  check: ({ mode, ip_address, default_gateway }) =>
    checkInterfaceLink(linkModeOf({ mode }), tryText(ip_address), default_gateway === true),
  example: { mode: "STATIC", ip_address: "10.20.0.10" },
  fields: {
    machine: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: "system_id",
      references: "machine",
      doc: "The machine: its system id, its hostname or its FQDN.",
      source: SOURCE,
    },
    network_interface: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: true,
      interfaceOf: "machine",
      doc: "The interface of the machine: its name such as `eth0`, its id, or its MAC address.",
      source: SOURCE,
    },
    subnet: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      formField: true,
      jsonPath: "subnet.id",
      references: "subnet",
      doc: "The subnet: its id or its CIDR. It must be on the interface's VLAN; an interface on no VLAN takes the subnet's.",
      source: SOURCE,
    },
    mode: {
      type: "string",
      presence: "optional",
      default: "AUTO",
      requiresReplace: true,
      formField: true,
      jsonPath: true,
      format: "word",
      oneOf: ["AUTO", "DHCP", "STATIC", "LINK_UP"],
      doc:
        "`AUTO`: MAAS assigns an address when the machine is deployed. `STATIC`: one address for good, `ip_address` or one that MAAS " +
        "chooses at once. `DHCP`: the machine asks DHCP; one link of an interface at most, over both families. `LINK_UP`: no address. Default: AUTO.",
      source: SOURCE,
    },
    ip_address: {
      type: "string",
      presence: "optional",
      requiresReplace: true,
      formField: true,
      jsonPath: true,
      format: "ip",
      addresses,
      doc: "Address of the machine on the subnet. Only mode `STATIC` takes one; with the others it is what MAAS has assigned.",
      source: SOURCE,
    },
    default_gateway: {
      type: "bool",
      presence: "optional",
      default: false,
      formField: true,
      jsonPath: true,
      clearedPer: "machine",
      doc:
        "Whether the subnet's gateway is the machine's default gateway of its family, of which a machine has one each. Only for `AUTO` and " +
        "`STATIC`. While no link has it, MAAS chooses a gateway itself. Default: false.",
      source: SOURCE,
    },
  },
});
