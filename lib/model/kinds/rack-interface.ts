import { text, textOrNull } from "../facts";
import { UNKNOWN } from "../known";
import { defineKind } from "../kind";
import { INTERFACE_ROW } from "./shared";

const SOURCE =
  "MAAS api/interfaces.py, forms/interface.py, metadataserver/builtin_scripts/network.py, 3.6.4; live 3.4.10 and 3.6.5";

export const rackInterface = defineKind({
  name: "rack_interface",
  type: "maas_rack_interface",
  title: "rack interface",
  construct: {
    name: "RackInterface",
    reference: "RackInterface",
    standsFor: "rack_controller",
    example: () => 'new RackInterface(this, "eth1", { rack, name: "eth1", vlan })',
    adopt:
      "Move the interface also when it is on a VLAN that somebody has put it on: one that is neither this VLAN nor the default " +
      "VLAN of a fabric. On destroy it goes back there.",
    properties: {
      rack_controller: { name: "rack", type: "RackController", doc: "The rack controller." },
      vlan: {
        doc: "The VLAN that the interface is on. The rack itself moves an interface with addresses to the VLAN of their subnet.",
      },
    },
  },
  doc:
    "A network interface of a rack controller and the VLAN that it is on. The rack reports its own interfaces, so the object is " +
    "adopted, never created. One that is on another VLAN than the one asked for, and not on the default VLAN of a fabric, was put " +
    "there by somebody: it is moved only with `adopt_existing`. On destroy the interface goes back to the VLAN it was on; where it is replaced, it stays. MAAS deletes a fabric without subnets when its last interface leaves, so that a plan warns where the fabric is to stay. MAAS lets nobody write the addresses of a rack: they are read back.",
  lifecycle: "reported",
  key: {
    forms: ["{rack_controller}/{name}"],
    patterns: { name: "[^/]+" },
    words: "RACK/NAME, with the rack's hostname or system id",
    examples: ["rack-1/eth1"],
  },
  id: { words: "<system id of the rack>/<id of the interface>", form: /^[^/]+\/\d+$/ },
  api: {
    collection: "interfaces",
    rowId: "{system_id}/{id}",
    one: "nodes/{system_id}/interfaces/{id}/",
    within: { list: "rackcontrollers/", member: "interface_set" },
    row: INTERFACE_ROW,
    repeats: ["rackcontrollers", "vlans", "subnets"],
    strategy: true,
  },
  adoptable: true,
  document: { key: { words: "RACK/NAME" } },
  facts: ({ attributes: { rack_controller, name, vlan }, links = UNKNOWN }) => ({
    ...{ rack: text(rack_controller), name: text(name), vlan: vlan === undefined ? UNKNOWN : textOrNull(vlan) },
    // Only the rack itself reports its addresses: those of a live region are here.
    links,
  }),
  fields: {
    rack_controller: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: "system_id",
      references: "rack_controller",
      doc: "The rack controller: its system id, its hostname or its FQDN.",
      source: SOURCE,
    },
    name: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: true,
      doc: "Name of the interface on the rack, such as `eth1`.",
      source: SOURCE,
    },
    vlan: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: "vlan.id",
      references: "vlan",
      doc: "The VLAN that the interface is on: its database id, or FABRIC:VID. The rack itself moves an interface with addresses to the VLAN of their subnet.",
      source: SOURCE,
    },
    mac_address: {
      type: "string",
      presence: "computed",
      jsonPath: true,
      follows: [],
      instead: () => "The rack reports it: choose the interface by rack_controller and name.",
      doc: "MAC address.",
      source: SOURCE,
    },
    ip_addresses: {
      type: ["list", "string"],
      presence: "computed",
      follows: ["vlan"],
      instead: () => "The rack reports its addresses: set them in the network configuration of its host.",
      doc: "Addresses that the rack reports on the interface, of both families.",
      source: SOURCE,
    },
    subnets: {
      type: ["list", "string"],
      presence: "computed",
      follows: ["vlan"],
      instead: () =>
        "The interface reaches the subnets of its addresses: put those on its VLAN, by vlan of each maas_subnet.",
      doc: "CIDRs of the subnets that the interface reaches.",
      source: SOURCE,
    },
  },
});
