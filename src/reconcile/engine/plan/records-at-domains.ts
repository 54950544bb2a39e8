import { APEX, dnsName, fqdnOf } from "../../../../lib/model/dns";
import { ofKind } from "../../../../lib/model/kinds";
import { textAt } from "../../../../lib/model/known";
import type { Problem } from "../../../../lib/model/problem";
import { atDomain } from "../../checks/planned-domain";
import type { Step } from "./order";
import type { DesiredObject, LiveState } from "./read-live";
import { makes } from "./step-graph";

interface Sides {
  readonly desired: readonly DesiredObject[];
  /** The region, its objects under the keys that they are to go on under. */
  readonly live: LiveState;
}

/**
 * Records that would be made at the name of a domain which the region has and the document has not: MAAS has them in that
 * domain, so that no run would find them. Domains of the document are left to the rules (MAAS6-DNS-04).
 */
export function recordsAtDomains(steps: readonly Step[], { desired, live }: Sides): Problem<string>[] {
  const gone = new Set(ofKind(steps, "dns_domain").flatMap(({ action, id }) => (action === "delete" ? [id] : [])));
  const own = new Set(ofKind(desired, "dns_domain").map(({ key }) => dnsName(key)));
  const others = new Map(
    live
      .ofKind("dns_domain")
      .filter(({ id, key }) => !gone.has(id) && !own.has(dnsName(key)))
      .map(({ key }) => [dnsName(key), key]),
  );
  return ofKind(steps.filter(makes), "dns_record").flatMap(({ path, desired: record }) => {
    const [name, domain] = [textAt(record, "name"), textAt(record, "domain")];
    if (name === undefined || name === APEX || domain === undefined) return [];
    const fqdn = dnsName(fqdnOf(name, domain));
    const other = others.get(fqdn);
    return other === undefined ? [] : [{ ...atDomain(fqdn, other, domain), subject: { path } }];
  });
}
