import { fabricName } from "./models/fabric";
import { linksOf } from "./models/interface";
import { type LinkMode, linkMode } from "./models/ip-address";
import { isRack, spaceNameOf, vlanName } from "./models/vlan";
import type { Store } from "./store/store";
import type { VlanRow } from "./store/rows";
import type { MaasVersion } from "./versions";

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
  readonly vlan: VlanKey | null;
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
  readonly reservedIps: readonly { readonly ip: string; readonly macAddress: string; readonly subnet: string }[];
  readonly racks: readonly { readonly hostname: string; readonly systemId: string }[];
  readonly interfaces: readonly InterfaceState[];
}

export function readState(store: Store, version: MaasVersion): RegionState {
  const hostname = (id: number | null) => store.nodes.get(id)?.hostname ?? null;
  const key = (vlan: VlanRow): VlanKey => ({ fabric: fabricName(store.fabrics.need(vlan.fabricId)), vid: vlan.vid });
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
      dhcpOn: vlan.dhcpOn,
      primaryRack: hostname(vlan.primaryRackId),
      secondaryRack: hostname(vlan.secondaryRackId),
      relayVlan: keyOf(vlan.relayVlanId),
    })),
    subnets: store.subnets.all().map((subnet) => ({
      cidr: subnet.cidr,
      name: subnet.name,
      vlan: key(store.vlans.need(subnet.vlanId)),
      gatewayIp: subnet.gatewayIp,
      dnsServers: subnet.dnsServers,
      managed: subnet.managed,
    })),
    ranges: store.ranges.all().map(({ subnetId, type, startIp, endIp, comment }) => ({
      subnet: cidr(subnetId),
      type,
      startIp,
      endIp,
      comment,
    })),
    staticRoutes: store.routes.all().map(({ sourceId, destinationId, gatewayIp }) => ({
      source: cidr(sourceId),
      destination: cidr(destinationId),
      gatewayIp,
    })),
    reservedIps: store.reservedIps
      .all()
      .map(({ ip, macAddress, subnetId }) => ({ ip, macAddress, subnet: cidr(subnetId) })),
    racks: store.nodes
      .all()
      .filter(isRack)
      .map(({ hostname: name, systemId }) => ({ hostname: name, systemId })),
    interfaces: store.interfaces.all().map((nic) => ({
      node: hostname(nic.nodeId) ?? "",
      name: nic.name,
      vlan: keyOf(nic.vlanId),
      links: linksOf(store, nic).map((link) => ({
        mode: linkMode(link),
        subnet: store.subnets.get(link.subnetId)?.cidr ?? null,
        ip: link.ip,
      })),
    })),
  };
}
