import { rowsAnswered } from "../maas/answer";
import type { MaasClient } from "../maas/client";
import type { ObjectJson } from "../maas/codec";
import type { RegionListing } from "./live-network";

/** Everything that the rules look at, in seven GETs. */
export async function listRegion(client: Pick<MaasClient, "get">): Promise<RegionListing> {
  const list = async (path: string): Promise<readonly ObjectJson[]> => rowsAnswered(path, await client.get(path));
  const [version, fabrics, subnets, ranges, racks, machines, routes] = await Promise.all([
    client.get("version/") as Promise<{ version: string }>,
    list("fabrics/"),
    list("subnets/"),
    list("ipranges/"),
    list("rackcontrollers/"),
    list("machines/"),
    list("static-routes/"),
  ]);
  return { version: version.version, fabrics, subnets, ranges, racks, machines, routes };
}
