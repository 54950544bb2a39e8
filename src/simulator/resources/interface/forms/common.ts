import { asText } from "../../../api/params";
import { Invalid } from "../../../model/errors";
import { choice, type FormField, integer, ipAddress, isEmpty, nullBoolean, text } from "../../../model/fields";
import type { Form, FormRules } from "../../../model/form";
import { readInteger } from "../../../text/python";
import { nodeLabel } from "../../names";
import type { NodeRow } from "../../node/node";
import type { InterfaceRow } from "../interface";
import { parentsOf } from "../rows";
import { ensureLinkUp, saveInterface } from "../save";

export type InterfaceForm = Form<InterfaceRow>;
export type InterfaceRules = FormRules<InterfaceRow>;

/** A parameter that is stored in `params`. */
export interface Param {
  readonly field: FormField;
  /** What a new interface has when nothing is said. */
  readonly initial?: unknown;
  /** Its name in `params`; the parameter's by default. */
  readonly key?: string;
  /** An empty value removes it. */
  readonly isClearable?: true;
}

export type InterfaceParams = Readonly<Record<string, Param>>;

/** Linux takes no smaller MTU. */
const COMMON_PARAMS: InterfaceParams = {
  mtu: { field: integer({ min: 552 }), isClearable: true },
  accept_ra: { field: nullBoolean, key: "accept-ra", isClearable: true },
};

/** One of a few texts; empty is "not given". */
export const oneOf = (name: string, choices: readonly string[]): FormField =>
  choice({ choices, message: invalidChoice(name, choices) });

export const invalidChoice = (what: string, choices: readonly string[]) => (value: string) =>
  `'${value}' is not a valid ${what}.  It should be one of: ${choices.map((it) => `'${it}'`).join(", ")}.`;

/** A name that must be given. */
export const requiredName = text({ required: true, maxLength: 255 });

/** MAAS's check of the speeds, which its forms make first of all. @throws Invalid */
export function checkSpeed(form: InterfaceForm): void {
  const isUnplugged = form.get("link_connected") === false && form.live?.link_connected === false;
  if (isUnplugged && (form.get<number>("link_speed") ?? 0) !== 0) {
    throw Invalid.whole("link_speed cannot be set when link_connected is false.");
  }
}

/** What the form of one type of interface asks beyond what all of them ask. */
export interface TypeRules {
  /** The columns that it sets beside those that all types have. */
  readonly columns: readonly (keyof InterfaceRow)[];
  readonly fields?: InterfaceRules["fields"];
  readonly parameters?: InterfaceRules["parameters"];
  readonly initial?: InterfaceRules["initial"];
  readonly params?: InterfaceParams;
  /** The check of the parents that are asked for, or that there are. @throws Invalid */
  checkParents(parents: readonly InterfaceRow[], form: InterfaceForm): void;
  readonly cleanVlan?: (value: unknown, form: InterfaceForm) => unknown;
  /** The check of the form as a whole. */
  cleanForm?(form: InterfaceForm): void;
  readonly cleanModel?: InterfaceRules["cleanModel"];
  readonly report?: InterfaceRules["report"];
}

/** The form of an interface of the type, on this machine or device. */
export function interfaceRules(node: NodeRow, kind: TypeRules): InterfaceRules {
  const params = { ...COMMON_PARAMS, ...kind.params };
  return {
    only: ["vlan", "tags", "link_connected", "interface_speed", "link_speed", ...kind.columns],
    ...(kind.fields === undefined ? {} : { fields: kind.fields }),
    parameters: {
      ...kind.parameters,
      parents: siblingsOf(node),
      ip_address: ipAddress(),
      ...Object.fromEntries(Object.entries(params).map(([name, { field }]) => [name, field])),
    },
    ...(kind.initial === undefined ? {} : { initial: kind.initial }),
    prepare(data) {
      if (data.has("parents")) data.set("parents", [...data.all("parents")].flat());
    },
    clean: {
      parents(given, form) {
        const parents =
          form.live === undefined || form.data.has("parents") ? (given as InterfaceRow[]) : storedOf(form);
        kind.checkParents(parents, form);
        return parents;
      },
      ...(kind.cleanVlan === undefined ? {} : { vlan: kind.cleanVlan }),
    },
    cleanForm(form) {
      checkSpeed(form);
      kind.cleanForm?.(form);
    },
    ...(kind.cleanModel === undefined ? {} : { cleanModel: kind.cleanModel }),
    ...(kind.report === undefined ? {} : { report: kind.report }),
    unique: uniqueOnNode,
    isUniqueOnSaveOnly: true,
    write: (form) => write(form, params),
  };
}

const storedOf = ({ live, region }: InterfaceForm) => (live === undefined ? [] : parentsOf(region.store, live));

/** Interfaces of the node by their ids, oldest first. */
const siblingsOf = (node: NodeRow): FormField => ({
  required: false,
  type: "list",
  clean(value, { store }) {
    const given = isEmpty(value) ? [] : (value as readonly unknown[]).map((item) => asText(item as string));
    const siblings = store.interfaces.by("node", node.id);
    const found = given.map((item) => {
      const id = readInteger(item);
      if (id === undefined) throw Invalid.whole(`“${item}” is not a valid value.`);
      const nic = siblings.find((row) => row.id === id);
      if (nic === undefined) throw Invalid.whole(`Select a valid choice. ${item} is not one of the available choices.`);
      return nic;
    });
    return [...new Set(found)].sort((a, b) => a.id - b.id);
  },
});

/** Refuses a name that another interface of the node has. */
export function refuseNameInUse(form: InterfaceForm, node: NodeRow, name: string): void {
  const isTaken = form.table.by("node", node.id).some((nic) => nic !== form.live && nic.name === name);
  if (isTaken) form.addError("name", `Node ${nodeLabel(node)} already has an interface named '${name}'.`);
}

/** What the database refuses whatever the form has let through. */
export function uniqueOnNode({ draft, table }: InterfaceForm): readonly [string, string] | undefined {
  const siblings = table.by("node", draft.node ?? null);
  const isTaken = siblings.some((nic) => nic.id !== draft.id && nic.name === draft.name);
  return isTaken ? ["__all__", "Interface with this Node config and Name already exists."] : undefined;
}

/** MAAS saves a changed interface twice: with its own columns first, then with its parents, parameters and VLAN. */
function write(form: InterfaceForm, params: InterfaceParams): InterfaceRow {
  const { draft, live, cleaned, data, region, table } = form;
  const nic = live ?? table.insert(draft);
  if (live !== undefined) saveInterface(region, live, draft);
  const parents = data.has("parents") ? (form.get<InterfaceRow[]>("parents") ?? []) : [];
  saveInterface(region, nic, {
    ...(data.has("vlan") && !cleaned.has("vlan") ? { vlan: null } : {}),
    ...(parents.length > 0 ? { parents: parents.map(({ id }) => id) } : {}),
    params: changedParams(form, params),
  });
  if (live === undefined) ensureLinkUp(region, nic);
  return nic;
}

/** What is given is set; what is given empty is removed or kept; a new interface has the rest as it is at first. */
function changedParams(form: InterfaceForm, params: InterfaceParams): Record<string, unknown> {
  const entries = new Map(Object.entries(form.draft.params ?? {}));
  for (const [name, { key = name, isClearable, initial }] of Object.entries(params)) {
    const value = form.get<unknown>(name);
    if (value !== undefined && !(typeof value === "string" && value.trim() === "")) entries.set(key, value);
    else if (isClearable === true && form.data.get(name) === "") entries.delete(key);
    else if (form.live === undefined && initial !== undefined) entries.set(key, initial);
  }
  return Object.fromEntries(entries);
}
