import { flag, text, textOrNull } from "../facts";
import { defineKind, type FieldDefinition, NUMBER } from "../kind";
import { isKnown, UNKNOWN, type Value } from "../known";
import { attr, fault, type Problem, text as message } from "../problem";
import { tryText } from "../text";
import { fabricOfVlan } from "./shared";

const SOURCE = "MAAS forms/vlan.py, 3.6.4; live 3.4.10 and 3.6.5";

const rack = (wire: string, doc: string) =>
  ({
    type: "string",
    presence: "optional",
    default: null,
    clearable: true,
    formField: wire,
    jsonPath: wire,
    references: "rack_controller",
    doc,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

/** Who serves DHCP: racks, or the VLAN that it is relayed to. */
function checkServers(primary?: Value, secondary?: Value, relay?: Value): Problem[] {
  if (tryText(relay) !== undefined && (tryText(primary) ?? tryText(secondary)) !== undefined) {
    return [
      fault("MAAS-OBJ-12", "relay_vlan", {
        what: "a relayed VLAN has no rack controllers of its own",
        why: "MAAS drops the relay silently when both are set.",
        fix: message`Leave out ${attr("relay_vlan")}, or both rack controllers.`,
      }),
    ];
  }
  if ((relay ?? null) === null && (primary ?? null) === null) {
    return [
      fault("MAAS-OBJ-13", "primary_rack_controller", {
        what: "DHCP needs a primary rack controller",
        fix: message`Give ${attr("primary_rack_controller")} (a rack controller with an interface on this VLAN), or ${attr("relay_vlan")}.`,
      }),
    ];
  }
  if (tryText(primary) !== undefined && primary === secondary) {
    return [
      fault("MAAS-OBJ-14", "secondary_rack_controller", {
        what: "the primary and the secondary rack controller are the same",
        why: "MAAS refuses that.",
        fix: "Name another rack controller, or leave the secondary out.",
      }),
    ];
  }
  return [];
}

export const vlanDhcp = defineKind({
  name: "vlan_dhcp",
  type: "maas_vlan_dhcp",
  title: "DHCP of a VLAN",
  construct: {
    words: (_dhcp, of) => ({ words: [...of("vlan"), "dhcp"] }),
    name: "VlanDhcp",
    extended: true,
    reference: "VlanDhcp",
    example: () => 'new VlanDhcp(this, "dhcp", { vlan, primary })',
    adopt:
      "Take over DHCP or a relay that the VLAN has already; on destroy, what it had is restored. Else that is an error, also where " +
      "it is as asked for: it may be somebody else's.",
    properties: {
      vlan: { doc: "The VLAN to serve." },
      primary_rack_controller: {
        name: "primary",
        doc:
          "The rack controller that serves DHCP. Give its `RackInterface` on the VLAN rather than the rack itself: DHCP is then " +
          "switched on after the interface is in place.",
        default: "- none: the VLAN is relayed",
      },
      secondary_rack_controller: { name: "secondary", doc: "A second rack controller for high availability." },
      relay_vlan: {
        name: "relayTo",
        doc: "The VLAN whose DHCP server requests are relayed to.",
        default: "- none: rack controllers serve the VLAN",
      },
      ip_ranges: {
        name: "ranges",
        doc:
          "Dynamic ranges that must exist before DHCP is switched on and outlive it. Those that this app makes on subnets of the " +
          "VLAN always count; more are needed only where the VLAN and the subnets are looked up apart.",
        default: "- the VLAN's own",
      },
    },
  },
  doc:
    "DHCP on a VLAN, served by one or two rack controllers, or relayed to another VLAN. An object of its own because MAAS " +
    "refuses DHCP before the VLAN has a dynamic range. One flag serves both address families. DHCP or a relay that the VLAN has " +
    "already is taken over only with `adopt_existing`, even when it is as asked for; on destroy it then gets back what it had.",
  absent: (vlan) => `DHCP of the VLAN ${vlan} is off`,
  lifecycle: "created",
  key: { forms: ["{vlan}"], words: "FABRIC:VID of the VLAN", examples: ["lab:10", "lab:untagged"] },
  id: { words: "the VLAN's database id", form: NUMBER },
  api: { collection: "vlans", strategy: true },
  adoptable: true,
  settingOf: "vlan",
  document: { key: { examples: ["lab:10"] } },
  terraform: {
    fields: {
      fabric: fabricOfVlan("", SOURCE),
      subnets: {
        type: ["set", "string"],
        presence: "optional",
        default: null,
        references: "subnet",
        doc: "As canonical/maas has it: subnets of the VLAN with dynamic ranges. They only have to exist; better name the ranges in `ip_ranges`.",
        source: SOURCE,
      },
    },
  },
  check: ({ primary_rack_controller, secondary_rack_controller, relay_vlan }) =>
    checkServers(primary_rack_controller, secondary_rack_controller, relay_vlan),
  facts: ({ attributes: { vlan, primary_rack_controller, secondary_rack_controller, relay_vlan, dhcp_on } }) => {
    const relayTo = textOrNull(relay_vlan);
    return {
      ...{ vlan: text(vlan), relayTo, on: flag(dhcp_on, isKnown(relayTo) ? relayTo === null : UNKNOWN) },
      ...{ primary: textOrNull(primary_rack_controller), secondary: textOrNull(secondary_rack_controller) },
    };
  },
  example: {
    primary_rack_controller: "rack-1",
    secondary_rack_controller: "rack-2",
    ip_ranges: ["10.20.0.100-10.20.0.199 in 10.20.0.0/24"],
  },
  fields: {
    vlan: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: "id",
      references: "vlan",
      doc: "The VLAN: its database id, or FABRIC:VID.",
      source: SOURCE,
    },
    primary_rack_controller: rack(
      "primary_rack",
      "The rack controller that serves DHCP: its system id, its hostname or its FQDN. Required unless the VLAN is relayed.",
    ),
    secondary_rack_controller: rack(
      "secondary_rack",
      "A second rack controller for high availability: its system id, its hostname or its FQDN.",
    ),
    relay_vlan: {
      type: "string",
      presence: "optional",
      default: null,
      clearable: true,
      formField: true,
      jsonPath: "relay_vlan.id",
      references: "vlan",
      doc: "The VLAN whose DHCP server the requests are relayed to, in place of rack controllers: its database id, or FABRIC:VID.",
      source: SOURCE,
    },
    ip_ranges: {
      type: ["set", "string"],
      presence: "optional",
      default: null,
      references: "ip_range",
      doc: "Ids of the dynamic ranges that must exist before DHCP is switched on, and that outlive it.",
      source: SOURCE,
    },
    dhcp_on: {
      type: "bool",
      presence: "computed",
      jsonPath: true,
      follows: ["relay_vlan", "primary_rack_controller"],
      instead: () => "This resource switches DHCP on, unless relay_vlan is set. To have it off, remove the resource.",
      doc: "Whether MAAS serves DHCP on the VLAN: true unless it is relayed.",
      source: SOURCE,
    },
  },
});
