import type { Region } from "../region";
import { fabricName } from "../models/fabric";
import { spaceNameOf, vlanName } from "../models/vlan";
import type {
  FabricRow,
  RangeRow,
  ReservedIpRow,
  SpaceRow,
  StaticRouteRow,
  SubnetRow,
  UserRow,
  VlanRow,
} from "../store/rows";

/** A JSON object of the API. */
export type Json = Record<string, unknown>;

export const API_PATH = "/MAAS/api/2.0/";

/** The objects of one reply, each rendered once however often it is nested. */
export class View {
  private readonly vlans = new Map<number, Json>();
  private readonly subnets = new Map<number, Json>();

  constructor(readonly region: Region) {}

  private get store() {
    return this.region.store;
  }

  user(user: UserRow): Json {
    return {
      is_superuser: user.isSuperuser,
      username: user.username,
      email: user.email,
      is_local: true,
      resource_uri: `${API_PATH}users/${user.username}/`,
    };
  }

  fabric(fabric: FabricRow): Json {
    return {
      class_type: fabric.classType,
      name: fabricName(fabric),
      vlans: this.store.vlans.by("fabric", fabric.id).map((vlan) => this.vlan(vlan)),
      id: fabric.id,
      resource_uri: `${API_PATH}fabrics/${fabric.id}/`,
    };
  }

  vlan(vlan: VlanRow): Json {
    let json = this.vlans.get(vlan.id);
    if (json === undefined) this.vlans.set(vlan.id, (json = this.renderVlan(vlan)));
    return json;
  }

  private renderVlan(vlan: VlanRow): Json {
    const relay = this.store.vlans.get(vlan.relayVlanId);
    return {
      vid: vlan.vid,
      mtu: vlan.mtu,
      dhcp_on: vlan.dhcpOn,
      external_dhcp: vlan.externalDhcp,
      relay_vlan: relay === undefined ? null : this.vlan(relay),
      fabric: fabricName(this.store.fabrics.need(vlan.fabricId)),
      fabric_id: vlan.fabricId,
      name: vlanName(this.store, this.region.version.features, vlan),
      primary_rack: this.store.nodes.get(vlan.primaryRackId)?.systemId ?? null,
      secondary_rack: this.store.nodes.get(vlan.secondaryRackId)?.systemId ?? null,
      space: spaceNameOf(this.store, vlan),
      id: vlan.id,
      resource_uri: `${API_PATH}vlans/${vlan.id}/`,
    };
  }

  space(space: SpaceRow): Json {
    return this.renderSpace(space.id, space.name ?? `space-${space.id}`, space.description, space.id);
  }

  /** The pseudo-space of all VLANs without one, which MAAS keeps for old clients. */
  undefinedSpace(): Json {
    const description = "Backward compatibility object to ensure objects not associated with a space can be found.";
    return this.renderSpace(-1, "undefined", description, null);
  }

  private renderSpace(id: number, name: string, description: string, spaceId: number | null): Json {
    const vlans = this.store.vlans.by("space", spaceId);
    return {
      ...(this.region.version.features.spaceDescription ? { description } : {}),
      name,
      vlans: vlans.map((vlan) => this.vlan(vlan)),
      subnets: vlans.flatMap((vlan) => this.store.subnets.by("vlan", vlan.id)).map((subnet) => this.subnet(subnet)),
      id,
      resource_uri: `${API_PATH}spaces/${id === -1 ? name : id}/`,
    };
  }

  subnet(subnet: SubnetRow): Json {
    let json = this.subnets.get(subnet.id);
    if (json === undefined) this.subnets.set(subnet.id, (json = this.renderSubnet(subnet)));
    return json;
  }

  private renderSubnet(subnet: SubnetRow): Json {
    const vlan = this.store.vlans.need(subnet.vlanId);
    return {
      name: subnet.name,
      description: subnet.description,
      vlan: this.vlan(vlan),
      cidr: subnet.cidr,
      rdns_mode: subnet.rdnsMode,
      gateway_ip: subnet.gatewayIp,
      dns_servers: subnet.dnsServers,
      allow_dns: subnet.allowDns,
      allow_proxy: subnet.allowProxy,
      active_discovery: subnet.activeDiscovery,
      managed: subnet.managed,
      ...(this.region.version.features.bootArchitectures
        ? { disabled_boot_architectures: subnet.disabledBootArchitectures }
        : {}),
      space: spaceNameOf(this.store, vlan),
      id: subnet.id,
      resource_uri: `${API_PATH}subnets/${subnet.id}/`,
    };
  }

  range(range: RangeRow): Json {
    const user = this.store.users.get(range.userId);
    return {
      subnet: this.subnet(this.store.subnets.need(range.subnetId)),
      type: range.type,
      start_ip: range.startIp,
      end_ip: range.endIp,
      user: user === undefined ? null : this.user(user),
      comment: range.comment,
      id: range.id,
      resource_uri: `${API_PATH}ipranges/${range.id}/`,
    };
  }

  route(route: StaticRouteRow): Json {
    return {
      source: this.subnet(this.store.subnets.need(route.sourceId)),
      destination: this.subnet(this.store.subnets.need(route.destinationId)),
      gateway_ip: route.gatewayIp,
      metric: route.metric,
      id: route.id,
      resource_uri: `${API_PATH}static-routes/${route.id}/`,
    };
  }

  reservedIp(reserved: ReservedIpRow): Json {
    return {
      ip: reserved.ip,
      subnet: this.subnet(this.store.subnets.need(reserved.subnetId)),
      mac_address: reserved.macAddress,
      comment: reserved.comment,
      id: reserved.id,
      resource_uri: `${API_PATH}reservedips/${reserved.id}/`,
    };
  }
}
