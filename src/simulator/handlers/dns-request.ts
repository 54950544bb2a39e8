import { find } from "../models/lookup";
import { splitName } from "../forms/dns-names";
import type { Params } from "../params";
import type { DomainRow } from "../store/rows";
import type { Store } from "../store/store";

/** Which name and domain a DNS call is about: given apart, or together as `fqdn`. */
export interface AskedName {
  readonly name: string | undefined;
  readonly domain: DomainRow | undefined;
}

/**
 * Reads `fqdn`, or `name` and `domain`, as MAAS's DNS calls take them, and completes the parameters with what was found.
 * @throws MaasError 404 for an unknown domain, 500 for an `fqdn` that MAAS cannot split
 */
export function readName(store: Store, data: Params, rrtype: string | undefined): AskedName {
  let name = data.text("name");
  let domainText = data.text("domain");
  const fqdn = data.text("fqdn");
  if (domainText === undefined && name === undefined && fqdn !== undefined) {
    ({ name, domain: domainText } = splitName(store, fqdn, rrtype));
    data.set("name", name);
    data.set("domain", domainText ?? null);
  }
  if (domainText === undefined) return { name, domain: undefined };
  const domain = find(store, "domain", /^\d+$/.test(domainText) ? domainText : `name:${domainText}`);
  data.set("domain", domain.id);
  return { name, domain };
}
