import { column, kept, keptReference, optionalReference, type RowOf, seeded } from "../../model/columns";
import { Invalid } from "../../model/errors";
import { byId, checkbox, checkLimits, integer, macAddress, nullBoolean, text, textArray } from "../../model/fields";
import { defineResource, type Resource } from "../../model/resource";
import type { Region } from "../../model/store";
import { interfaceCalls, interfacesCalls } from "./calls";
import { interfaceMembers } from "./json";
import type { InterfaceType } from "./types";

const NAME = /^[\p{L}\p{N}_\-.:]+$/u;
const NAME_RULE =
  "The interface name must be 1 to 15 characters long and can only contain alphanumeric characters, hyphens ('-'), underscores ('_'), periods ('.'), and colons (':').";

function checkName(stored: unknown, { version }: Region): unknown {
  const name = (stored ?? "") as string;
  if (name === "") throw Invalid.whole("This field cannot be blank.");
  const { interfaceNameLimited } = version.features;
  if (!NAME.test(name) || (interfaceNameLimited && [...name].length > 15)) {
    throw Invalid.whole(interfaceNameLimited ? NAME_RULE : "Enter a valid value.");
  }
  return name;
}

/** MAAS stores the address as it is spelled. */
function checkMac(stored: unknown): unknown {
  if (/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(stored as string)) return stored;
  throw Invalid.whole(`'${stored as string}' is not a valid MAC address.`);
}

function checkSpeed(value: unknown): unknown {
  if (typeof value === "number") checkLimits(value, 0, 2147483647);
  return value;
}

const columns = {
  node: keptReference("nodes", { json: false }),
  type: kept<InterfaceType>(),
  vlan: optionalReference("vlans", { field: byId("vlans") }),
  tags: column<string[]>({ field: textArray, default: [], blank: true }),
  link_connected: column<boolean>({ field: checkbox, default: true }),
  interface_speed: column<number>({ field: integer({ min: 0 }), default: 0, check: checkSpeed }),
  link_speed: column<number>({ field: integer({ min: 0 }), default: 0, check: checkSpeed }),
  /** A seed may leave it out: it is made up then. */
  mac_address: column<string | null>({
    field: text(),
    default: null,
    blank: true,
    check: checkMac,
    seed: macAddress(),
  }),
  name: column<string>({ field: text({ maxLength: 255 }), check: checkName }),
  enabled: column<boolean>({ field: nullBoolean, default: true }),
  params: kept<Record<string, unknown>>({ default: {} }),
  /** Ids of the interfaces that a bond, a bridge or a VLAN interface is made over. */
  parents: kept<number[]>({
    default: [],
    json: (row, { region: { store } }): unknown =>
      (row as InterfaceRow).parents.map((id) => store.interfaces.need(id).name).sort(),
  }),
  /** What the host itself has configured, which a rack reports: addresses such as `10.0.0.2/24`, and its gateways. */
  addresses: seeded<string[]>({ seed: textArray, default: [], json: false }),
  gateways: seeded<string[]>({ seed: textArray, default: [], json: false }),
};

export type InterfaceColumns = typeof columns;
export type InterfaceRow = RowOf<InterfaceColumns>;

/** An interface of a node, or of a MAC address that a user reserved an address for. */
export const interfaces: Resource<InterfaceRow> = defineResource({
  model: "Interface",
  path: "interfaces",
  columns,
  indexes: ["node", "vlan", "mac_address"],
  json: interfaceMembers,
  uri: ({ id, node }, { region: { store } }) =>
    `nodes/${store.nodes.get(node)?.system_id ?? "system_id"}/interfaces/${id}/`,
  endpoints: {
    "nodes/{system}/interfaces/": interfacesCalls,
    "nodes/{system}/interfaces/{id}/": interfaceCalls,
  },
});
