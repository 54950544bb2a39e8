import { defineKind, NUMBER } from "../kind";
import { textOf } from "../text";
import { description } from "./shared";

const SOURCE = "MAAS models/reservedip.py, forms/reservedip.py, api/reservedip.py, 3.6.4; live 3.6.5 and 3.7.3";

export const reservedIp = defineKind({
  name: "reserved_ip",
  type: "maas_reserved_ip",
  title: "reserved IP",
  construct: {
    name: "ReservedIp",
    isWhole: true,
    reference: "ReservedIp",
    example: (ip) =>
      `new ReservedIp(this, "lease", { ip: "${ip}", macAddress: "52:54:00:00:00:50", subnet, adoptExisting: true })`,
    words: ({ ip }) => ({ words: ["reserved"], apart: textOf(ip) }),
    adopt: "Take over the reserved IP of this address if the region has one. It must be for the same MAC address.",
    properties: {
      subnet: {
        doc: "The subnet that the address is of.",
        default: "- the smallest subnet of the region that holds the address",
      },
      comment: { default: "- none" },
    },
  },
  doc:
    "An address of a subnet that MAAS keeps for one MAC address: DHCP leases it to that, AUTO links of that interface get it, and nothing " +
    "else does. MAAS has them from 3.6 on. It changes only the comment of one that is there, so that any other change recreates it. " +
    "MAAS deletes it along with its subnet. The API takes no DHCP unique identifier (DUID) in place of the MAC address.",
  lifecycle: "created",
  key: {
    forms: ["{ip}"],
    patterns: { ip: String.raw`[\da-fA-F:.]+` },
    words: "its address",
    examples: ["10.20.0.50", "2001:db8:20:0:3::50"],
  },
  id: { words: "the reserved IP's id", form: NUMBER },
  api: {
    collection: "reservedips",
    create: "reservedips/",
    repeats: ["subnets"],
    isOptional: true,
    since: {
      release: [3, 6],
      instead: ({ ip }) =>
        `upgrade the region to 3.6 or later. Until then a maas_subnet_ip_range of type reserved from ${textOf(ip ?? "")} to ${textOf(ip ?? "")} keeps the address free, for no MAC address`,
    },
    strategy: true,
  },
  adoptable: true,
  picture: { on: ["subnet"], beside: "leases", line: (said) => `${said("ip")} for ${said("mac_address")}` },
  example: { mac_address: "52:54:00:00:00:50", subnet: "10.20.0.0/24", comment: "printer" },
  fields: {
    ip: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      isFixed: true,
      formField: true,
      jsonPath: true,
      format: "ip",
      addressIn: { subnet: "subnet", as: "the reserved IP" },
      doc: "The address, of either family: inside the subnet and outside its dynamic ranges.",
      source: SOURCE,
    },
    mac_address: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      isFixed: true,
      formField: true,
      jsonPath: true,
      format: "mac",
      doc: "MAC address of the interface that gets the address, such as `52:54:00:00:00:50`. On one subnet it has one reserved IP.",
      source: SOURCE,
    },
    subnet: {
      type: "string",
      presence: "optional",
      requiresReplace: true,
      isFixed: true,
      formField: true,
      jsonPath: "subnet.id",
      references: "subnet",
      deletedAlong: true,
      doc: "The subnet: its id or its CIDR. Default: the smallest subnet of the region that holds the address.",
      source: SOURCE,
    },
    comment: description(SOURCE),
  },
});
