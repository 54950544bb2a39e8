import { ADDRESS_RECORD, addressesIn, APEX, dnsName, fqdnOf, recordType } from "../../../../lib/model/dns";
import { type Attributes, textAt } from "../../../../lib/model/known";
import { AddressRange } from "../../../../lib/model/address-range";
import type { OrderRule } from "./order-rules";
import { ANY_SUBNET, type KeyOf, keyOfKind, makes } from "./step-graph";

const typeOf = (attributes: Attributes | undefined): string => recordType(textAt(attributes, "type") ?? "");

/** The full name of a record. */
function nameOf(attributes: Attributes | undefined): string | undefined {
  const [name, domain] = [textAt(attributes, "name"), textAt(attributes, "domain")];
  return name === undefined || domain === undefined ? undefined : dnsName(fqdnOf(name, domain));
}

/** The full name that a record is deleted at. */
const recordLeft = keyOfKind("dns_record", ({ action, live }) => (action === "delete" ? nameOf(live) : undefined));

/** The name that a domain has no longer. */
const domainLeft = keyOfKind("dns_domain", ({ action, live, desired }) => {
  const name = textAt(live, "name");
  return action === "delete" || textAt(desired, "name") !== name ? name : undefined;
});

const ANY = "any";

/** Whether a domain becomes the default one. */
const takesDefault: KeyOf = keyOfKind("dns_domain", ({ live, desired }) =>
  desired?.is_default === true && live?.is_default !== true ? ANY : undefined,
);

/** Whether records of these types can't be at one name together. */
const excludes = (one: string, other: string): boolean =>
  [one, other].includes("CNAME") || (one === ADDRESS_RECORD && other === ADDRESS_RECORD);

/**
 * The order of DNS records and domains.
 *
 * @see MAAS models/dnsdata.py, models/dnsresource.py, models/domain.py (3.6.4); live regions 3.4.10 to 3.7.3
 */
export const DNS_ORDER: readonly OrderRule[] = [
  {
    why: "MAAS takes nothing beside a CNAME, and a name's addresses once, so that what was at a name goes first",
    of: ["dns_record"],
    after: ({ action, desired }, graph) =>
      action === "create"
        ? graph.by(recordLeft, nameOf(desired)).filter(({ live }) => excludes(typeOf(live), typeOf(desired)))
        : [],
  },
  {
    why: "MAAS takes the address off all names along with the link that has it, so that the link goes first",
    of: ["dns_record"],
    after: (change, graph) =>
      change.action !== "create"
        ? []
        : (addressesIn(textAt(change.desired, "data") ?? "") ?? [])
            .flatMap((address) => graph.givingUp(ANY_SUBNET, new AddressRange(address, address)))
            .filter(({ kind, action }) => kind !== change.kind && action === "delete"),
  },
  {
    why: "MAAS tells a record by its full name alone, so that a domain of that name goes before it",
    of: ["dns_record"],
    after: (change, graph) =>
      makes(change) && textAt(change.desired, "name") !== APEX ? graph.by(domainLeft, nameOf(change.desired)) : [],
  },
  {
    why: "a region always has a default domain, so that another one takes its place before it goes",
    isSoft: true,
    of: ["dns_domain"],
    after: ({ live, action, desired }, graph) =>
      live?.is_default === true && (action === "delete" || desired?.is_default === false)
        ? graph.by(takesDefault, ANY)
        : [],
  },
];
