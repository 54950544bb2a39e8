import { listOf, objectOf, oneOf } from "../json-member";
import { defineKind, SYSTEM_ID } from "../kind";
import { description, INTERFACE_ROW } from "./shared";

const SOURCE = "MAAS api/devices.py, forms/__init__.py DeviceForm, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** What MAAS knows by address and does not manage: a switch, a printer, a virtual machine of somebody else's. */
export const device = defineKind({
  name: "device",
  type: "maas_device",
  title: "device",
  construct: {
    name: "Device",
    lookUp: "fromHostname",
    reference: "IDevice",
    example: (hostname) => `Device.fromHostname(this, "device", "${hostname}")`,
    adopt: "Take over a device of that hostname if the region has one.",
    properties: { network_interfaces: { type: "DeviceInterface[]" } },
  },
  doc:
    "A device: something on the network that MAAS does not deploy, and gives addresses and names to, such as a switch or a printer. " +
    "MAAS deletes its interfaces and their addresses along with it.",
  lifecycle: "created",
  key: { forms: ["{hostname}"], words: "its FQDN, hostname or system id", examples: ["switch-1"] },
  id: { words: "the device's system id", form: SYSTEM_ID },
  api: {
    collection: "devices",
    create: "devices/",
    rowId: "{system_id}",
    byKey: { path: "devices/?hostname={hostname}" },
    dnsName: "fqdn",
    idIsKey: true,
    strategy: true,
    // Each row has all interfaces of its device, and no rule looks at them.
    isCostly: true,
    row: { node_type: oneOf([1]), interface_set: listOf(objectOf(INTERFACE_ROW)) },
  },
  adoptable: true,
  deletesOthers: true,
  picture: { beside: "devices", line: (said) => said("hostname") },
  document: { key: { words: "its hostname" } },
  terraform: {
    idName: "system_id",
    lookedUp: {
      network_interfaces: {
        type: ["set", ["object", { id: "number", mac_address: "string", name: "string" }]],
        doc: "All its network interfaces, with their ids and names.",
      },
    },
  },
  example: { network_interfaces: [{ mac_address: "52:54:00:00:00:21" }] },
  fields: {
    hostname: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: true,
      unique: [],
      doc: "Hostname, without a domain. It changes in place.",
      source: SOURCE,
    },
    network_interfaces: {
      type: ["set", ["object", { mac_address: "string" }]],
      presence: "required",
      formField: "mac_addresses",
      jsonPath: "interface_set",
      format: "mac",
      doc: "All its network interfaces, by MAC address, at least one. They are added and removed in place: the others keep their addresses.",
      source: SOURCE,
    },
    domain: {
      type: "string",
      presence: "optional",
      formField: true,
      jsonPath: "domain.name",
      doc: "Name of the DNS domain. A new device is in the region's default domain.",
      source: SOURCE,
    },
    zone: {
      type: "string",
      presence: "optional",
      formField: true,
      jsonPath: "zone.name",
      doc: "Name of the availability zone. A new device is in the zone `default`.",
      source: SOURCE,
    },
    description: description(SOURCE),
    fqdn: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      follows: ["hostname", "domain"],
      instead: () => "Set hostname and domain.",
      doc: "Hostname with the DNS domain.",
      source: SOURCE,
    },
    owner: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      follows: [],
      instead: () => "A device belongs to the user whose API key made it.",
      doc: "Name of the user that the device belongs to.",
      source: SOURCE,
    },
    ip_addresses: {
      type: ["set", "string"],
      presence: "computed",
      jsonPath: true,
      format: "ip",
      follows: ["network_interfaces"],
      instead: () => "Link an interface of the device to a subnet.",
      doc: "Its addresses of both families: those of its links, and those that MAAS's DHCP has given it.",
      source: SOURCE,
    },
  },
});
