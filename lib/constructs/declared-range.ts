import type { IConstruct } from "../cdk";
import { IpAddress } from "../model/address";
import { Cidr } from "../model/cidr";
import { AddressRange } from "../model/ip-range";
import { declaredBy, referrersOf } from "./declared";

/** An IP range construct of a subnet whose ends are literals. */
export interface DeclaredRange {
  readonly construct: IConstruct;
  /** `dynamic`, `reserved`, or `static`. */
  readonly type: string;
  readonly range: AddressRange;
}

/** The subnet's CIDR, where it is a literal. */
export function literalCidr(subnet: IConstruct): Cidr | undefined {
  const cidr = declaredBy(subnet)?.attributes.cidr;
  return typeof cidr === "string" ? Cidr.tryParse(cidr) : undefined;
}

/** The range, when both ends are literals and in order. */
export function literalRange(start: unknown, end: unknown): AddressRange | undefined {
  if (typeof start !== "string" || typeof end !== "string") return undefined;
  const [first, last] = [IpAddress.tryParse(start), IpAddress.tryParse(end)];
  if (first === undefined || last === undefined) return undefined;
  return first.family === last.family && first.compare(last) <= 0 ? new AddressRange(first, last) : undefined;
}

/** The constructs of all ranges of the subnet, static ranges included, in the order they were made. */
export function rangeConstructsOf(subnet: IConstruct): IConstruct[] {
  return referrersOf(subnet).filter((construct) => declaredBy(construct)?.kind.name === "ip_range");
}

/** The ranges of the subnet whose ends are literals, ascending. */
export function rangesOf(subnet: IConstruct): DeclaredRange[] {
  return rangeConstructsOf(subnet)
    .flatMap((construct): DeclaredRange[] => {
      const { type, start_ip, end_ip } = declaredBy(construct)?.attributes ?? {};
      const range = literalRange(start_ip, end_ip);
      return range === undefined || typeof type !== "string" ? [] : [{ construct, type, range }];
    })
    .sort((a, b) => a.range.start.compare(b.range.start));
}
