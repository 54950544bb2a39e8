import type { IConstruct } from "../cdk";
import { IpAddress } from "../model/address";
import { Cidr } from "../model/cidr";
import { AddressRange } from "../model/ip-range";
import { declaredBy, referrersOf } from "./declared";
import { type DeclaredObject, objectOf, objectsOf } from "./declared-object";

/** An IP range of a subnet whose ends are literals. */
export interface DeclaredRange {
  readonly construct: IConstruct;
  readonly object: DeclaredObject;
  /** `dynamic`, `reserved`, or `static`. */
  readonly type: string;
  readonly range: AddressRange;
}

/** The CIDR of a subnet's object, where it is a literal. */
export function cidrOf({ attributes: { cidr } }: DeclaredObject): Cidr | undefined {
  return typeof cidr === "string" ? Cidr.tryParse(cidr) : undefined;
}

/** The subnet's CIDR, where it is a literal and the subnet is one object. */
export function literalCidr(subnet: IConstruct): Cidr | undefined {
  const object = objectOf(subnet);
  return object && cidrOf(object);
}

/** The range, when both ends are literals and in order. */
export function literalRange(start: unknown, end: unknown): AddressRange | undefined {
  if (typeof start !== "string" || typeof end !== "string") return undefined;
  const [first, last] = [IpAddress.tryParse(start), IpAddress.tryParse(end)];
  if (first === undefined || last === undefined) return undefined;
  return first.family === last.family && first.compare(last) <= 0 ? new AddressRange(first, last) : undefined;
}

/** All ranges of the subnet, static ranges included, in the order their constructs were made. */
export function rangeObjectsOf(subnet: IConstruct): DeclaredObject[] {
  return referrersOf(subnet)
    .filter((construct) => declaredBy(construct)?.kind.name === "ip_range")
    .flatMap((construct) => objectsOf(construct))
    .filter(({ references }) => references.subnet === undefined || references.subnet.construct === subnet);
}

/** The range of an object, where its ends are literals. */
export function rangeOf({ attributes: { start_ip: start, end_ip: end } }: DeclaredObject): AddressRange | undefined {
  return literalRange(start, end);
}

/** The ranges of the subnet whose ends are literals, ascending. */
export function rangesOf(subnet: IConstruct): DeclaredRange[] {
  return rangeObjectsOf(subnet)
    .flatMap((object): DeclaredRange[] => {
      const { type } = object.attributes;
      const range = rangeOf(object);
      const { construct } = object;
      return range === undefined || typeof type !== "string" ? [] : [{ construct, object, type, range }];
    })
    .sort((a, b) => a.range.start.compare(b.range.start));
}
