import type { Field } from "../field";

/** MAAS's own rule for the names of fabrics and spaces. */
export const plainName = { regex: /^[\w-]+$/, words: "letters, digits, _ and - only" };

/** MAAS's own rule for the names of VLANs and class types. */
export const spacedName = {
  regex: /^\w[ \w-]*$/,
  words: "letters, digits, _, - and blanks, not starting with a blank",
};

/** A description that MAAS keeps but v2 never returns, so that drift in it can't be seen. */
export const hiddenDescription = (source: string): Field => ({
  name: "description",
  type: "string",
  presence: "optional",
  clearable: true,
  send: "description",
  doc: "Free text. MAAS stores it but its API never returns it, so a change made outside is not noticed.",
  source,
});

export const description = (source: string): Field => ({
  name: "description",
  type: "string",
  presence: "optional",
  clearable: true,
  send: "description",
  receive: "description",
  doc: "Free text.",
  source,
});
