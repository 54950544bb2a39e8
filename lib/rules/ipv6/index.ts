import type { Rule } from "../verdict";
import * as address from "./address";
import * as dhcp from "./dhcp";
import * as dns from "./dns";
import * as dualStack from "./dual-stack";
import * as range from "./range";
import * as relay from "./relay";
import * as reservedIp from "./reserved-ip";
import * as router from "./router";
import * as staticRange from "./static-range";
import * as staticRoute from "./static-route";
import * as url from "./url";

/** The rules about IPv6 on MAAS, in the order of reports. */
export const IPV6_RULES: readonly Rule[] = [
  address.subnetsAreDisjoint,
  address.gatewayIsReachable,
  address.dnsServersMatchFamily,
  address.cidrIsNetwork,
  address.ipv6SubnetIs64BitsWide,
  address.prefixIsUsable,
  address.ipv6FitsMtu,
  range.rangeLiesInSubnet,
  range.rangeAvoidsSubnetEdges,
  range.ipv6DynamicRangeSize,
  range.rangesAreDisjoint,
  staticRange.ipv6SubnetHasStaticRange,
  staticRange.unmanagedIsDeliberate,
  range.ipv6LeasesAreUnknown,
  range.rangeAvoidsKeptAddresses,
  range.unmanagedDynamicIsReserved,
  dhcp.dhcpHasPrimaryRack,
  dhcp.dhcpHasDynamicRange,
  dhcp.dhcpIsServedOrRelayed,
  dhcp.racksAreOnVlan,
  dhcp.dhcpv6RackHasIpv6Address,
  dhcp.racksDiffer,
  relay.relayEndsAtServer,
  relay.relayedVlanHasDynamicRange,
  dualStack.ipv6HasManagedIpv4,
  dualStack.ipv6HasIpv4Dhcp,
  dualStack.machineInterfaceHasOneIpv6Subnet,
  dualStack.rackInterfaceManagesOneIpv6Subnet,
  dualStack.ipv6SubnetIsReachedByRack,
  dualStack.vlanHasOneIpv6Subnet,
  url.rackKnowsRegionByHostname,
  url.ipv6UrlIsBracketed,
  router.dynamicRangeHasAdvertisements,
  router.ipv6SubnetHasGateway,
  router.advertisementFlagsFit,
  router.dynamicRangeIsAskedFor,
  router.addressNeedsNoAdvertisements,
  staticRoute.routeGatewayIsInSource,
  staticRoute.routeStaysInFamily,
  staticRoute.routeLeadsElsewhere,
  dns.cnameIsAlone,
  dns.recordIsNoLease,
  dns.recordHasReverse,
  dns.recordIsAtNoDomain,
  reservedIp.reservedIpLiesInSubnet,
  reservedIp.reservedIpAvoidsSubnetEdges,
  reservedIp.reservedIpIsInNoDynamicRange,
  reservedIp.macHasOneReservedIp,
];
