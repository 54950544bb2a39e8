import type { Construct } from "../cdk";
import { IpRange, type IpRangeProps } from "./ip-range";

/**
 * MAAS's own `reserved` range. On a managed subnet MAAS never assigns these addresses by itself; on one with
 * `managed: false` it assigns only these. For the addresses that deployed machines are to get, see `StaticRange`.
 */
export class ReservedRange extends IpRange {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, "reserved", props);
  }
}
