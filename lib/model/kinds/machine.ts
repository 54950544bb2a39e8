import { objectOf, objectsOf, optional, WHOLE_NUMBER } from "../json-member";
import { defineKind, type FieldDefinition, SYSTEM_ID } from "../kind";
import { INTERFACE_ROW } from "./shared";

const SOURCE = "MAAS api/machines.py, 3.6.4; live 3.4.10 and 3.6.5";

const GATEWAY = optional(objectOf({ link_id: optional(WHOLE_NUMBER) }));

/** Read only: a machine enlists itself, so it is a data source and nothing more. */
/** An attribute that MAAS tells of a machine, as canonical/maas calls it. */
const told = (jsonPath: string, doc: string) =>
  ({ type: "string", presence: "computed", jsonPath, doc, source: SOURCE }) as const satisfies FieldDefinition;

export const machine = defineKind({
  name: "machine",
  type: "maas_machine",
  title: "machine",
  construct: {
    name: "Machine",
    reference: "Machine",
    token: "systemId",
    example: (hostname) => `new Machine(this, "machine", { hostname: "${hostname}" })`,
  },
  doc: "A machine that has enlisted with the region.",
  lifecycle: "registered",
  key: { forms: ["{hostname}"], words: "its FQDN, hostname or system id", examples: ["node-1"] },
  id: { words: "the machine's system id", form: SYSTEM_ID },
  api: {
    collection: "machines",
    rowId: "{system_id}",
    byKey: { path: "machines/?hostname={hostname}" },
    dnsName: "fqdn",
    idIsKey: true,
    // A machine comes with its interfaces, their links and its default gateways: one GET answers for all of them, and for
    // the data source. What its rows repeat of subnets and VLANs is only read where it can't change: ids and CIDRs.
    isHeavy: true,
    row: {
      interface_set: objectsOf(objectOf(INTERFACE_ROW)),
      default_gateways: optional(objectOf({ ipv4: GATEWAY, ipv6: GATEWAY })),
    },
  },
  adoptable: false,
  document: { key: { words: "its hostname" } },
  fields: {
    hostname: {
      type: "string",
      presence: "required",
      jsonPath: true,
      doc: "FQDN, hostname or system id.",
      source: SOURCE,
    },
    fqdn: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      doc: "Hostname with the DNS domain.",
      source: SOURCE,
    },
    status_name: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      doc: "Where the machine is in its life, such as `Ready` or `Deployed`.",
      source: SOURCE,
    },
    architecture: told("architecture", "Architecture, such as `amd64/generic`."),
    domain: told("domain.name", "Name of the DNS domain."),
    pool: told("pool.name", "Name of the resource pool."),
    zone: told("zone.name", "Name of the availability zone."),
    power_type: told(
      "power_type",
      "How MAAS switches the machine on, such as `ipmi`; empty when it can't. What it needs for that is not read.",
    ),
    min_hwe_kernel: told("min_hwe_kernel", "The oldest kernel that the machine is deployed with; empty for any."),
    pxe_mac_address: told("boot_interface.mac_address", "MAC address of the interface that the machine boots from."),
    interfaces: {
      type: ["list", ["object", { name: "string", mac_address: "string", vlan: "string" }]],
      presence: "computed",
      jsonPath: "interface_set",
      doc: "Network interfaces of the machine, and the id of the VLAN that each is on.",
      source: SOURCE,
    },
  },
});
