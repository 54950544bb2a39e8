import type { FieldDefinition, FieldDefinitions } from "../kind";
import type { Values } from "../known";
import { OWNER_PREFIX, ownerOf } from "../owner";

export const SOURCE =
  "MAAS api/interfaces.py, forms/interface.py, models/interface.py, 3.6.4; live 3.4.10, 3.6.5 and 3.7.3";

export const machine = {
  type: "string",
  presence: "required",
  requiresReplace: true,
  jsonPath: "system_id",
  references: "machine",
  doc: "The machine: its system id, its hostname or its FQDN.",
  source: SOURCE,
} as const satisfies FieldDefinition;

/** What the interface, the link or the tags are of: a machine or a device. MAAS's rows call both `system_id`. */
export const OWNER = {
  machine: {
    ...machine,
    presence: "optional",
    default: null,
    doc: "The machine: its system id, its hostname or its FQDN. Either this or `device` is set.",
  },
  device: {
    ...machine,
    presence: "optional",
    default: null,
    jsonPath: "device_system_id",
    references: "device",
    doc: "The device, in place of a machine: its system id, its hostname or its FQDN.",
  },
} as const satisfies FieldDefinitions;

/** How keys name a machine or a device: a name that begins as those of devices do is none of a machine. */
export const OWNER_PATTERNS = { machine: `(?!${OWNER_PREFIX.device})[^/]+`, device: "[^/]+" } as const;

/** How constructs show {@link OWNER}. */
export const OWNER_PROPERTIES = {
  machine: {
    type: "Machine",
    doc: "The machine. Either this or `device` is given.",
    default: "- that of a device",
    readBy: "machineOf",
  },
  device: { type: "IDevice", doc: "The device, in place of a machine.", default: "- that of a machine" },
} as const;

/** The forms of a key for a machine, and those for a device. */
export const ownedForms = <const F extends string>(...forms: readonly F[]) => [
  ...forms.map((form) => `{machine}/${form}`),
  ...forms.map((form) => `${OWNER_PREFIX.device}{device}/${form}`),
];

/** What an object of a node is called after: the node, and what it is on that. */
export const ownerWord = (attributes: Values): string => ownerOf(attributes)?.key ?? "";
