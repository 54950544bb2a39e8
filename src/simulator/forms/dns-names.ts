import { crash } from "../errors";
import type { Store } from "../store/store";
import { Invalid } from "./invalid";
import { setting } from "../settings";

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

/** The check of each label that MAAS's column type makes beside {@link checkDomainName}. @throws Invalid */
export function checkDomainLabels(name: string): void {
  if (name.length > 255) throw Invalid.whole("Hostname is too long.  Maximum allowed is 255 characters.");
  for (const label of name.split(".")) {
    if (label.length === 0) throw Invalid.whole("DNS name contains an empty label.");
    if (label.length > 63) {
      throw Invalid.whole(`Label is too long: '${label}'.  Maximum allowed is 63 characters.`);
    }
    if (/^-|-$/.test(label)) throw Invalid.whole(`Label cannot start or end with hyphen: '${label}'.`);
    if (/[^a-zA-Z0-9-]/.test(label)) throw Invalid.whole(`Label contains disallowed characters: '${label}'.`);
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
export function splitName(
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
