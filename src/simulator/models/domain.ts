import type { DomainRow } from "../store/rows";
import type { Features } from "../versions";
import type { Store } from "../store/store";

/** Where the store keeps which domain is the default one. */
export const DEFAULT_DOMAIN = "default_domain";

export const defaultDomainId = (store: Store): number => (store.config(DEFAULT_DOMAIN) as number | undefined) ?? 0;

/** How many records the domain holds: addresses and other data. */
export function recordCount(store: Store, features: Features, domain: DomainRow): number {
  const resources = store.dnsResources.by("domain", domain.id);
  const addresses = resources.flatMap((resource) => resource.ipAddressIds);
  const data = resources.flatMap((resource) => store.dnsData.by("resource", resource.id));
  return (features.addressesCountedOnce ? new Set(addresses).size : addresses.length) + data.length;
}
