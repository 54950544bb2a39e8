import { crash, Invalid } from "../../../model/errors";
import type { NodeRow } from "../../node/node";
import type { VlanRow } from "../../vlan";
import type { InterfaceRow } from "../interface";
import { childrenOf } from "../rows";
import { type InterfaceForm, type InterfaceRules, interfaceRules, refuseNameInUse } from "./common";

/** A VLAN interface of the machine, over one other interface. */
export const vlanRules = (node: NodeRow): InterfaceRules =>
  interfaceRules(node, {
    columns: ["name"],
    checkParents(parents, { region: { store } }) {
      const [parent] = parents;
      if (parent === undefined || parents.length > 1) {
        throw Invalid.whole("A VLAN interface must have exactly one parent.");
      }
      if (parent.type === "vlan") throw Invalid.whole("A VLAN interface can't have another VLAN interface as parent.");
      if (childrenOf(store, parent).some((child) => child.type === "bond")) {
        throw Invalid.whole("A VLAN interface can't have a parent that is already in a bond.");
      }
    },
    cleanVlan(given, { live, data }) {
      const vlan = given as VlanRow | null;
      if (vlan === null && (live === undefined || data.has("vlan"))) {
        throw Invalid.whole("A VLAN interface must be connected to a tagged VLAN.");
      }
      if (vlan?.vid === 0) throw Invalid.whole("A VLAN interface can only belong to a tagged VLAN.");
      return vlan;
    },
    cleanForm(form) {
      if (!form.hasError("vlan") && !form.hasError("parents")) checkAgainstParent(form, node);
    },
    report: asParent,
  });

/** The VLAN is of the parent's fabric; without a name the interface is named after both. */
function checkAgainstParent(form: InterfaceForm, node: NodeRow): void {
  const { store } = form.region;
  const vlan = form.get<VlanRow>("vlan");
  const [parent] = form.get<InterfaceRow[]>("parents") ?? [];
  if (vlan === undefined || parent === undefined) return;
  const carried = store.vlans.get(parent.vlan);
  if (carried === undefined) throw crash("'NoneType' object has no attribute 'fabric_id'");
  if (carried.fabric !== vlan.fabric) {
    form.addError(
      "vlan",
      "A VLAN interface can only belong to a tagged VLAN on the same fabric as its parent interface.",
    );
  }
  if (form.hasError("name")) return;
  if (!form.get("name") && form.live === undefined) form.cleaned.set("name", `${parent.name}.${vlan.vid}`);
  refuseNameInUse(form, node, form.get<string>("name") ?? "");
}

/** The API calls the one parent `parent`. */
export function asParent({ parents, ...others }: Readonly<Record<string, string[]>>): Record<string, string[]> {
  return parents === undefined ? others : { ...others, parent: parents };
}
