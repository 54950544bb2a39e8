import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, textAt } from "../../../lib/model/known";
import { type Owner, ownerOf } from "../../../lib/model/owner";
import { type Problem, warning } from "../../../lib/model/problem";
import { macAddress } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { CHANGEABLE_STATES, inItsState } from "../ops/interface-refusals";
import { tryResolve } from "../references/lookups";
import { nodeOf } from "../references/references";
import { macsOf } from "../region/node-interfaces";
import { describeLink, findInterface, interfacesOf, linksOf } from "../region/nodes";
import type { Checked } from "./checked";
import { taggedTwice } from "./interface-tags";
import { checkWithReferences } from "./with-references";

const hasAddress = ({ subnet }: ObjectJson): boolean => (subnet ?? null) !== null;

/** The interfaces that lose their links with the change: what gets another VLAN, and what a bond or a bridge is put over. */
async function losing(
  { region, kind, prior, own }: Checked,
  planned: Attributes,
  node: ObjectJson,
): Promise<ObjectJson[]> {
  const found: ObjectJson[] = [];
  const nics = interfacesOf(node);
  const { vlan } = planned;
  const id = own.id ?? (prior === undefined ? undefined : textOf(prior.id));
  const itself = nics.find((nic) => textOf(nic.id) === id);
  if (itself !== undefined && typeof vlan === "string" && prior?.vlan !== vlan) {
    const to = await tryResolve(region, "vlan", vlan, "after");
    if (to !== textOf((itself.vlan as ObjectJson | null)?.id ?? "")) found.push(itself);
  }
  if (kind.api.interfaceType !== "bond" && kind.api.interfaceType !== "bridge") return found;
  const before = new Set(itself === undefined ? [] : (itself.parents as readonly unknown[]));
  const parents = [planned.parents ?? planned.parent ?? []].flat();
  for (const key of parents) {
    const parent = typeof key === "string" ? findInterface(node, key) : undefined;
    if (parent !== undefined && !before.has(parent.name)) found.push(parent);
  }
  return found;
}

/** What MAAS removes without a word when an interface is put over others or gets another VLAN. */
async function lostLinks(checked: Checked, planned: Attributes, node: ObjectJson): Promise<Problem[]> {
  const found = (await losing(checked, planned, node)).flatMap((nic) =>
    linksOf(nic)
      .filter(hasAddress)
      .map((link) => `${describeLink(link)} of ${textOf(nic.name)}`),
  );
  if (found.length === 0) return [];
  const { title } = checked.kind;
  return [
    warning("MAAS-OPS-22", undefined, {
      what: `MAAS removes links of ${textOf(node.hostname)} with this change: ${found.join("; ")}`,
      why: "An interface keeps its links neither under a bond or a bridge nor on another VLAN.",
      fix: `Link the ${title} (${KINDS.network_interface_link.type}) where its addresses are still needed. Links of your own that go need another apply.`,
    }),
  ];
}

/** The rows of the interfaces that an interface is to be made over, as far as the machine has them. */
const parentsOf = (planned: Attributes, node: ObjectJson): readonly ObjectJson[] =>
  [planned.parents ?? planned.parent ?? []].flat().flatMap((key) => {
    const nic = typeof key === "string" ? findInterface(node, key) : undefined;
    return nic === undefined ? [] : [nic];
  });

/** That no parent of a bond has a connected cable, as far as MAAS has seen. */
function deadBond({ kind }: Checked, planned: Attributes, node: ObjectJson): Problem[] {
  const parents = kind.api.interfaceType === "bond" ? parentsOf(planned, node) : [];
  if (parents.length === 0 || !parents.every(({ link_connected: isUp }) => isUp === false)) return [];
  const names = parents.map(({ name }) => textOf(name)).join(", ");
  return [
    warning("MAAS-OPS-24", "parents", {
      what: `no parent of the bond on ${textOf(node.hostname)} is connected: ${names}`,
      why: "MAAS has seen no cable on them when the machine was commissioned, so that nothing is reached over the bond.",
      fix: "Connect one of them, or name others; then commission the machine again.",
    }),
  ];
}

/** That the VLAN of a VLAN interface is of another fabric than what it is made over, which MAAS takes and no switch can serve. */
async function strayVlan({ region, kind }: Checked, planned: Attributes, node: ObjectJson): Promise<Problem[]> {
  const { vlan } = planned;
  const [parent] = kind.name === KINDS.network_interface_vlan.name ? parentsOf(planned, node) : [];
  const under = parent?.vlan as ObjectJson | null | undefined;
  if ((under ?? null) === null || typeof vlan !== "string") return [];
  const id = await tryResolve(region, "vlan", vlan, "after");
  const row = id === undefined ? undefined : await region.snapshot.read("vlans", id);
  if (row === undefined || row.fabric_id === under?.fabric_id) return [];
  const [own, theirs] = [textOf(row.fabric), textOf(under?.fabric)];
  return [
    warning("MAAS-OPS-24", "vlan", {
      what: `VLAN ${own}:${textOf(row.vid)} is in the fabric ${own}, and ${textOf(parent?.name)} of ${textOf(node.hostname)} in ${theirs}`,
      why: "A tagged VLAN reaches an interface through the fabric that the interface is connected to.",
      fix: `Name a VLAN of ${theirs}, as in ${theirs}:${textOf(row.vid)}. If this run moves ${textOf(parent?.name)} to ${own}, there is nothing to do.`,
    }),
  ];
}

/** That an interface of a device is none of those which the same run gives the device, if it is none. */
export function unlistedInterface(nic: Attributes, device: Attributes): Problem<string>[] {
  const [macs, mac] = [macsOf(device), textAt(nic, "mac_address")];
  if (macs === undefined || mac === undefined || macs.includes(macAddress(mac))) return [];
  return [
    warning("MAAS-CON-07", "mac_address", {
      what: `${mac} is not among the network_interfaces of device ${textAt(device, "hostname") ?? ""}, which this run manages too`,
      why: "A device has exactly the interfaces that are named there, so that its next apply deletes this one.",
      fix: `Add { mac_address = "${mac}" } to network_interfaces of the maas_device.`,
    }),
  ];
}

/** The same of an interface that is planned: its device may be planned by its id or its hostname. */
function unlisted({ kind, planned: run }: Checked, planned: Attributes, owner: Owner): Problem<string>[] {
  if (owner.kind !== "device" || kind.api.interfaceType === undefined) return [];
  const devices = [...run.of("device")].filter(
    ({ id, attributes }) => attributes !== undefined && [id, attributes.hostname, attributes.fqdn].includes(owner.key),
  );
  return devices.flatMap(({ attributes = {} }) => unlistedInterface(planned, attributes));
}

/**
 * What the user should know before an interface is made or changed: that its machine is in a state that allows no change,
 * what it is made over that can't serve it, and which links go. The machine may be released in the same run, so that the state is a warning.
 */
export async function checkInterface(checked: Checked, planned: Attributes): Promise<Problem[]> {
  const { region, own, moment } = checked;
  const twice = await taggedTwice(checked, planned);
  if (!own.isChanged) return twice;
  const rules = [...twice, ...(await checkWithReferences(checked, planned))];
  const owner = moment === "plan" ? ownerOf(planned) : undefined;
  const node = owner && (await nodeOf(region, owner));
  if (owner === undefined || node === undefined) return rules;
  const state = node.status_name;
  const isBusy = typeof state === "string" && !CHANGEABLE_STATES.includes(state);
  return [
    ...rules,
    ...(isBusy ? [warning("MAAS-OPS-08", owner.kind, inItsState(node))] : []),
    ...unlisted(checked, planned, owner),
    ...deadBond(checked, planned, node),
    ...(await strayVlan(checked, planned, node)),
    ...(await lostLinks(checked, planned, node)),
  ];
}
