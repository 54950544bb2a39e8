import { KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import { textAt, type Value } from "../../../../lib/model/known";
import { ownerOf } from "../../../../lib/model/owner";
import type { Problem } from "../../../../lib/model/problem";
import { unlistedInterface } from "../../checks/interface";
import { TAGGING, taggingProblem } from "../../checks/interface-tags";
import type { DesiredObject, LiveState } from "./read-live";

/** The name of the interface whose tags the object sets, among those of all nodes; undefined for one that sets none. */
function taggedBy({ kind, attributes }: DesiredObject, live: LiveState): string | undefined {
  const owner = ownerOf(attributes);
  const nic =
    kind === KINDS.network_interface_tag.name
      ? textAt(attributes, "interface_id")
      : (textAt(attributes, "name") ?? textAt(attributes, "mac_address"));
  if (!TAGGING.includes(kind) || !Array.isArray(attributes.tags) || owner === undefined || nic === undefined)
    return undefined;
  const { key = owner.key } = live.findNamed(owner.kind, owner.key) ?? {};
  return `${live.interfaceName({ ...owner, key }, nic) ?? nic} of ${key}`;
}

/** The interfaces whose tags two objects of the document set: an error where both are tag sets, else a warning. */
export function taggedTwice(desired: readonly DesiredObject[], live: LiveState): Problem<string>[] {
  const seen = new Map<string, readonly [ManagedKindName, Value]>();
  return desired.flatMap((object) => {
    const nic = taggedBy(object, live);
    if (nic === undefined) return [];
    const own = [object.kind, object.attributes.tags ?? []] as const;
    const former = seen.get(nic);
    seen.set(nic, former ?? own);
    const problem = former && taggingProblem(nic, [former, own]);
    return problem === undefined ? [] : [{ ...problem, subject: { path: object.path } }];
  });
}

/** The interfaces of devices of the document that are none of those which their devices are to have. */
export function unlistedInterfaces(desired: readonly DesiredObject[]): Problem<string>[] {
  const devices = new Map(
    desired
      .filter(({ kind, ignoreChanges = [] }) => kind === "device" && !ignoreChanges.includes("network_interfaces"))
      .map(({ key, attributes }) => [key, attributes] as const),
  );
  return desired.flatMap(({ path, attributes }) => {
    const owner = ownerOf(attributes);
    const device = owner?.kind === "device" ? devices.get(owner.key) : undefined;
    const problems = device === undefined ? [] : unlistedInterface(attributes, device);
    return problems.map((problem) => ({ ...problem, subject: { path } }));
  });
}
