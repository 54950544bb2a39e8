import { defaultDomainId } from "../resources/dns/names";
import type { Store } from "../model/store";
import { fqdn } from "../resources/dns/names";
import { linksOf, parentsOf } from "../resources/interface/rows";
import { AllocType, type LinkMode, linkMode } from "../resources/ip-address/addresses";
import { fabricName, spaceNameOf, vlanName } from "../resources/names";
import { isRack } from "../resources/node/kinds";
import { changedSettings } from "../resources/settings";
import type { VlanRow } from "../resources/vlan";
import type { MaasVersion } from "../versions";

/** A VLAN's natural key. */
export interface VlanKey {
  readonly fabric: string;
  readonly vid: number;
}

export interface VlanState extends VlanKey {
  readonly name: string | null;
  readonly mtu: number;
  readonly space: string;
  readonly dhcpOn: boolean;
  readonly primaryRack: string | null;
  readonly secondaryRack: string | null;
  readonly relayVlan: VlanKey | null;
}

export interface SubnetState {
  readonly cidr: string;
  readonly name: string;
  readonly vlan: VlanKey;
  readonly gatewayIp: string | null;
  readonly dnsServers: readonly string[];
  readonly managed: boolean;
}

export interface RangeState {
  readonly subnet: string;
  readonly type: string;
  readonly startIp: string;
  readonly endIp: string;
  readonly comment: string | null;
}

export interface InterfaceState {
  /** The node's hostname. */
  readonly node: string;
  readonly name: string;
  readonly type: string;
  readonly macAddress: string | null;
  readonly vlan: VlanKey | null;
  /** Names of the interfaces that it is made over. */
  readonly parents: readonly string[];
  readonly tags: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly mode: LinkMode; readonly subnet: string | null; readonly ip: string | null }[];
}

/** What the region holds, by natural keys: for assertions in tests. */
export interface RegionState {
  readonly fabrics: readonly string[];
  readonly spaces: readonly string[];
  readonly vlans: readonly VlanState[];
  readonly subnets: readonly SubnetState[];
  readonly ranges: readonly RangeState[];
  readonly staticRoutes: readonly {
    readonly source: string;
    readonly destination: string;
    readonly gatewayIp: string;
  }[];
  readonly reservedIps: readonly {
    readonly ip: string;
    readonly macAddress: string;
    readonly subnet: string;
    readonly comment: string | null;
  }[];
  readonly domains: readonly string[];
  readonly defaultDomain: string;
  /** Each address of a name, and each other record. */
  readonly dnsRecords: readonly { readonly fqdn: string; readonly type: string; readonly data: string }[];
  /** The addresses that a user has reserved, for DNS records too: what they name no longer may stay reserved. */
  readonly reservedAddresses: readonly string[];
  readonly racks: readonly { readonly hostname: string; readonly systemId: string }[];
  readonly interfaces: readonly InterfaceState[];
  /** The links that are the default gateways of machines. */
  readonly defaultGateways: readonly {
    readonly node: string;
    readonly subnet: string | null;
    readonly ip: string | null;
  }[];
  readonly dhcpSnippets: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly enabled: boolean;
    readonly description: string;
    readonly subnet: string | null;
    readonly node: string | null;
  }[];
  /** Those that are not as MAAS was installed. */
  readonly settings: readonly { readonly name: string; readonly value: unknown }[];
}

export function readState(store: Store, version: MaasVersion): RegionState {
  const hostname = (id: number | null) => store.nodes.get(id)?.hostname ?? null;
  const key = (vlan: VlanRow): VlanKey => ({ fabric: fabricName(store.fabrics.need(vlan.fabric)), vid: vlan.vid });
  const keyOf = (id: number | null) => (id === null ? null : key(store.vlans.need(id)));
  const cidr = (id: number) => store.subnets.need(id).cidr;
  return {
    fabrics: store.fabrics.all().map(fabricName),
    spaces: store.spaces.all().map((space) => space.name ?? `space-${space.id}`),
    vlans: store.vlans.all().map((vlan) => ({
      ...key(vlan),
      name: vlanName(store, version.features, vlan),
      mtu: vlan.mtu,
      space: spaceNameOf(store, vlan),
      dhcpOn: vlan.dhcp_on,
      primaryRack: hostname(vlan.primary_rack),
      secondaryRack: hostname(vlan.secondary_rack),
      relayVlan: keyOf(vlan.relay_vlan),
    })),
    subnets: store.subnets.all().map((subnet) => ({
      cidr: subnet.cidr,
      name: subnet.name,
      vlan: key(store.vlans.need(subnet.vlan)),
      gatewayIp: subnet.gateway_ip,
      dnsServers: subnet.dns_servers,
      managed: subnet.managed,
    })),
    ranges: store.ip_ranges.all().map(({ subnet, type, start_ip, end_ip, comment }) => ({
      subnet: cidr(subnet),
      type,
      startIp: start_ip,
      endIp: end_ip,
      comment,
    })),
    staticRoutes: store.static_routes.all().map(({ source, destination, gateway_ip }) => ({
      source: cidr(source),
      destination: cidr(destination),
      gatewayIp: gateway_ip,
    })),
    reservedIps: store.reserved_ips
      .all()
      .map(({ ip, mac_address, subnet, comment }) => ({ ip, macAddress: mac_address, subnet: cidr(subnet), comment })),
    domains: store.domains.all().map(({ name }) => name),
    defaultDomain: store.domains.need(defaultDomainId(store)).name,
    dnsRecords: store.dns_resources.all().flatMap((resource) => {
      const name = fqdn(store, resource);
      const addresses = resource.ip_addresses.map((id) => store.ip_addresses.need(id).ip ?? "");
      const others = store.dns_records.by("dnsresource", resource.id);
      return [
        ...addresses.map((data) => ({ fqdn: name, type: "A/AAAA", data })),
        ...others.map(({ rrtype, rrdata }) => ({ fqdn: name, type: rrtype, data: rrdata })),
      ];
    }),
    reservedAddresses: store.ip_addresses
      .all()
      .flatMap(({ ip, alloc_type: type }) => (type === AllocType.USER_RESERVED && ip !== null ? [ip] : [])),
    racks: store.nodes
      .all()
      .filter(isRack)
      .map(({ hostname: name, system_id }) => ({ hostname: name, systemId: system_id })),
    interfaces: store.interfaces.all().map((nic) => ({
      node: hostname(nic.node) ?? "",
      name: nic.name,
      type: nic.type,
      macAddress: nic.mac_address,
      vlan: keyOf(nic.vlan),
      parents: parentsOf(store, nic).map((parent) => parent.name),
      tags: nic.tags,
      params: nic.params,
      links: linksOf(store, nic).map((link) => ({
        mode: linkMode(link),
        subnet: store.subnets.get(link.subnet)?.cidr ?? null,
        ip: link.ip,
      })),
    })),
    defaultGateways: store.nodes.all().flatMap(({ hostname: node, gateway_link_ipv4, gateway_link_ipv6 }) =>
      [gateway_link_ipv4, gateway_link_ipv6].flatMap((id) => {
        const link = id === null ? undefined : store.ip_addresses.get(id);
        return link === undefined ? [] : [{ node, subnet: store.subnets.get(link.subnet)?.cidr ?? null, ip: link.ip }];
      }),
    ),
    dhcpSnippets: store.dhcp_snippets.all().map(({ name, value, enabled, description, subnet, node }) => ({
      ...{ name, enabled, description, value: store.text_files.need(value).data },
      ...{ subnet: store.subnets.get(subnet)?.cidr ?? null, node: hostname(node) },
    })),
    settings: changedSettings(store),
  };
}
