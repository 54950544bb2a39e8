import { ownerOf } from "../../../../lib/model/owner";
import type { Problem } from "../../../../lib/model/problem";
import { unlistedInterface } from "../../planning/planned-device";
import type { DesiredObject } from "./read-live";

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
