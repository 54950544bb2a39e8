import { SYSTEM_ID } from "../../lib/model/kind";
import { type ObjectJson, rowsOf } from "../maas/codec";
import type { Region } from "./region";

/**
 * The rack controller or machine with that system id, hostname or FQDN; undefined when the region has none. An FQDN tells
 * nodes of one hostname in several domains apart.
 */
export async function findNode(
  { client, snapshot }: Region,
  collection: "rackcontrollers" | "machines",
  key: string,
): Promise<ObjectJson | undefined> {
  const named = SYSTEM_ID.test(key) ? await snapshot.read(collection, key) : undefined;
  const found = named ?? (await snapshot.find(collection, key));
  const [hostname = "", ...domain] = key.split(".");
  if (found !== undefined || hostname === "" || domain.length === 0) return found;
  // MAAS looks nodes up by hostname only.
  const alike = rowsOf(await client.get(`${collection}/`, { hostname }));
  return alike.find(({ fqdn }) => typeof fqdn === "string" && fqdn.toLowerCase() === key.toLowerCase());
}

/** The names by which a node may be called, its hostname first. */
export function namesOf({ hostname, fqdn, system_id: systemId }: ObjectJson): string[] {
  const names = [hostname, fqdn, systemId].flatMap((name) => (typeof name === "string" ? [name] : []));
  return [...new Set(names)];
}
