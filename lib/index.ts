export { Ipv6Caveats } from "./aspects/ipv6-caveats";
export { Suppressions, type SuppressionProps } from "./aspects/suppressions";
export {
  DualStackSegment,
  type DualStackSegmentProps,
  type SegmentRack,
  type SegmentRouter,
} from "./constructs/dual-stack-segment";
export { DynamicRange } from "./constructs/dynamic-range";
export { Fabric, type FabricProps, type IFabric } from "./constructs/fabric";
export { type IpRangeProps } from "./constructs/ip-range";
export { Ipv4Subnet } from "./constructs/ipv4-subnet";
export { Ipv6Subnet } from "./constructs/ipv6-subnet";
export { MaasEngine } from "./constructs/maas-engine";
export { ApplyGuard } from "./provider/apply-step/apply-guard";
export { ApplyStep, type ApplyStepProps } from "./provider/apply-step/apply-step";
export { MaasProvider, type MaasProviderProps } from "./provider/maas-provider";
export { InterfaceLink, type InterfaceLinkProps } from "./constructs/interface-link";
export { LinkMode } from "./constructs/link-mode";
export { Machine, type MachineProps } from "./constructs/machine";
export { NodeInterface, type NodeInterfaceProps } from "./constructs/node-interface";
export { type IRack, RackController, type RackControllerProps } from "./constructs/rack-controller";
export { RackInterface, type RackInterfaceProps } from "./constructs/rack-interface";
export { ReservedRange } from "./constructs/reserved-range";
export {
  type ExistingRouterAdvertisementProps,
  type IRouterAdvertisement,
  RouterAdvertisement,
  type RouterAdvertisementProps,
} from "./constructs/router-advertisement";
export { RouterPreference } from "./constructs/router-preference";
export { type ISpace, Space, type SpaceProps } from "./constructs/space";
export { StaticRange, type StaticRangeProps } from "./constructs/static-range";
export { type ISubnet, type SubnetProps } from "./constructs/subnet";
export { UniqueLocalPrefix } from "./constructs/unique-local-prefix";
export { type IVlan, Vlan, type VlanProps } from "./constructs/vlan";
export { VlanDhcp, type VlanDhcpProps } from "./constructs/vlan-dhcp";
export { AddressBlock } from "./model/address-block";
export { AddressPlan, type AddressPlanProps, type PlannedSegment } from "./model/address-plan";
