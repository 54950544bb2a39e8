import { rowsAnswered } from "../../maas/answer";
import type { Query } from "../../maas/client";
import type { ObjectJson } from "../../maas/codec";
import { MaasHttpError, MaasNoEndpointError } from "../../maas/errors";
import { NO_SPACE } from "../live-objects";
import type { Region } from "../region";

type List = () => Promise<readonly ObjectJson[]>;

/** What dependents are found in, each listed once at most; a release of MAAS that lacks the path has none. */
export interface Listings {
  readonly fabrics: List;
  readonly spaces: List;
  readonly subnets: List;
  readonly ranges: List;
  readonly machines: List;
  readonly racks: List;
  readonly devices: List;
  readonly routes: List;
  readonly reservedIps: List;
  readonly snippets: List;
}

function once<T>(list: () => Promise<T>): () => Promise<T> {
  let listed: Promise<T> | undefined;
  return () => {
    listed ??= list().catch((error: unknown) => {
      listed = undefined;
      throw error;
    });
    return listed;
  };
}

/** Lists a collection once; undefined where MAAS fails to list it. A release that lacks the path has none. */
export function listOnce(
  client: Region["client"],
  path: string,
  query?: Query,
): () => Promise<readonly ObjectJson[] | undefined> {
  return once(async () => {
    try {
      return rowsAnswered(path, await client.get(path, query));
    } catch (error) {
      if (error instanceof MaasNoEndpointError) return [];
      if (error instanceof MaasHttpError && error.status === 500) return undefined;
      throw error;
    }
  });
}

export function listingsOf({ client, snapshot }: Region): Listings {
  const get = (path: string): List => {
    const list = listOnce(client, path);
    return async () => (await list()) ?? [];
  };
  return {
    fabrics: once(() => snapshot.list("fabrics")),
    spaces: once(async () => (await snapshot.list("spaces")).filter(({ id }) => id !== NO_SPACE)),
    subnets: once(() => snapshot.list("subnets")),
    ranges: once(() => snapshot.list("ipranges")),
    machines: once(() => snapshot.list("machines")),
    racks: once(() => snapshot.list("rackcontrollers")),
    devices: get("devices/"),
    routes: get("static-routes/"),
    reservedIps: get("reservedips/"),
    snippets: get("dhcp-snippets/"),
  };
}
