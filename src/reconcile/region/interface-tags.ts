import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { decode, type ObjectJson } from "../../maas/codec";
import type { NodeInterface } from "./node-interfaces";
import { rowOfNode } from "./nodes";

/** The texts of a set; none of what is not known yet. */
export const textsOf = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) && isKnown(value) ? value.flatMap((tag) => (typeof tag === "string" ? [tag] : [])) : [];

/** The tags of an interface's row. */
export const tagsOf = (nic: ObjectJson): readonly string[] => textsOf((nic.tags ?? []) as Value);

/** The attributes of the tags of an interface. */
export function decodeTags({ node, nic }: NodeInterface): Attributes {
  return {
    id: `${textOf(node.system_id)}/${textOf(nic.id)}`,
    ...decode(KINDS.network_interface_tag, rowOfNode(node, nic)),
  };
}
