import type { Collection } from "../../lib/model/kinds";
import type { MaasClient } from "../maas/client";
import type { ObjectJson } from "../maas/codec";
import { type Extent, type RegionRows, Snapshot } from "../maas/snapshot";
import { hiddenRacks } from "../reconcile/hidden-racks";
import { type LiveObject, liveObjects } from "../reconcile/live-objects";

/** What an export works on. */
export interface ReadRegion {
  readonly objects: readonly LiveObject[];
  /** What the region has beside them, that no construct stands for: in sentences without a full stop. */
  readonly unsupported: readonly string[];
}

/** What MAAS has of networks and the package has no construct for. */
const UNSUPPORTED: readonly {
  readonly collection: Collection;
  readonly noun: string;
  readonly isOwn?: (row: ObjectJson) => boolean;
}[] = [
  { collection: "static-routes", noun: "static route" },
  { collection: "reservedips", noun: "reserved IP" },
  { collection: "dhcp-snippets", noun: "DHCP snippet" },
  { collection: "domains", noun: "DNS domain", isOwn: ({ is_default: isDefault }) => isDefault !== true },
  { collection: "dnsresources", noun: "DNS resource" },
];

function unsupportedIn(rows: RegionRows): string[] {
  return UNSUPPORTED.flatMap(({ collection, noun, isOwn = () => true }) => {
    const { length } = rows[collection].filter(isOwn);
    return length === 0 ? [] : [`${length} ${noun}${length === 1 ? "" : "s"}, which no construct stands for`];
  });
}

const ALL_BUT_MACHINES: Extent = {
  ...({ fabrics: "all", spaces: "all", subnets: "all", ipranges: "all", rackcontrollers: "all" } as const),
  ...Object.fromEntries(UNSUPPORTED.map(({ collection }) => [collection, "all"] as const)),
};

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
