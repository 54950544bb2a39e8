import { objectOf, objectsOf, oneOf } from "../json-member";
import { defineKind, SYSTEM_ID } from "../kind";
import { attr, type Text, text, type Words } from "../problem";
import { description, INTERFACE_ROW } from "./shared";

const SOURCE = "MAAS api/devices.py, forms/__init__.py DeviceForm, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** @see MAAS models/node.py, Node.clean_hostname_domain (3.6.4) */
function withDomain(hostname: string): Words<Text> | undefined {
  const [host = "", ...rest] = hostname.split(".");
  if (rest.length === 0) return undefined;
  const domain = rest.join(".").replace(/\.$/, "");
  const more = domain === "" ? text`` : text`, and ${attr("domain")} = "${domain}"`;
  return {
    what: text`"${hostname}" is more than a hostname`,
    why: "MAAS takes what follows the first dot for the domain, and the device would have another hostname than this one.",
    fix: text`Write ${attr("hostname")} = "${host}"${more}.`,
  };
}

/** MAAS reads numbers as Python does: with blanks around them, and _ between digits. */
const NUMBER_TEXT = /^\s*[+-]?\p{Nd}+(?:_\p{Nd}+)*\s*$/u;

/** @see MAAS forms/__init__.py, NodeForm.clean_domain: an id, else a name (3.6.4) */
const asNumber = (domain: string): Words<Text> | undefined =>
  NUMBER_TEXT.test(domain)
    ? {
        what: text`"${domain}" is a number`,
        why: "MAAS takes it for the id of a domain, and the device would be in a domain of another name than this one.",
        fix: text`Write the name of the domain, such as ${attr("domain")} = "maas".`,
      }
    : undefined;

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
    row: { node_type: oneOf([1]), interface_set: objectsOf(objectOf(INTERFACE_ROW)) },
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
      mistaken: withDomain,
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
      mistaken: asNumber,
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
