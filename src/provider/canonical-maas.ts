import { recordType } from "../../lib/model/dns";
import type { KindName } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { OWNER_KINDS, ownedName, ownerOf } from "../../lib/model/owner";
import { fault } from "../../lib/model/problem";
import { ObjectError } from "../reconcile/objects/failure";
import { readAs, type Stored } from "./stored-value";

/** An attribute as text; undefined when it has none. */
function textIn(stored: Stored, name: string): string | undefined {
  const text = readAs("string", stored[name]);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** An unset number, text or set, as its SDK writes it. */
const orNone = (value: unknown): unknown =>
  value === 0 || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;

/**
 * `vlan` is a VID or an id beside `fabric`, and nothing without it: the refresh then reads it anew by the subnet's own id. Only
 * this provider writes `fabric_id`.
 */
const subnet = (stored: Stored): Stored =>
  "fabric_id" in stored || textIn(stored, "fabric") !== undefined ? stored : { ...stored, vlan: null };

/**
 * Its id is the VID at first, FABRIC/VID in later versions. What was imported has no other attribute, and by their rules is
 * in the fabric with id 0. Only this provider writes `dhcp_on`.
 */
function vlanDhcp(stored: Stored): Stored {
  const [, fabric, vid] = /^(?:(\d+)\/)?(\d+)$/.exec(textIn(stored, "id") ?? "") ?? [];
  if (vid === undefined || "dhcp_on" in stored) return stored;
  const inFabric = fabric ?? textIn(stored, "fabric") ?? "0";
  const settings = ["relay_vlan", "primary_rack_controller", "secondary_rack_controller", "ip_ranges", "subnets"];
  return {
    ...stored,
    id: `${inFabric}:${vid}`,
    fabric: inFabric,
    vlan: vid,
    ...Object.fromEntries(settings.map((name) => [name, orNone(stored[name])])),
  };
}

/** Its id is that of the link alone. */
function networkInterfaceLink(stored: Stored): Stored {
  const id = textIn(stored, "id") ?? "";
  if (!/^\d+$/.test(id)) return stored;
  const named = Object.fromEntries(OWNER_KINDS.map((kind) => [kind, textIn(stored, kind) ?? null]));
  const [owner, nic] = [ownerOf(named), textIn(stored, "network_interface")];
  if (owner !== undefined && nic !== undefined) return { ...stored, ...named, id: `${ownedName(owner, nic)}#${id}` };
  throw new ObjectError(
    fault("MAAS-STA-01", "machine", {
      what: `the state of link ${id} names no machine and no device`,
      why: "The id alone does not tell what it is a link of.",
      fix: "Remove it from the state (terraform state rm), then import the link by its natural key.",
    }),
  );
}

/** Its SDK writes no TTL as 0, which no domain can have. */
const dnsDomain = (stored: Stored): Stored => ({ ...stored, ttl: orNone(stored.ttl) });

/** Its id is a number, of one collection of MAAS or of another, as the type tells. */
function dnsRecord(stored: Stored): Stored {
  const id = textIn(stored, "id") ?? "";
  if (!/^\d+$/.test(id)) return stored;
  const { fqdn, name, domain, ttl } = stored;
  return {
    ...stored,
    id: `${recordType(textIn(stored, "type") ?? "")}:${id}`,
    ...{ fqdn: orNone(fqdn), name: orNone(name), domain: orNone(domain), ttl: orNone(ttl) },
  };
}

const CONVERSIONS: Readonly<Partial<Record<KindName, (stored: Stored) => Stored>>> = {
  subnet,
  vlan_dhcp: vlanDhcp,
  network_interface_link: networkInterfaceLink,
  dns_domain: dnsDomain,
  dns_record: dnsRecord,
};

/**
 * A state of canonical/maas in the words of this provider, where the two differ in more than types. What this provider
 * wrote stays as it is. Ids become natural keys, which the first refresh resolves.
 *
 * @see canonical/terraform-provider-maas 2.4.0 maas/resource_maas_*.go; bd3df43 resource_maas_vlan_dhcp.go
 */
export function fromCanonicalMaas(kind: Kind, stored: Stored): Stored {
  return CONVERSIONS[kind.name]?.(stored) ?? stored;
}
