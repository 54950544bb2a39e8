import type { DomainRow } from "../store/rows";
import type { Json, View } from "./view";

/** What MAAS's DNS serves beside the stored resources: addresses of nodes, as pseudo-resources of id -1. */
export function implicitResources(view: View): Json[] {
  return view.region.store.domains.all().flatMap((domain) => ofDomain(view, domain));
}

function ofDomain({ region: { store } }: View, domain: DomainRow): Json[] {
  const names = new Map<string, Json[]>();
  for (const node of store.nodes.all().filter((row) => row.domainId === domain.id)) {
    for (const nic of store.interfaces.by("node", node.id)) {
      for (const address of store.addresses.by("interface", nic.id)) {
        if (address.ip === null) continue;
        const isBoot = node.bootInterfaceId === null || node.bootInterfaceId === nic.id;
        const name = isBoot ? node.hostname : `${nic.name}.${node.hostname}`;
        const record = {
          system_id: node.systemId,
          node_type: node.nodeType,
          user_id: address.userId,
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
    resource_uri: "/MAAS/api/2.0/dnsresources/-1/",
  }));
}
