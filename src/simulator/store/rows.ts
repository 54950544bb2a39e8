import type { IpAddress } from "../../../lib/model/address";
import type { Cidr } from "../../../lib/model/cidr";
import type { ServiceStatus } from "../rack-news";
import type { Row } from "./table";

export interface UserRow extends Row {
  username: string;
  email: string;
  isSuperuser: boolean;
}

export interface FabricRow extends Row {
  name: string | null;
  description: string;
  classType: string | null;
}

export interface SpaceRow extends Row {
  name: string | null;
  description: string;
}

export interface VlanRow extends Row {
  name: string | null;
  description: string;
  vid: number;
  fabricId: number;
  mtu: number;
  dhcpOn: boolean;
  externalDhcp: string | null;
  primaryRackId: number | null;
  secondaryRackId: number | null;
  relayVlanId: number | null;
  spaceId: number | null;
}

export interface SubnetRow extends Row {
  name: string;
  description: string;
  vlanId: number;
  /** The CIDR in MAAS's spelling. */
  cidr: string;
  rdnsMode: number;
  /** Empty text right after a form left it out, as in MAAS's reply; null once read back. */
  gatewayIp: string | null;
  dnsServers: string[];
  allowDns: boolean;
  allowProxy: boolean;
  activeDiscovery: boolean;
  managed: boolean;
  disabledBootArchitectures: string[];
  /** The same network as `cidr`, parsed. */
  network: Cidr;
}

export interface RangeRow extends Row {
  subnetId: number;
  type: string;
  startIp: string;
  endIp: string;
  userId: number | null;
  comment: string | null;
  /** `startIp` and `endIp`, parsed. */
  start: IpAddress;
  end: IpAddress;
}

export interface StaticRouteRow extends Row {
  sourceId: number;
  destinationId: number;
  gatewayIp: string;
  metric: number;
}

export interface ReservedIpRow extends Row {
  subnetId: number;
  ip: string;
  macAddress: string;
  comment: string | null;
}

/** How MAAS numbers the ways an address came to be. */
export const AllocType = { AUTO: 0, STICKY: 1, USER_RESERVED: 4, DHCP: 5, DISCOVERED: 6 } as const;

/** An address, or the wish for one: links of interfaces are addresses too. */
export interface IpAddressRow extends Row {
  ip: string | null;
  allocType: number;
  subnetId: number | null;
  userId: number | null;
  interfaceId: number | null;
  created: string;
  updated: string;
}

export type InterfaceType = "physical" | "bond" | "bridge" | "vlan" | "unknown";

export interface InterfaceRow extends Row {
  nodeId: number | null;
  name: string;
  type: InterfaceType;
  vlanId: number | null;
  macAddress: string | null;
  parentIds: number[];
  tags: string[];
  enabled: boolean;
  params: Record<string, unknown>;
  linkConnected: boolean;
  interfaceSpeed: number;
  linkSpeed: number;
  /** What the host itself has configured, which a rack reports: addresses such as `10.0.0.2/24`, and its gateways. */
  hostAddresses: string[];
  hostGateways: string[];
}

/** MAAS's numbers for kinds of nodes. */
export const NodeType = {
  MACHINE: 0,
  DEVICE: 1,
  RACK_CONTROLLER: 2,
  REGION_CONTROLLER: 3,
  REGION_AND_RACK: 4,
} as const;

export interface NodeRow extends Row {
  systemId: string;
  hostname: string;
  nodeType: number;
  status: number;
  domainId: number;
  architecture: string | null;
  description: string;
  bootInterfaceId: number | null;
  gatewayLinkIpv4Id: number | null;
  gatewayLinkIpv6Id: number | null;
  commissioningResultId: number | null;
  /** What it has reported of its services, by name; racks only. */
  services: Record<string, ServiceStatus>;
  /** It registered itself, as a rack daemon does. */
  isDynamic: boolean;
}

export interface DomainRow extends Row {
  name: string;
  authoritative: boolean | null;
  ttl: number | null;
}

export interface DnsResourceRow extends Row {
  name: string | null;
  domainId: number;
  addressTtl: number | null;
  ipAddressIds: number[];
}

export interface DnsDataRow extends Row {
  resourceId: number;
  ttl: number | null;
  rrtype: string;
  rrdata: string;
}

/** One setting that differs from its default, or a fact of the region such as the default domain. */
export interface ConfigRow extends Row {
  name: string;
  value: unknown;
}
