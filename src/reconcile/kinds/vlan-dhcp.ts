import { VlanDhcpOps } from "../ops/vlan-dhcp-ops";
import { checkDhcp } from "../planning/planned-dhcp";
import type { Strategy } from "../objects/strategy";
import { lookUpVlan, mistakenVid } from "./vlan";

/** DHCP: attributes of a VLAN, in an order that MAAS takes. */
export const vlanDhcp: Strategy = {
  ops: (region) => new VlanDhcpOps(region),
  lookUp: lookUpVlan,
  likelyCause: mistakenVid,
  check: checkDhcp,
};
