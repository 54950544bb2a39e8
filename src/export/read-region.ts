import { isOwn, type Kind } from "../../lib/model/kind";
import { KINDS, OTHERS } from "../../lib/model/kinds";
import type { MaasClient } from "../maas/client";
import { type Extent, type RegionRows, Snapshot } from "../maas/snapshot";
import { hiddenRacks } from "../reconcile/hidden-racks";
import { type LiveObject, liveObjects } from "../reconcile/live-objects";

/** What an export works on. */
export interface ReadRegion {
  readonly objects: readonly LiveObject[];
  /** What the region has beside them, that no construct stands for: in sentences without a full stop. */
  readonly unsupported: readonly string[];
}

function unsupportedIn(rows: RegionRows): string[] {
  return OTHERS.flatMap(([collection, { noun, isOwn: isMade = () => true }]) => {
    const { length } = rows[collection].filter(isMade);
    return noun === undefined || length === 0
      ? []
      : [`${length} ${noun}${length === 1 ? "" : "s"}, which no construct stands for`];
  });
}

/** Machines cost a region most. */
const ALL_BUT_MACHINES: Extent = Object.fromEntries(
  [
    ...Object.values<Kind>(KINDS)
      .filter((kind) => isOwn(kind) && kind.api.isHeavy !== true)
      .map(({ api }) => api.collection),
    ...OTHERS.filter(([, { noun }]) => noun !== undefined).map(([collection]) => collection),
  ].map((collection) => [collection, "all"] as const),
);

/** Reads all that can be exported, in one GET per collection; machines, which cost a region most, only on demand. */
export async function readRegion(
  client: Pick<MaasClient, "get">,
  { machines }: { readonly machines: boolean },
): Promise<ReadRegion> {
  const rows = await new Snapshot(client).rows(machines ? { ...ALL_BUT_MACHINES, machines: "all" } : ALL_BUT_MACHINES);
  const hidden = await hiddenRacks(client, rows.rackcontrollers);
  const racks = hidden === undefined ? [] : [`rack controllers, their interfaces and DHCP: ${hidden}`];
  return { objects: liveObjects(rows), unsupported: [...racks, ...unsupportedIn(rows)] };
}
