import type { FieldMessages } from "../../../model/errors";
import { Invalid } from "../../../model/errors";
import { type FormField, integer, REQUIRED, text } from "../../../model/fields";
import { interfaceLabel } from "../../names";
import { isRack, NodeType } from "../../node/kinds";
import type { NodeRow } from "../../node/node";
import { nextInterfaceName } from "../rows";
import { type InterfaceForm, type InterfaceRules, interfaceRules, refuseNameInUse } from "./common";

const BLANK = "This field cannot be blank.";

/** A physical interface of the machine or device. */
export const physicalRules = (node: NodeRow): InterfaceRules =>
  interfaceRules(node, {
    columns: ["mac_address", "name", "enabled"],
    fields: { mac_address: text({ required: true }) },
    parameters: { numa_node: numaNode(node) },
    initial: () => ({ numa_node: node.node_type === NodeType.MACHINE ? 0 : null }),
    checkParents(parents) {
      if (parents.length > 0) throw Invalid.whole("A physical interface cannot have parents.");
    },
    cleanForm(form) {
      if (form.hasError("name")) return;
      const name = form.get<string>("name");
      if (name) refuseNameInUse(form, node, name);
      else if (form.live === undefined) form.cleaned.set("name", nextInterfaceName(form.region.store, node));
    },
    cleanModel: requireOwnMac,
    report: onlyRequired,
  });

/** The one NUMA node that a machine or a rack has here; devices have none. */
const numaNode = (node: NodeRow): FormField => ({
  required: false,
  type: "integer",
  clean(value, region) {
    const index = integer({ min: 0 }).clean(value, region);
    if (node.node_type !== NodeType.MACHINE && !isRack(node)) {
      if (index === null) return null;
      throw Invalid.whole("Only interfaces for machines are linked to a NUMA node");
    }
    if (index !== null && index !== 0) throw Invalid.whole("Invalid NUMA node");
    return 0;
  },
});

/** @throws Invalid without a MAC address, and for that of another physical interface */
export function requireOwnMac({ draft, table, region }: InterfaceForm): void {
  const mac = draft.mac_address;
  if (!mac) throw Invalid.field("mac_address", BLANK);
  const [other] = table.by("mac_address", mac).filter((nic) => nic.type === "physical" && nic.id !== draft.id);
  if (other === undefined) return;
  const label = interfaceLabel(region.store, other);
  throw Invalid.field("mac_address", `This MAC address is already in use by ${label}.`);
}

/** A call that creates an interface says of a missing MAC address once that it is missing. */
function onlyRequired(messages: FieldMessages): FieldMessages {
  const { mac_address: mac } = messages;
  if (mac?.includes(REQUIRED) !== true) return messages;
  return { ...messages, mac_address: mac.filter((message) => message !== BLANK) };
}
