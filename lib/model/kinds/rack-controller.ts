import { named, textOrNull } from "../facts";
import { listOf, objectOf, optional, TEXT } from "../json-member";
import { defineKind, SYSTEM_ID } from "../kind";

const SOURCE = "MAAS api/rackcontrollers.py, 3.6.4; live 3.4.10 and 3.6.5";

/** Read only: a rack controller registers itself, so it is a data source and nothing more. */
export const rackController = defineKind({
  name: "rack_controller",
  type: "maas_rack_controller",
  title: "rack controller",
  construct: {
    name: "RackController",
    propsName: "RackControllerKey",
    extended: true,
    reference: "IRack",
    token: "systemId",
    example: (hostname) => `new RackController(this, "rack", { hostname: "${hostname}" })`,
  },
  doc: "A rack controller that has registered with the region.",
  lifecycle: "registered",
  key: { forms: ["{hostname}"], isListed: true, words: "its FQDN, hostname or system id", examples: ["rack-1"] },
  id: { words: "the rack's system id", form: SYSTEM_ID },
  api: {
    collection: "rackcontrollers",
    rowId: "{system_id}",
    contains: "interfaces",
    byKey: { path: "rackcontrollers/?hostname={hostname}" },
    dnsName: "fqdn",
    idIsKey: true,
    repeats: ["interfaces"],
    strategy: true,
    row: { service_set: optional(listOf(objectOf({ name: TEXT, status: TEXT, status_info: optional(TEXT) }))) },
  },
  adoptable: false,
  document: {
    key: { words: "its hostname" },
    fields: {
      region_url: {
        type: "string",
        presence: "optional",
        doc: "The region's URL as the rack reaches it. MAAS does not report it; the rules about URLs read it.",
      },
    },
  },
  facts: ({ key, attributes: { hostname, region_url } }) => ({
    hostname: named(hostname, key),
    regionUrl: textOrNull(region_url),
  }),
  fields: {
    hostname: {
      type: "string",
      presence: "required",
      jsonPath: true,
      doc: "FQDN, hostname or system id.",
      source: SOURCE,
    },
    description: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      doc: "Free text.",
      source: SOURCE,
    },
    version: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      doc: "MAAS version that the rack runs.",
      source: SOURCE,
    },
    services: {
      type: ["list", ["object", { name: "string", status: "string" }]],
      presence: "computed",
      jsonPath: "service_set",
      doc: "Services of the rack and their state.",
      source: SOURCE,
    },
    interfaces: {
      type: ["list", ["object", { name: "string", mac_address: "string", vlan: "string" }]],
      presence: "computed",
      jsonPath: "interface_set",
      doc: "Network interfaces of the rack, and the id of the VLAN that each is on.",
      source: SOURCE,
    },
  },
});
