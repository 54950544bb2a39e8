import { checkDeviceLink, checkInterfaceLink, linkModeOf } from "../checks/object";
import { defineKind } from "../kind";
import type { Values } from "../known";
import { OWNER_KINDS } from "../owner";
import { textOf, tryText } from "../text";
import { OWNER, OWNER_PATTERNS, ownedForms, ownerWord } from "./interface-owner";
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
    words: ({ network_interface: nic, subnet, ip_address: address, ...others }) => ({
      words: [ownerWord(others), textOf(nic), familyWord(subnet)],
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
      device: { implied: true },
      network_interface: { type: "INetworkInterface", doc: "The interface of the machine or device." },
      subnet: { doc: "The subnet, on the interface's VLAN." },
      mode: { type: "LinkMode", doc: "How the interface gets its address.", default: "LinkMode.AUTO" },
      ip_address: {
        doc:
          "Address of the machine or device on the subnet. Only `LinkMode.STATIC` takes one; with `LinkMode.AUTO` there is none before the " +
          "machine is deployed.",
        default: "- MAAS chooses",
      },
      default_gateway: {
        doc: "Whether the subnet's gateway is the machine's default gateway of its family, of which a machine has one each.",
      },
    },
  },
  doc:
    "A link of a network interface of a machine or device to a subnet: one of any number, such as an IPv4 and an IPv6 link on one interface. " +
    "It never touches the other links: where MAAS would remove one, the link is refused. MAAS keeps a `LINK_UP` link on an interface " +
    "that has no other, so one appears when the last link goes. Links of a machine can change only while it is New, Ready, Allocated, " +
    "Failed testing or Broken. Those of a device can change at any time, are of mode `STATIC`, and are no default gateway.",
  lifecycle: "created",
  key: {
    forms: ownedForms("{network_interface}:{ip_address}", "{network_interface}:{subnet}"),
    // An interface may be named by its MAC address, which has colons itself.
    patterns: {
      ...OWNER_PATTERNS,
      network_interface: "(?:(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|[^:]+)",
      ip_address: "[^/]+",
    },
    words:
      "MACHINE/INTERFACE:SUBNET, or MACHINE/INTERFACE:ADDRESS where the interface has several links to one subnet; of a device " +
      "device:DEVICE in place of MACHINE",
    examples: [
      "node-1/eth0:10.20.0.0/24",
      "node-1/eth0:2001:db8:20::/64",
      "node-1/eth0:2001:db8:20::10",
      "device:switch-1/eth0:10.20.0.0/24",
    ],
  },
  mayRepeat: true,
  id: {
    words: "<system id of the machine or device>/<id of the interface>/<id of the link>",
    form: /^[^/#]+\/\d+\/\d+$/,
  },
  api: { collection: "machines", strategy: true },
  adoptable: true,
  picture: {
    on: ["subnet"],
    line: (said) =>
      [said("machine") || said("device"), said("network_interface"), said("ip_address") || said("mode")].join(" "),
  },
  document: {
    key: {
      words:
        "MACHINE/INTERFACE:SUBNET, or MACHINE/INTERFACE:ADDRESS, with device:DEVICE in place of MACHINE for a device",
    },
  },
  exactlyOne: OWNER_KINDS,
  check: ({ mode, ip_address, default_gateway, ...owner }) => {
    const isGateway = default_gateway === true;
    const ofDevice = checkDeviceLink(owner, linkModeOf({ mode }), isGateway);
    return ofDevice.length > 0 ? ofDevice : checkInterfaceLink(linkModeOf({ mode }), tryText(ip_address), isGateway);
  },
  example: { mode: "STATIC", ip_address: "10.20.0.10" },
  fields: {
    ...OWNER,
    network_interface: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: true,
      namesInterface: true,
      doc: "The interface of the machine or device: its name such as `eth0`, its id, or its MAC address.",
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
        "chooses at once; a device has such links only. `DHCP`: the machine asks DHCP; one link of an interface at most, over both families. `LINK_UP`: no address. Default: AUTO.",
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
      doc: "Address of the machine or device on the subnet. Only mode `STATIC` takes one; with the others it is what MAAS has assigned.",
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
        "`STATIC`, and not for devices. While no link has it, MAAS chooses a gateway itself. Default: false.",
      source: SOURCE,
    },
  },
});
