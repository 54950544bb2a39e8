import { asText, type Params } from "../../api/params";
import { Invalid } from "../../model/errors";
import { byId, type FormField, integer, macAddress, nullBoolean, text, textArray } from "../../model/fields";
import { PlainForm } from "../../model/form";
import type { Region } from "../../model/store";
import { readInteger } from "../../text/python";
import type { NodeRow } from "../node/node";
import type { VlanRow } from "../vlan";
import type { InterfaceRow, InterfaceType } from "./interface";
import { childrenOf, clearLinks, ensureLinkUp } from "./links";

export type ChildKind = Extract<InterfaceType, "bond" | "bridge" | "vlan">;

/** What a kind of interface over other interfaces asks of its parents, and which parameters it has when none are given. */
interface ChildRules {
  readonly nameRequired: boolean;
  /** The parameter that names the parents, as refusals show it. */
  readonly parents: "parent" | "parents";
  /** @throws Invalid */
  checkParents(parents: readonly InterfaceRow[], children: readonly InterfaceRow[]): void;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const RULES: Readonly<Record<ChildKind, ChildRules>> = {
  vlan: {
    nameRequired: false,
    parents: "parent",
    checkParents(parents, children) {
      if (parents.length !== 1) throw Invalid.whole("A VLAN interface must have exactly one parent.");
      if (parents[0]?.type === "vlan") {
        throw Invalid.whole("A VLAN interface can't have another VLAN interface as parent.");
      }
      if (children.some((child) => child.type === "bond")) {
        throw Invalid.whole("A VLAN interface can't have a parent that is already in a bond.");
      }
    },
    defaults: {},
  },
  bridge: {
    nameRequired: true,
    parents: "parent",
    checkParents(parents, children) {
      if (parents.length !== 1) throw Invalid.whole("A bridge interface must have exactly one parent.");
      if (parents[0]?.type === "bridge") {
        throw Invalid.whole("A bridge interface can't have another bridge interface as parent.");
      }
      if (children.some((child) => child.type === "bond" || child.type === "bridge")) {
        throw Invalid.whole("A bridge interface can't have a parent that is already in a bond or a bridge.");
      }
    },
    defaults: { bridge_type: "standard", bridge_stp: false, bridge_fd: 15 },
  },
  bond: {
    nameRequired: true,
    parents: "parents",
    checkParents(parents, children) {
      if (parents.length < 1) throw Invalid.whole("A bond interface must have one or more parents.");
      if (children.length > 0) {
        const names = [...new Set(parents.map((parent) => parent.name))].sort();
        throw Invalid.whole(`Interfaces already in-use: ${names.join(", ")}.`);
      }
      if (new Set(parents.map((parent) => parent.vlan)).size > 1) {
        throw Invalid.whole("All parents must belong to the same VLAN.");
      }
    },
    defaults: {
      bond_mode: "balance-rr",
      bond_miimon: 100,
      bond_downdelay: 0,
      bond_updelay: 0,
      bond_num_grat_arp: 1,
      bond_lacp_rate: "fast",
      bond_xmit_hash_policy: "layer2",
    },
  },
};

/** Makes a bond, a bridge or a VLAN interface over interfaces of the machine. @throws MaasError */
export function createChild(region: Region, node: NodeRow, kind: ChildKind, given: Params): InterfaceRow {
  const { store } = region;
  const rules = RULES[kind];
  const data = given.copy();
  if (data.has("parent") && kind !== "bond") data.setAll("parents", data.all("parent"));
  const siblings = store.interfaces.by("node", node.id);
  const parents = readParents(data, siblings);
  const form = new PlainForm(region, data, {
    name: text({ required: rules.nameRequired, maxLength: 255 }),
    vlan: byId("vlans"),
    mac_address: macAddress(),
    tags: textArray,
    mtu: integer({ min: 0 }),
    accept_ra: nullBoolean,
    [rules.parents]: parentsField(
      rules,
      parents,
      parents === undefined ? [] : parents.flatMap((it) => childrenOf(store, it)),
    ),
  });
  const [parent] = parents ?? [];
  const vlan = form.get<VlanRow>("vlan");
  if (kind === "vlan") checkTagged(region, form, vlan, parent);
  const name = nameOf(form, kind, parent, vlan);
  if (siblings.some((nic) => nic.name === name)) {
    const fqdn = `${node.hostname}.${store.domains.need(node.domain).name}`;
    form.addError("name", `Node ${node.system_id} (${fqdn}) already has an interface named '${name}'.`);
  }
  form.refuseErrors();
  const mtu = form.get<number>("mtu");
  const nic = store.interfaces.insert({
    node: node.id,
    name,
    type: kind,
    vlan: vlan?.id ?? parent?.vlan ?? null,
    mac_address: form.get<string>("mac_address") ?? parent?.mac_address ?? null,
    parents: (parents ?? []).map((it) => it.id),
    tags: form.get<string[]>("tags") ?? [],
    params: { ...parameters(rules, data), ...(mtu === undefined ? {} : { mtu }) },
  });
  if (kind !== "vlan") for (const it of parents ?? []) clearLinks(store, it);
  ensureLinkUp(region, nic);
  return nic;
}

function readParents(data: Params, siblings: readonly InterfaceRow[]): InterfaceRow[] | undefined {
  const ids = data.all("parents").map((value) => readInteger(asText(value)));
  const parents = ids.map((id) => siblings.find((nic) => nic.id === id));
  return parents.every((parent) => parent !== undefined) ? parents : undefined;
}

/** The parents were read beforehand: a field of its own so that what is wrong comes with the other messages. */
const parentsField = (
  rules: ChildRules,
  parents: readonly InterfaceRow[] | undefined,
  children: readonly InterfaceRow[],
): FormField => ({
  required: false,
  type: "reference",
  clean() {
    if (parents === undefined) {
      throw Invalid.whole("Select a valid choice. That choice is not one of the available choices.");
    }
    rules.checkParents(parents, children);
    return parents;
  },
});

function checkTagged(
  { store }: Region,
  form: PlainForm,
  vlan: VlanRow | undefined,
  parent: InterfaceRow | undefined,
): void {
  if (vlan === undefined) form.addError("vlan", "A VLAN interface must be connected to a tagged VLAN.");
  else if (vlan.vid === 0) form.addError("vlan", "A VLAN interface can only belong to a tagged VLAN.");
  else if (parent !== undefined && store.vlans.get(parent.vlan)?.fabric !== vlan.fabric) {
    form.addError(
      "vlan",
      "A VLAN interface can only belong to a tagged VLAN on the same fabric as its parent interface.",
    );
  }
}

function nameOf(form: PlainForm, kind: ChildKind, parent: InterfaceRow | undefined, vlan: VlanRow | undefined): string {
  const given = form.get<string>("name") ?? "";
  if (given !== "" || kind !== "vlan") return given;
  return `${parent?.name ?? "unknown"}.${vlan?.vid ?? 0}`;
}

function parameters(rules: ChildRules, data: Params): Record<string, unknown> {
  const entries = Object.entries(rules.defaults).map(([name, initial]) => {
    const given = data.text(name);
    if (given === undefined || given.trim() === "") return [name, initial] as const;
    if (typeof initial === "number") return [name, readInteger(given) ?? initial] as const;
    return [name, typeof initial === "boolean" ? given.toLowerCase() === "true" : given] as const;
  });
  return Object.fromEntries(entries);
}
