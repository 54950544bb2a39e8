import type { Construct } from "../cdk";
import { IpRangeBase, type IpRangeProps } from "./generated/ip-range";
import { checkPlace } from "./internal/static-ranges";
import type { ElementOptions } from "./internal/elements";
import type { ISubnet } from "./subnet";

export { type IpRangeProps } from "./generated/ip-range";

/** What a range of one of MAAS's two types gives and checks. */
const ofType = (type: "dynamic" | "reserved", subnet: ISubnet): ElementOptions => ({
  implied: () => ({ type }),
  check: (attributes) => checkPlace(subnet, attributes),
});

/**
 * Addresses that MAAS's DHCP hands out: to machines while they are enlisted, commissioned and deployed, and to anything
 * else that asks. An IPv6 dynamic range holds at least 256 addresses.
 */
export class DynamicRange extends IpRangeBase {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, props, ofType("dynamic", props.subnet));
  }
}

/**
 * MAAS's own `reserved` range. On a managed subnet MAAS never assigns these addresses by itself; on one with
 * `managed: false` it assigns only these. For the addresses that deployed machines are to get, see `StaticRange`.
 */
export class ReservedRange extends IpRangeBase {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, props, ofType("reserved", props.subnet));
  }
}
