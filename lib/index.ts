export { Ipv6Caveats } from "./aspects/ipv6-caveats";
export { Suppressions, type SuppressionProps } from "./aspects/suppressions";
export {
  DualStackSegment,
  type DualStackSegmentProps,
  type SegmentRack,
  type SegmentRouter,
} from "./constructs/dual-stack-segment";
export { DualStackBond, type DualStackBondProps } from "./constructs/dual-stack-bond";
export { DnsDomain, type DnsDomainProps, type IDnsDomain } from "./constructs/dns-domain";
export { DnsZone, type DnsZoneProps, type ReverseName, type ZoneHost } from "./constructs/dns-zone";
export { Device, type DeviceProps, type IDevice } from "./constructs/device";
export type { DeviceInterface } from "./constructs/device-interface";
export { Fabric, type FabricProps, type IFabric } from "./constructs/fabric";
export { DynamicRange, type IpRangeProps, ReservedRange } from "./constructs/subnet";
export { MaasEngine } from "./constructs/maas-engine";
export { ApplyCarrier, ApplyGuard, ApplyStep, type ApplyStepProps } from "./provider/apply-step/apply-step";
export { MaasProvider, type MaasProviderProps } from "./provider/maas-provider";
export { type INetworkInterface, InterfaceLink, type InterfaceLinkProps, LinkMode } from "./constructs/machine";
export { Machine, type MachineProps, NodeInterface, type NodeInterfaceProps } from "./constructs/machine";
export {
  type IRack,
  RackController,
  type RackControllerProps,
  RackInterface,
  type RackInterfaceProps,
} from "./constructs/machine";
export { RackInterfaceType, RackNetplan, type RackNetplanProps } from "./constructs/rack-netplan";
export {
  type ExistingRouterAdvertisementProps,
  type IRouterAdvertisement,
  RouterAdvertisement,
  type RouterAdvertisementProps,
  RouterPreference,
} from "./constructs/router-advertisement";
export { type ISpace, Space, type SpaceProps } from "./constructs/fabric";
export { NextFree, type NextFreeProps } from "./constructs/next-free";
export {
  RegionNetwork,
  type RegionNetworkProps,
  SubnetAddresses,
  type SubnetAddressesProps,
} from "./constructs/region-network";
export { StaticRange, type StaticRangeProps } from "./constructs/static-range";
export { Ipv4Subnet, Ipv6Subnet, type ISubnet, type SubnetProps } from "./constructs/subnet";
export { UniqueLocalPrefix } from "./constructs/subnet";
export * from "./constructs/generated";
export { type IVlan, Vlan, type VlanProps } from "./constructs/fabric";
export { VlanDhcp, type VlanDhcpProps } from "./constructs/fabric";
export { AddressBlock } from "./model/address-block";
export {
  AddressPlan,
  type AddressPlanProps,
  type PlannedLease,
  type PlannedRoute,
  type PlannedSegment,
} from "./model/address-plan";
export { ConstructError } from "./constructs/construct-error";
export { PlanError } from "./model/problem";
