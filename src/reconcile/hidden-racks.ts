import type { MaasClient } from "../maas/client";
import { MaasHttpError } from "../maas/errors";

/** Whether the key is a plain user's. A release that does not tell is taken for an administrator's. */
async function isPlainUser(client: Pick<MaasClient, "get">): Promise<boolean> {
  try {
    const user = await client.get("users/", { op: "whoami" });
    return typeof user === "object" && user !== null && "is_superuser" in user && user.is_superuser === false;
  } catch (error) {
    if (error instanceof MaasHttpError) return false;
    throw error;
  }
}

/**
 * Why a region seems to have no racks, in a sentence without a full stop: MAAS answers a plain user's key with an empty
 * list. Undefined when there are some, or when there are none indeed. Asks the region only where the list is empty.
 *
 * @see live regions: `rackcontrollers/` as a non-admin is 200 `[]` (3.4.10, 3.6.5, 3.7.3)
 */
export async function hiddenRacks(
  client: Pick<MaasClient, "get">,
  racks: readonly unknown[],
): Promise<string | undefined> {
  if (racks.length > 0 || !(await isPlainUser(client))) return undefined;
  return "this API key is a plain user's, to which MAAS shows no rack controllers; nothing about racks, their interfaces and the DHCP that they serve was checked. Use the key of an administrator in MAAS_API_KEY";
}
