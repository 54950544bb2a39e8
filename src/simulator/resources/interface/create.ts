import type { Params } from "../../api/params";
import { Form } from "../../model/form";
import type { Region } from "../../model/store";
import type { NodeRow } from "../node/node";
import { bondRules, bridgeRules } from "./forms/bond-and-bridge";
import type { InterfaceRules } from "./forms/common";
import { physicalRules } from "./forms/physical";
import { vlanRules } from "./forms/vlan";
import type { InterfaceRow } from "./interface";
import type { InterfaceType } from "./types";

/** A type that calls and seeds create. */
export type CreatedType = Exclude<InterfaceType, "unknown">;

/** The form of each type. */
export const INTERFACE_FORMS: Readonly<Record<CreatedType, (node: NodeRow) => InterfaceRules>> = {
  physical: physicalRules,
  vlan: vlanRules,
  bond: bondRules,
  bridge: bridgeRules,
};

/** Types that are made over one other interface, which calls name `parent`. */
const HAS_PARENT: readonly InterfaceType[] = ["vlan", "bridge"];

/** A new interface of the node, as sent. @throws MaasError */
export function createInterface(region: Region, node: NodeRow, type: CreatedType, sent: Params): InterfaceRow {
  const data = sent.copy();
  if (HAS_PARENT.includes(type) && data.has("parent")) data.set("parents", data.get("parent"));
  const rules = INTERFACE_FORMS[type](node);
  return new Form(region.store.interfaces, region, data, undefined, { rules, given: { node: node.id, type } }).save();
}
