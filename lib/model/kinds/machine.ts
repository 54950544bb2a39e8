import type { Kind } from "../field";

const SOURCE = "MAAS api/machines.py, 3.6.4; live 3.4.10 and 3.6.5";

/** Read only: a machine enlists itself, so it is a data source and nothing more. */
export const machine: Kind = {
  name: "machine",
  type: "maas_machine",
  title: "machine",
  construct: {
    name: "Machine",
    reference: "Machine",
    token: "systemId",
    example: 'new Machine(this, "machine", { hostname: "node-1" })',
  },
  doc: "A machine that has enlisted with the region.",
  key: { form: "{hostname}", words: "its FQDN, hostname or system id", examples: ["node-1"] },
  id: "the machine's system id",
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
      name: "fqdn",
      type: "string",
      presence: "computed",
      receive: "fqdn",
      doc: "Hostname with the DNS domain.",
      source: SOURCE,
    },
    {
      name: "status_name",
      type: "string",
      presence: "computed",
      receive: "status_name",
      doc: "Where the machine is in its life, such as `Ready` or `Deployed`.",
      source: SOURCE,
    },
    {
      name: "interfaces",
      type: ["list", ["object", { name: "string", mac_address: "string", vlan: "string" }]],
      presence: "computed",
      receive: "interface_set",
      doc: "Network interfaces of the machine, and the id of the VLAN that each is on.",
      source: SOURCE,
    },
  ],
};
