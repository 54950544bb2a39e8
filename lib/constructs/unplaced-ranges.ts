import type { IConstruct } from "../cdk";
import { declaredBy } from "./declared";
import { rangeConstructsOf, rangesOf } from "./declared-range";

function unplacedOf(subnet: IConstruct): string[] {
  const ranges = rangesOf(subnet);
  const fixed = ranges.find(({ type }) => type === "static");
  if (fixed === undefined) return [];
  const placed = new Set(ranges.map(({ construct }) => construct));
  return rangeConstructsOf(subnet)
    .filter((construct) => !placed.has(construct))
    .map(
      (construct) =>
        `${construct.node.path} has ends that are not known at synth, on the subnet of the static range ${fixed.construct.node.path}. ` +
        "The reserved ranges around a static range are worked out at synth, and must leave out all other ranges. " +
        `Fix: give startIp and endIp of ${construct.node.path} as text, such as "${fixed.range.end.plus(1).toString()}".`,
    );
}

/** One message per range whose place is not known beside a static range: what is around that is worked out at synth. */
export function unplacedRanges(constructs: readonly IConstruct[]): string[] {
  return constructs.filter((construct) => declaredBy(construct)?.kind.name === "subnet").flatMap(unplacedOf);
}
