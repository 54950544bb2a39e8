import type { IConstruct } from "../../cdk";
import { IpAddress } from "../../model/address";
import { checkRangeInSubnet } from "../../model/checks/ip-range";
import { Cidr } from "../../model/cidr";
import type { Diagnostic } from "../../model/diagnostic";
import { AddressRange } from "../../model/ip-range";
import type { Attributes } from "../../model/known";
import { referrersOf, standsFor } from "./facts";
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

/** What is wrong with the place of a range on its subnet, where both are literals. */
export function checkPlace(subnet: IConstruct, { start_ip: start, end_ip: end }: Attributes): Diagnostic[] {
  const cidr = literalCidr(subnet);
  const range = literalRange(start, end);
  return cidr === undefined || range === undefined ? [] : checkRangeInSubnet(range, cidr);
}

/** All ranges of the subnet, static ranges included, in the order their constructs were made. */
export function rangeObjectsOf(subnet: IConstruct): DeclaredObject[] {
  return referrersOf(subnet)
    .filter((construct) => standsFor(construct, "ip_range"))
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

function unplacedOf(subnet: IConstruct): string[] {
  const fixed = rangesOf(subnet).find(({ type }) => type === "static");
  if (fixed === undefined) return [];
  return rangeObjectsOf(subnet)
    .filter((object) => rangeOf(object) === undefined)
    .map(({ path, isCertain }) => {
      const what = isCertain ? "has ends that are" : "has a count or forEach that is";
      const fix = isCertain
        ? `give startIp and endIp of ${path} as text, such as "${fixed.range.end.plus(1).toString()}"`
        : `give count or forEach of ${path} a value that the program itself knows`;
      return (
        `${path} ${what} not known at synth, on the subnet of the static range ${fixed.object.path}. ` +
        "The reserved ranges around a static range are worked out at synth, and must leave out all other ranges. " +
        `Fix: ${fix}.`
      );
    });
}

/** One message per range whose place is not known beside a static range: what is around that is worked out at synth. */
export function unplacedRanges(constructs: readonly IConstruct[]): string[] {
  return constructs.filter((construct) => standsFor(construct, "subnet")).flatMap(unplacedOf);
}
