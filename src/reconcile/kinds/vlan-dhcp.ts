import { VlanDhcpOps } from "../ops/vlan-dhcp-ops";
import { checkDhcp } from "../planned-dhcp";
import type { Strategy } from "../strategy";
import { lookUpVlan, mistakenVid } from "./vlan";

/** DHCP: attributes of a VLAN, in an order that MAAS takes. */
export const vlanDhcp: Strategy = {
  ops: (region) => new VlanDhcpOps(region),
  lookUp: lookUpVlan,
  likelyCause: mistakenVid,
  check: checkDhcp,
};
