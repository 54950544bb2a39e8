import { named } from "../facts";
import { defineKind, NUMBER } from "../kind";
import { hiddenDescription, plainName, spacedName } from "./shared";

const SOURCE = "MAAS forms/fabric.py, models/fabric.py, 3.6.4; live 3.4.10 and 3.6.5";

export const fabric = defineKind({
  name: "fabric",
  type: "maas_fabric",
  title: "fabric",
  construct: {
    lookUp: "fromName",
    name: "Fabric",
    reference: "IFabric",
    example: (name) => `Fabric.fromName(this, "fabric", "${name}")`,
    adopt: "Take over a fabric of that name if the region has one.",
  },
  doc:
    "A fabric: a set of VLANs that can reach each other at layer 2. MAAS makes its default VLAN with it, untagged (VID 0), and deletes it only once no subnet and " +
    "no interface is on it. To move them to another fabric and delete this one, apply the move first, and remove this fabric in a second apply: Terraform " +
    "destroys it before it moves them, unless it was applied with `create_before_destroy = true`.",
  lifecycle: "created",
  key: { forms: ["{name}"], isListed: true, words: "its name", examples: ["lab"] },
  id: { words: "the fabric's id", form: NUMBER },
  api: {
    collection: "fabrics",
    contains: "vlans",
    // The prefix keeps a name that is a number from being read as an id.
    byKey: { path: "fabrics/name:{name}/" },
    create: "fabrics/",
    occupied: {
      refusal: /are still (present|connected)/,
      fix:
        "Move or delete what is on it first: Terraform destroys a fabric before it moves what is on it. Keep the fabric in the configuration until that is moved. " +
        "Where Terraform replaces the fabric, give the new one a name of its own and set lifecycle { create_before_destroy = true } on it.",
    },
    repeats: ["vlans"],
  },
  adoptable: true,
  deletesOthers: true,
  facts: ({ key, attributes: { name } }) => ({ name: named(name, key) }),
  example: { description: "Switches of the lab", class_type: "10g" },
  fields: {
    name: {
      type: "string",
      presence: "required",
      unique: [],
      formField: true,
      jsonPath: true,
      pattern: plainName,
      reserved: /^fabric-\p{Nd}+$/u,
      doc: "Name, unique in the region. `fabric-<number>` is reserved by MAAS.",
      source: SOURCE,
    },
    description: hiddenDescription(SOURCE),
    class_type: {
      type: "string",
      presence: "optional",
      formField: true,
      jsonPath: true,
      pattern: spacedName,
      doc: "A class of your own, such as `10g`. MAAS can change it but not empty it.",
      source: SOURCE,
    },
    untagged_vlan: {
      type: "string",
      presence: "computed",
      jsonPath: "vlans.lowest.id",
      follows: [],
      instead: () =>
        "MAAS makes this VLAN with the fabric. To manage it, add a maas_vlan with fabric = maas_fabric.NAME.id and vid = 0.",
      doc: "Id of the default VLAN, which MAAS made with the fabric: the one with the lowest id, whatever its VID.",
      source: SOURCE,
    },
  },
});
