import type { Kind } from "../field";

const SOURCE = "MAAS api/rackcontrollers.py, 3.6.4; live 3.4.10 and 3.6.5";

/** Read only: a rack controller registers itself, so it is a data source and nothing more. */
export const rackController: Kind = {
  name: "rack_controller",
  type: "maas_rack_controller",
  title: "rack controller",
  construct: {
    name: "RackController",
    reference: "IRack",
    token: "systemId",
    example: 'new RackController(this, "rack", { hostname: "rack-1" })',
  },
  doc: "A rack controller that has registered with the region.",
  key: { form: "{hostname}", words: "its FQDN, hostname or system id", examples: ["rack-1"] },
  id: "the rack's system id",
  adoptable: false,
  fields: [
    {
      name: "hostname",
      type: "string",
      presence: "required",
      receive: "hostname",
      doc: "FQDN, hostname or system id.",
      source: SOURCE,
    },
    {
      name: "description",
      type: "string",
      presence: "computed",
      receive: "description",
      doc: "Free text.",
      source: SOURCE,
    },
    {
      name: "version",
      type: "string",
      presence: "computed",
      receive: "version",
      doc: "MAAS version that the rack runs.",
      source: SOURCE,
    },
    {
      name: "services",
      type: ["list", ["object", { name: "string", status: "string" }]],
      presence: "computed",
      receive: "service_set",
      doc: "Services of the rack and their state.",
      source: SOURCE,
    },
    {
      name: "interfaces",
      type: ["list", ["object", { name: "string", mac_address: "string", vlan: "string" }]],
      presence: "computed",
      receive: "interface_set",
      doc: "Network interfaces of the rack, and the id of the VLAN that each is on.",
      source: SOURCE,
    },
  ],
};
