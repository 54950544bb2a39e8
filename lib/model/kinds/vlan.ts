import { number, text, textOrNull } from "../facts";
import { defineKind, NUMBER } from "../kind";
import { isKnown, UNKNOWN, type Value, type Values } from "../known";
import { attr, fault, type Problem, text as message } from "../problem";
import { textOf, tryText } from "../text";
import { hiddenDescription, spacedName } from "./shared";

const SOURCE = "MAAS forms/vlan.py, models/vlan.py, 3.6.4; live 3.4.10 and 3.6.5";

/** What MAAS starts a VLAN with. */
export const DEFAULT_MTU = 1500;

/**
 * The untagged VLAN comes with its fabric and stays in it: another fabric or VID means another VLAN. So does a fabric
 * that is still to be made: MAAS takes the VLAN with the lowest id for the default one of its fabric, so that a VLAN
 * moved to a newer fabric could not be named or deleted any more.
 */
const isAnotherVlan = (prior: Values, planned: Values): boolean =>
  prior.vid === 0 || planned.vid === 0 || !isKnown(planned.fabric ?? null);

/** What MAAS would not keep of a name. */
function checkName(name: string | undefined, vid: Value | undefined): Problem[] {
  if (name === undefined) return [];
  if (typeof vid === "number" && name === String(vid)) {
    return [
      fault("MAAS-OBJ-11", "name", {
        what: `the VLAN's name "${name}" is its own VID`,
        why: "That is what MAAS up to 3.4 shows for a VLAN without a name.",
        fix: message`Leave ${attr("name")} out, or use another one.`,
      }),
    ];
  }
  if (vid !== 0) return [];
  return [
    fault("MAAS-OBJ-11", "name", {
      what: "the untagged VLAN takes no name",
      why: 'VID 0 is the default VLAN of a new fabric, which MAAS shows as "untagged" whatever name is set.',
      fix: message`Leave ${attr("name")} out, or describe the VLAN with ${attr("description")}.`,
    }),
  ];
}

export const vlan = defineKind({
  name: "vlan",
  type: "maas_vlan",
  title: "VLAN",
  construct: {
    words: ({ vid }, of) => ({ words: [...of("fabric"), vid === 0 ? "untagged" : textOf(vid)] }),
    lookUp: "fromVid",
    name: "Vlan",
    reference: "IVlan",
    example: (key) => {
      const [fabric = "", vid = ""] = key.split(":");
      const inFabric = `Fabric.fromName(this, "fabric", "${fabric}")`;
      return /^[1-9]/.test(vid) ? `Vlan.fromVid(this, "vlan", ${inFabric}, ${vid})` : `${inFabric}.untagged`;
    },
    adopt:
      "Take over a VLAN of that fabric and VID if the region has one. The default VLAN of a fabric needs it only when somebody " +
      "has set its MTU, space, DHCP or relay.",
    properties: {
      fabric: { doc: "The fabric that the VLAN is in." },
      vid: {
        doc:
          "The 802.1Q tag. 0 is untagged: the default VLAN of a new fabric. The default VLAN, which MAAS made with the fabric, is " +
          "adopted, whatever its VID is by now.",
      },
      space: { doc: "The space that the VLAN is in." },
      dhcp_on: {
        doc:
          "Whether MAAS served DHCP on the VLAN when Terraform last read it. The DHCP of this app is switched on after the VLAN is " +
          "made: use `dhcpOn` of the `VlanDhcp` where that counts.",
      },
    },
  },
  doc:
    "A VLAN of a fabric. The default VLAN, which MAAS makes with the fabric, is adopted (where somebody has set its MTU, " +
    "space, DHCP or relay, only with `adopt_existing`); on destroy it gets back what it had " +
    "before, and it goes only with its fabric. It is the VLAN with the lowest id: VID 0 (untagged) in a new fabric, whatever " +
    "VID it was given since. DHCP is an object of its own, `maas_vlan_dhcp`.",
  lifecycle: "created",
  key: {
    forms: ["{fabric}:{vid}"],
    patterns: { vid: "[^:]+" },
    words: "FABRIC:VID, with the fabric's name",
    examples: ["lab:10", "lab:untagged"],
  },
  id: { words: "the VLAN's database id, not its VID", form: NUMBER },
  api: {
    collection: "vlans",
    within: { list: "fabrics/", member: "vlans" },
    create: "fabrics/{fabric}/vlans/",
    repeats: ["fabrics", "spaces"],
    strategy: true,
  },
  adoptable: true,
  deletesOthers: true,
  withParent: { parent: "fabric", title: "untagged VLAN", isLikely: ({ vid }) => vid === 0 },
  // A document names the space by its key, as it does all else.
  document: { key: { words: "FABRIC:VID", examples: ["lab:10"] }, overrides: { space: { references: "space" } } },
  terraform: { aliases: { vlan: "vid" } },
  check: ({ name, vid }) => checkName(tryText(name), vid),
  facts: ({ partial, attributes: { fabric, vid, name, space, mtu } }) => ({
    ...{ fabric: text(fabric), vid: number(vid), name: textOrNull(name), space: textOrNull(space), partial },
    // MAAS's own MTU where nothing is said of a VLAN that is made.
    mtu: number(mtu ?? (partial ? UNKNOWN : DEFAULT_MTU)),
  }),
  example: { name: "storage", mtu: 9000, space: "storage" },
  fields: {
    fabric: {
      type: "string",
      presence: "required",
      requiresReplace: isAnotherVlan,
      formField: true,
      jsonPath: "fabric_id",
      jsonKey: "fabric",
      references: "fabric",
      doc: "The fabric: its id or its name. A VLAN moves to another fabric in place and keeps its id; to a fabric that is made in the same run, or whose default VLAN is newer than this one, it is replaced, since MAAS would take it for that fabric's default VLAN.",
      source: SOURCE,
    },
    vid: {
      type: "number",
      presence: "required",
      requiresReplace: (prior: Values, planned: Values): boolean => prior.vid === 0 || planned.vid === 0,
      isRestored: true,
      formField: true,
      jsonPath: true,
      min: 0,
      max: 4094,
      spelled: { untagged: 0 },
      doc: "The 802.1Q tag; 0 = untagged. It changes in place, except from or to 0; what somebody else has changed is restored in place.",
      source: SOURCE,
    },
    name: {
      type: "string",
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      absent: "untagged",
      notOnDefault:
        'MAAS shows the default VLAN of a fabric as "untagged", whatever its VID and whatever name is set. Leave name out, or describe the VLAN with description.',
      // Up to 3.4; later versions say null (live 3.4.10 and 3.6.5).
      placeholder: "vid",
      pattern: spacedName,
      doc: "Name. MAAS shows the default VLAN of a fabric as `untagged` whatever is set, so that one takes none.",
      source: SOURCE,
    },
    description: hiddenDescription(SOURCE),
    mtu: {
      type: "number",
      presence: "optional",
      formField: true,
      jsonPath: true,
      min: 552,
      max: 65535,
      startsWith: () => DEFAULT_MTU,
      doc: `Largest packet, in octets. MAAS starts with ${DEFAULT_MTU}.`,
      source: SOURCE,
    },
    space: {
      type: "string",
      presence: "optional",
      clearable: true,
      formField: true,
      jsonPath: true,
      absent: "undefined",
      names: "space",
      doc: "Name of the space that the VLAN is in.",
      source: SOURCE,
    },
    dhcp_on: {
      type: "bool",
      presence: "computed",
      jsonPath: true,
      follows: [],
      instead: () =>
        'DHCP is a resource of its own: maas_vlan_dhcp with vlan = maas_vlan.NAME.id and primary_rack_controller = "rack-1" switches it on, and removing that resource switches it off. `npx cdktf-maas migrate main.tf` writes it in place of the dhcp_on of canonical/maas.',
      doc:
        "Whether MAAS served DHCP on the VLAN when Terraform last read it. A `maas_vlan_dhcp` of the same run is made after the VLAN: " +
        "refer to the `dhcp_on` of that resource where the result of the run counts.",
      source: SOURCE,
    },
  },
});
