import { Invalid } from "../../model/errors";
import { integer, nullBoolean } from "../../model/fields";
import type { Form, FormRules } from "../../model/form";
import { interfaceLabel } from "../names";
import { NodeType } from "../node/kinds";
import type { NodeRow } from "../node/node";
import type { InterfaceRow } from "./interface";
import { ensureLinkUp, setInterfaceEnabled, setInterfaceVlan } from "./links";

function cleanSpeed(form: Form<InterfaceRow>): void {
  const isUnplugged = form.get("link_connected") === false && form.live?.link_connected === false;
  if (isUnplugged && (form.get<number>("link_speed") ?? 0) !== 0) {
    throw Invalid.whole("link_speed cannot be set when link_connected is false.");
  }
}

/** Writes what changed, and lets VLAN and enabling have their effects. */
function change({ draft, data, cleaned, region }: Form<InterfaceRow>, nic: InterfaceRow): InterfaceRow {
  const { vlan = null, enabled = nic.enabled, ...values } = draft;
  const isVlanCleared = data.has("vlan") && !cleaned.has("vlan");
  region.store.interfaces.update(nic, values);
  setInterfaceVlan(region.store, nic, isVlanCleared ? null : vlan);
  setInterfaceEnabled(region, nic, enabled);
  return nic;
}

/** The little that MAAS lets change on an interface of a controller. */
export const controllerRules: FormRules<InterfaceRow> = {
  only: ["vlan", "link_connected", "interface_speed", "link_speed"],
  cleanForm: cleanSpeed,
  write: (form) => (form.live === undefined ? form.table.insert(form.draft) : change(form, form.live)),
};

/** A physical interface of the machine. */
export const physicalRules = (node: NodeRow): FormRules<InterfaceRow> => ({
  parameters: {
    numa_node: integer({ min: 0 }),
    mtu: integer({ min: 0 }),
    accept_ra: nullBoolean,
  },
  initial: () => ({ numa_node: 0 }),
  cleanForm(form) {
    cleanSpeed(form);
    if (form.hasError("name")) return;
    const { cleaned, live, table, region } = form;
    const name = cleaned.get("name") as string | undefined;
    const siblings = table.by("node", node.id).filter((nic) => nic !== live);
    if (!name) {
      if (live === undefined) cleaned.set("name", nextName(siblings));
    } else if (siblings.some((nic) => nic.name === name)) {
      const fqdn = `${node.hostname}.${region.store.domains.need(node.domain).name}`;
      form.addError("name", `Node ${node.system_id} (${fqdn}) already has an interface named '${name}'.`);
    }
  },
  cleanModel(form) {
    const { draft, table, region } = form;
    const mac = draft.mac_address;
    if (!mac) throw Invalid.field("mac_address", "This field cannot be blank.");
    const [other] = table.by("mac_address", mac).filter((nic) => nic.type === "physical" && nic.id !== draft.id);
    if (other === undefined) return;
    const label = interfaceLabel(region.store, other);
    throw Invalid.field("mac_address", `This MAC address is already in use by ${label}.`);
  },
  write(form) {
    const { draft, live, region, table } = form;
    draft.params = changedParams(form);
    if (live !== undefined) return change(form, live);
    const nic = table.insert(draft);
    if (node.node_type === NodeType.MACHINE && node.boot_interface === null) {
      region.store.nodes.update(node, { boot_interface: nic.id });
    }
    ensureLinkUp(region, nic);
    return nic;
  },
});

/** Parameters are set when given, removed when given empty, else kept. */
function changedParams({ draft, cleaned, data }: Form<InterfaceRow>): Record<string, unknown> {
  const entries = new Map(Object.entries(draft.params ?? {}));
  for (const [name, key] of [
    ["mtu", "mtu"],
    ["accept_ra", "accept-ra"],
  ] as const) {
    const value = cleaned.get(name);
    if (value !== undefined && value !== null) entries.set(key, value);
    else if (data.get(name) === "") entries.delete(key);
  }
  return Object.fromEntries(entries);
}

function nextName(siblings: readonly InterfaceRow[]): string {
  let number = 0;
  while (siblings.some((nic) => nic.name === `eth${number}`)) number++;
  return `eth${number}`;
}
