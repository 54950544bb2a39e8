import type { Params } from "../../api/params";
import { crash, Invalid } from "../../model/errors";
import { find } from "../../model/specifier";
import type { Store } from "../../model/store";
import { config, setting } from "../settings";
import type { DnsResourceRow } from "./dns-resource";
import type { DomainRow } from "./domain";

export const LARGEST_TTL = 2147483647;

/** Where the store keeps which domain is the default one. */
export const DEFAULT_DOMAIN = "default_domain";

export const defaultDomainId = (store: Store): number => (config(store, DEFAULT_DOMAIN) as number | undefined) ?? 0;

/** The full name of a DNS resource. */
export function fqdn({ domains }: Store, resource: DnsResourceRow): string {
  const domain = domains.need(resource.domain).name;
  return resource.name === "@" ? domain : `${resource.name ?? "None"}.${domain}`;
}

const LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,62}[a-zA-Z0-9])?";
const SERVICE_LABEL = "_[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,62}[a-zA-Z0-9])?";
const SERVICE_NAME = `${SERVICE_LABEL}.${SERVICE_LABEL}(?:.${LABEL})?`;
const DOMAIN = `(?:${LABEL}[.])*${LABEL}[.]?`;
const DOMAIN_NAME = new RegExp(`^${DOMAIN}$`);
const SPECIAL_NAMES = new Set(["", "@", "*"]);

/** @throws Invalid unless the text can name a DNS zone that MAAS serves */
export function checkDomainName(store: Store, name: string): void {
  if (name.length > 255) throw Invalid.whole("Domain name length cannot exceed 255 characters.");
  if (!DOMAIN_NAME.test(name)) {
    if (/[^a-zA-Z0-9\-.]/.test(name)) throw Invalid.whole("Domain name contains invalid characters.");
    throw Invalid.whole(`Invalid domain name: ${name}.`);
  }
  if (name === setting(store, "maas_internal_domain")) {
    throw Invalid.whole("Domain name cannot duplicate maas internal domain name.");
  }
}

/** @throws Invalid unless the text is one DNS label (for SRV, a service name) */
export function checkResourceName(name: string | null | undefined, rrtype: string): void {
  if (name === null || name === undefined || SPECIAL_NAMES.has(name)) return;
  const pattern = rrtype === "SRV" ? SERVICE_NAME : LABEL;
  if (!new RegExp(`^${pattern}$`).test(name)) throw Invalid.whole(`Invalid dnsresource name: ${name}.`);
}

/**
 * Splits a full name into label and domain, as MAAS does for the kind of record: the dot between may be any character.
 * @throws MaasError 500 for names that MAAS cannot split
 */
function splitName(
  store: Store,
  fqdn: string,
  rrtype: string | undefined,
): { name: string; domain: string | undefined } {
  if (SPECIAL_NAMES.has(fqdn)) return { name: fqdn, domain: undefined };
  if (store.domains.hasBy("name", fqdn)) return { name: "@", domain: fqdn };
  const label = rrtype === "SRV" ? SERVICE_NAME : LABEL;
  const groups = new RegExp(`^(?<name>${label}).(?<domain>${DOMAIN})$`).exec(fqdn)?.groups;
  if (groups === undefined) throw crash("cannot unpack non-iterable NoneType object");
  return { name: groups.name ?? "", domain: groups.domain };
}

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
  const fullName = data.text("fqdn");
  if (domainText === undefined && name === undefined && fullName !== undefined) {
    ({ name, domain: domainText } = splitName(store, fullName, rrtype));
    data.set("name", name);
    data.set("domain", domainText ?? null);
  }
  if (domainText === undefined) return { name, domain: undefined };
  const domain = find(store, store.domains, /^\d+$/.test(domainText) ? domainText : `name:${domainText}`);
  data.set("domain", domain.id);
  return { name, domain };
}
