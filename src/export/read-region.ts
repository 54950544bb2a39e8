import { rowsAnswered } from "../maas/answer";
import type { Query } from "../maas/client";
import type { ObjectJson } from "../maas/codec";
import { MaasNoEndpointError } from "../maas/errors";
import { hiddenRacks } from "../reconcile/hidden-racks";
import { type LiveObject, liveObjects } from "../reconcile/live-objects";

/** The part of the client that an export needs. */
interface Reader {
  get(path: string, query?: Query): Promise<unknown>;
}

/** What an export works on. */
export interface ReadRegion {
  readonly objects: readonly LiveObject[];
  /** What the region has beside them, that no construct stands for: in sentences without a full stop. */
  readonly unsupported: readonly string[];
}

/** What MAAS has of networks and the package has no construct for. A release that lacks the path has none. */
const UNSUPPORTED: readonly {
  readonly path: string;
  readonly noun: string;
  readonly isOwn?: (row: ObjectJson) => boolean;
}[] = [
  { path: "static-routes/", noun: "static route" },
  { path: "reservedips/", noun: "reserved IP" },
  { path: "dhcp-snippets/", noun: "DHCP snippet" },
  { path: "domains/", noun: "DNS domain", isOwn: ({ is_default: isDefault }) => isDefault !== true },
  { path: "dnsresources/", noun: "DNS resource" },
];

/** Reads all that can be exported, in one GET per collection; machines, which cost a region most, only on demand. */
export async function readRegion(client: Reader, { machines }: { readonly machines: boolean }): Promise<ReadRegion> {
  const list = async (path: string): Promise<readonly ObjectJson[]> => rowsAnswered(path, await client.get(path));
  const count = async ({ path, noun, isOwn = () => true }: (typeof UNSUPPORTED)[number]): Promise<string[]> => {
    const { length } = (await list(path).catch(noneWhereMissing)).filter(isOwn);
    return length === 0 ? [] : [`${length} ${noun}${length === 1 ? "" : "s"}, which no construct stands for`];
  };
  const [fabrics, spaces, subnets, ipranges, rackcontrollers, nodes, unsupported] = await Promise.all([
    list("fabrics/"),
    list("spaces/"),
    list("subnets/"),
    list("ipranges/"),
    list("rackcontrollers/"),
    machines ? list("machines/") : [],
    Promise.all(UNSUPPORTED.map(count)),
  ]);
  const objects = liveObjects({ fabrics, spaces, subnets, ipranges, rackcontrollers, machines: nodes });
  const hidden = await hiddenRacks(client, rackcontrollers);
  const racks = hidden === undefined ? [] : [`rack controllers, their interfaces and DHCP: ${hidden}`];
  return { objects, unsupported: [...racks, ...unsupported.flat()] };
}

function noneWhereMissing(error: unknown): readonly ObjectJson[] {
  if (error instanceof MaasNoEndpointError) return [];
  throw error;
}
