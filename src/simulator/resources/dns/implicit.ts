import type { Store } from "../../model/store";
import { API_PATH, type Json } from "../../model/view";
import type { DomainRow } from "./domain";

/** What MAAS's DNS serves beside the stored resources: addresses of nodes, as pseudo-resources of id -1. */
export function implicitResources(store: Store): Json[] {
  return store.domains.all().flatMap((domain) => ofDomain(store, domain));
}

function ofDomain(store: Store, domain: DomainRow): Json[] {
  const names = new Map<string, Json[]>();
  for (const node of store.nodes.all().filter((row) => row.domain === domain.id)) {
    for (const nic of store.interfaces.by("node", node.id)) {
      for (const address of store.ip_addresses.by("interface", nic.id)) {
        if (address.ip === null) continue;
        const isBoot = node.boot_interface === null || node.boot_interface === nic.id;
        const name = isBoot ? node.hostname : `${nic.name}.${node.hostname}`;
        const record = {
          system_id: node.system_id,
          node_type: node.node_type,
          user_id: address.user,
          dnsresource_id: null,
          ttl: null,
          rrtype: address.ip.includes(":") ? "AAAA" : "A",
          rrdata: address.ip,
          dnsdata_id: null,
        };
        names.set(name, [...(names.get(name) ?? []), record]);
      }
    }
  }
  return [...names].map(([name, records]) => ({
    id: -1,
    fqdn: `${name}.${domain.name}`,
    address_ttl: null,
    ip_addresses: null,
    resource_records: records,
    resource_uri: `${API_PATH}dnsresources/-1/`,
  }));
}
