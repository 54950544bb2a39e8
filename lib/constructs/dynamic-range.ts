import type { Construct } from "../cdk";
import { IpRange, type IpRangeProps } from "./ip-range";

/**
 * Addresses that MAAS's DHCP hands out: to machines while they are enlisted, commissioned and deployed, and to anything
 * else that asks. An IPv6 dynamic range holds at least 256 addresses.
 */
export class DynamicRange extends IpRange {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, "dynamic", props);
  }
}
