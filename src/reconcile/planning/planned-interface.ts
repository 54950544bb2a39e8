import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import { tryResolve } from "../objects/references";
import { CHANGEABLE_STATES, inItsState } from "../ops/interface-refusals";

import { describeLink, findInterface, interfacesOf, linksOf } from "../region/nodes";
import { checkWithReferences } from "./planned-references";
import type { Checked } from "./side-effects";

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

/**
 * What the user should know before an interface is made or changed: that its machine is in a state that allows no change,
 * and which links go. The machine may be released in the same run, so that the state is a warning.
 */
export async function checkInterface(checked: Checked, planned: Attributes): Promise<Problem[]> {
  const { region, own, moment } = checked;
  if (!own.isChanged) return [];
  const rules = await checkWithReferences(checked, planned);
  const { machine } = planned;
  if (moment !== "plan" || typeof machine !== "string" || !isKnown(machine)) return rules;
  const systemId = await tryResolve(region, "machine", machine);
  const node = systemId === undefined ? undefined : await region.snapshot.read("machines", systemId);
  if (node === undefined) return rules;
  const state = node.status_name;
  const isBusy = typeof state === "string" && !CHANGEABLE_STATES.includes(state);
  return [
    ...rules,
    ...(isBusy ? [warning("MAAS-OPS-08", "machine", inItsState(node))] : []),
    ...(await lostLinks(checked, planned, node)),
  ];
}
