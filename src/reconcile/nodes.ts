import type { ObjectJson } from "../maas/codec";

/** The names by which a node may be called, its hostname first. */
export function namesOf({ hostname, fqdn, system_id: systemId }: ObjectJson): string[] {
  const names = [hostname, fqdn, systemId].flatMap((name) => (typeof name === "string" ? [name] : []));
  return [...new Set(names)];
}
