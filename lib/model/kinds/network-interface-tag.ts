import { defineKind, SYSTEM_ID } from "../kind";
import { attr, fault, type Problem, text as message } from "../problem";
import { textOf } from "../text";
import { OWNER_KINDS } from "../owner";
import { OWNER, OWNER_PATTERNS, OWNER_PROPERTIES, ownedForms, ownerWord } from "./interface-owner";

const SOURCE = "MAAS api/interfaces.py (add_tag, remove_tag), 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

/** Without tags there is no such object, and MAAS takes no empty one. */
function checkTags(tags: readonly unknown[]): Problem[] {
  const what = tags.length === 0 ? "no tags are given" : tags.includes("") ? "one of the tags is empty" : undefined;
  if (what === undefined) return [];
  const fix = message`Name at least one, as in ${attr("tags")} = ["uplink"]. To take all tags off the interface, leave the object out.`;
  return [fault("MAAS-VAL-03", "tags", { what, fix })];
}

export const networkInterfaceTag = defineKind({
  name: "network_interface_tag",
  type: "maas_network_interface_tag",
  title: "tag set of an interface",
  construct: {
    name: "NetworkInterfaceTag",
    isWhole: true,
    reference: "NetworkInterfaceTag",
    example: () => 'new NetworkInterfaceTag(this, "tags", { machine, networkInterface, tags: ["uplink"] })',
    words: ({ interface_id: nic, ...others }) => ({ words: [ownerWord(others), textOf(nic), "tags"] }),
    adopt: "Take the interface over although somebody has tagged it: other tags are removed, and restored on destroy.",
    properties: {
      ...OWNER_PROPERTIES,
      interface_id: {
        name: "networkInterface",
        type: "INetworkInterface",
        doc: "The interface of the machine or device.",
      },
    },
  },
  doc:
    "All tags of a network interface of a machine or device, apart from the interface itself: for interfaces that somebody else manages, and for machines " +
    "in any state, deployed ones too. Tags are added and removed one by one, and nothing else of the interface is changed. Where an interface " +
    "is managed here too, by a `maas_network_interface_…`, give its tags in one place: leave `tags` out there, which then ignores them. A plan warns " +
    "where both name tags, and each apply would undo what the other has done. An interface that has tags is taken over only with `adopt_existing`; " +
    "on destroy its former tags are restored, else those given here are removed. MAAS removes the links of a bridge's parent when its tags change.",
  absent: (key) => `the interface ${key} has no tags`,
  lifecycle: "created",
  key: {
    forms: ownedForms("{interface_id}"),
    patterns: { ...OWNER_PATTERNS, interface_id: "[^/ ]+" },
    words: "MACHINE/INTERFACE, or device:DEVICE/INTERFACE",
    examples: ["node-1/eth0", "device:switch-1/eth0"],
  },
  mayRepeat: true,
  id: {
    words: "<system id of the machine or device>/<id of the interface>",
    form: new RegExp(String.raw`^(?:${SYSTEM_ID.source.slice(1, -1)})/\d+$`),
  },
  api: { collection: "machines", strategy: true },
  adoptable: true,
  // An export names the tags with the interface.
  isRemarkable: () => false,
  exactlyOne: OWNER_KINDS,
  check: ({ tags }) => (Array.isArray(tags) ? checkTags(tags) : []),
  example: { tags: ["uplink"] },
  fields: {
    ...OWNER,
    interface_id: {
      type: "string",
      presence: "required",
      requiresReplace: true,
      jsonPath: "name",
      namesInterface: true,
      doc: "The interface of the machine or device: its id, its name such as `eth0`, or its MAC address.",
      source: SOURCE,
    },
    tags: {
      type: ["set", "string"],
      presence: "required",
      formField: true,
      jsonPath: true,
      oneByOne: true,
      doc: "All tags that the interface is to have. Others are removed.",
      source: SOURCE,
    },
  },
});
