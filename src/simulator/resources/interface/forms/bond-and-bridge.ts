import { Invalid } from "../../../model/errors";
import { integer, nullBoolean } from "../../../model/fields";
import type { NodeRow } from "../../node/node";
import type { VlanRow } from "../../vlan";
import type { InterfaceRow } from "../interface";
import { childrenOf, parentsOf } from "../rows";
import type { InterfaceType } from "../types";
import {
  type InterfaceForm,
  type InterfaceParams,
  type InterfaceRules,
  interfaceRules,
  oneOf,
  requiredName,
} from "./common";
import { asParent } from "./vlan";

const MODES = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

const BOND_PARAMS: InterfaceParams = {
  bond_mode: { field: oneOf("bond_mode", MODES), initial: "balance-rr" },
  bond_miimon: { field: integer({ min: 0 }), initial: 100 },
  bond_downdelay: { field: integer({ min: 0 }), initial: 0 },
  bond_updelay: { field: integer({ min: 0 }), initial: 0 },
  bond_num_grat_arp: { field: integer({ min: 0, max: 255 }), initial: 1 },
  bond_lacp_rate: { field: oneOf("bond_lacp_rate", ["fast", "slow"]), initial: "fast" },
  bond_xmit_hash_policy: {
    field: oneOf("bond_xmit_hash_policy", ["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4"]),
    initial: "layer2",
  },
};

const BRIDGE_PARAMS: InterfaceParams = {
  bridge_type: { field: oneOf("bridge_type", ["standard", "ovs"]), initial: "standard" },
  bridge_stp: { field: nullBoolean, initial: false },
  bridge_fd: { field: integer({ min: 0 }), initial: 15 },
};

/** A bond of interfaces of the machine that nothing else is made over. */
export const bondRules = (node: NodeRow): InterfaceRules =>
  interfaceRules(node, {
    columns: ["mac_address", "name"],
    fields: { name: requiredName },
    params: BOND_PARAMS,
    checkParents(parents) {
      if (parents.length === 0) throw Invalid.whole("A bond interface must have one or more parents.");
    },
    cleanForm(form) {
      const parents = form.get<InterfaceRow[]>("parents") ?? [];
      if (form.hasError("parents") || parents.length === 0) return;
      setDefaultMac(form, parents);
      refuseUsedParents(form, parents, []);
      setDefaultVlan(form, parents);
      const vlan = form.get<VlanRow>("vlan")?.id ?? null;
      if (form.live === undefined && parents.some((parent) => parent.vlan !== vlan)) {
        form.addError("parents", "All parents must belong to the same VLAN.");
      }
    },
    cleanModel: requireMac,
  });

/** A bridge over one interface of the machine, which VLAN interfaces may be made over too. */
export const bridgeRules = (node: NodeRow): InterfaceRules =>
  interfaceRules(node, {
    columns: ["mac_address", "name"],
    fields: { name: requiredName },
    params: BRIDGE_PARAMS,
    checkParents(parents, { region: { store }, live }) {
      const [parent] = parents;
      if (parent === undefined || parents.length > 1) {
        throw Invalid.whole("A bridge interface must have exactly one parent.");
      }
      if (parent.type === "bridge") {
        throw Invalid.whole("A bridge interface can't have another bridge interface as parent.");
      }
      const isInUse = childrenOf(store, parent).some(
        (child) => child !== live && (child.type === "bond" || child.type === "bridge"),
      );
      if (isInUse) {
        throw Invalid.whole("A bridge interface can't have a parent that is already in a bond or a bridge.");
      }
    },
    cleanForm(form) {
      const parents = form.get<InterfaceRow[]>("parents") ?? [];
      if (form.hasError("vlan") || form.hasError("parents") || parents.length === 0) return;
      setDefaultMac(form, parents);
      refuseUsedParents(form, parents, ["vlan"]);
      setDefaultVlan(form, parents);
    },
    cleanModel: requireMac,
    report: (messages, { live }) => (live === undefined ? asParent(messages) : messages),
  });

/** A new one has the first parent's MAC address; so has one that loses the parent whose MAC address it had. */
function setDefaultMac({ live, data, cleaned, region }: InterfaceForm, parents: readonly InterfaceRow[]): void {
  const [first] = parents;
  if (live === undefined) {
    if (!data.has("mac_address")) cleaned.set("mac_address", first?.mac_address);
    return;
  }
  if (cleaned.get("mac_address") !== live.mac_address) return;
  const giver = parentsOf(region.store, live)
    .reverse()
    .find((parent) => parent.mac_address === live.mac_address);
  if (giver !== undefined && !parents.includes(giver)) cleaned.set("mac_address", first?.mac_address);
}

function setDefaultVlan(form: InterfaceForm, [first]: readonly InterfaceRow[]): void {
  if (form.live !== undefined || form.get("vlan") !== undefined) return;
  form.cleaned.set("vlan", form.region.store.vlans.get(first?.vlan) ?? null);
}

/** Refuses parents that something else is made over, but for the types that they may carry beside. */
function refuseUsedParents(
  form: InterfaceForm,
  parents: readonly InterfaceRow[],
  besides: readonly InterfaceType[],
): void {
  const isUsed = (parent: InterfaceRow) =>
    childrenOf(form.region.store, parent).some((child) => child !== form.live && !besides.includes(child.type));
  const names = parents.filter(isUsed).map(({ name }) => name);
  if (names.length > 0)
    form.addError("parents", `Interfaces already in-use: ${[...new Set(names)].sort().join(", ")}.`);
}

function requireMac({ draft }: InterfaceForm): void {
  if (!draft.mac_address) throw Invalid.field("mac_address", "This field cannot be blank.");
}
