import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../maas/api-path";
import type { ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import type { Region } from "../region";
import type { AddressesInUse } from "./guard";
import type { Step } from "./order";

/** Kinds of allocation that come and go by themselves: by DHCP, or only seen on the wire (MAAS IPADDRESS_TYPE, 3.6.4). */
const FLEETING: readonly unknown[] = [5, 6];

/**
 * The addresses that nodes use on subnets which are to be deleted. MAAS deletes them with the subnet, silently before
 * 3.7.3. The addresses of links that go in the same plan don't count.
 *
 * @param racks hostnames of the racks that serve the subnets: theirs are expected there.
 */
export async function addressesInUse(
  { client }: Region,
  steps: readonly Step[],
  racks: ReadonlySet<string>,
): Promise<AddressesInUse[]> {
  const deleted = steps.filter(({ action }) => action === "delete");
  const linked = new Set(
    deleted.filter(({ kind }) => kind === "network_interface_link").map(({ live }) => live?.ip_address),
  );
  const used = deleted
    .filter(({ kind }) => kind === "subnet")
    .map(async ({ key, id = "" }) => {
      const rows = await listAddresses(client, id);
      const kept = rows.filter(
        ({ ip, alloc_type: type, node_summary: node }) =>
          node !== undefined && !FLEETING.includes(type) && !linked.has(textOf(ip)),
      );
      const users = kept.map(
        ({ ip, node_summary: node }) => [textOf(ip), textOf((node as ObjectJson).hostname)] as const,
      );
      const foreign = users.filter(([, hostname]) => !racks.has(hostname));
      return {
        subnet: key,
        isUsed: users.length > 0,
        foreign: foreign.map(([address, hostname]) => `${address} of ${hostname}`),
      };
    });
  return (await Promise.all(used)).filter(({ isUsed }) => isUsed);
}

async function listAddresses(client: Region["client"], subnet: string): Promise<readonly ObjectJson[]> {
  try {
    return (await client.get(apiPath`subnets/${subnet}/`, { op: "ip_addresses" })) as readonly ObjectJson[];
  } catch (error) {
    if (error instanceof MaasNotFoundError) return [];
    throw error;
  }
}
