import { named } from "../facts";
import { defineKind, NUMBER } from "../kind";
import { description, plainName } from "./shared";

const SOURCE = "MAAS forms/space.py, models/space.py, 3.6.4; live 3.4.10 and 3.6.5";

export const space = defineKind({
  name: "space",
  type: "maas_space",
  title: "space",
  construct: {
    lookUp: "fromName",
    name: "Space",
    reference: "ISpace",
    token: "name",
    example: (name) => `Space.fromName(this, "space", "${name}")`,
    adopt: "Take over a space of that name if the region has one.",
  },
  doc: "A space: VLANs that may talk to each other, whatever fabrics they are in.",
  lifecycle: "created",
  key: { forms: ["{name}"], words: "its name", examples: ["storage"] },
  id: { words: "the space's id", form: NUMBER },
  api: {
    collection: "spaces",
    // The prefix keeps a name that is a number from being read as an id.
    byKey: { path: "spaces/name:{name}/" },
    create: "spaces/",
    // Its pseudo-space of VLANs in none holds every subnet (live 3.4.10).
    isCostly: true,
    repeats: ["vlans", "subnets"],
  },
  adoptable: true,
  facts: ({ key, attributes: { name } }) => ({ name: named(name, key) }),
  example: { description: "Storage networks of all fabrics" },
  fields: {
    name: {
      type: "string",
      presence: "required",
      unique: [],
      formField: true,
      jsonPath: true,
      pattern: plainName,
      reserved: /^(?:space-\p{Nd}+|undefined)$/u,
      doc: "Name, unique in the region. `space-<number>` and `undefined` are reserved by MAAS.",
      source: SOURCE,
    },
    description: description(`${SOURCE}; returned from 3.3`),
  },
});
