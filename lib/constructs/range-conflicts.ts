import type { IConstruct } from "../cdk";
import { declaredBy } from "./declared";
import { type DeclaredRange, literalCidr, rangeConstructsOf, rangesOf } from "./declared-range";

function overlapMessage(below: DeclaredRange, above: DeclaredRange): string {
  const reach = above.range.end.compare(below.range.end) > 0;
  const fix = reach
    ? `start ${above.construct.node.path} at ${below.range.end.plus(1).toString()}, or end ${below.construct.node.path} at ${above.range.start.plus(-1).toString()}`
    : `keep one of them, or take ${above.range.toString()} out of ${below.construct.node.path}`;
  return (
    `${below.construct.node.path} (${below.type}, ${below.range.toString()}) and ` +
    `${above.construct.node.path} (${above.type}, ${above.range.toString()}) overlap. ` +
    `MAAS refuses ranges of a subnet that overlap. Fix: ${fix}.`
  );
}

function overlaps(ranges: readonly DeclaredRange[]): string[] {
  const messages: string[] = [];
  let widest = ranges[0];
  for (const next of ranges.slice(1)) {
    if (widest?.range.overlaps(next.range) === true) messages.push(overlapMessage(widest, next));
    if (widest === undefined || next.range.end.compare(widest.range.end) > 0) widest = next;
  }
  return messages;
}

/** Ranges whose place must be known, because the ranges around a static range are worked out at synth. */
function unplaced(subnet: IConstruct, ranges: readonly DeclaredRange[]): string[] {
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

/** One message per pair of ranges that overlap, and per range that gets in the way of a static range. */
export function rangeConflicts(constructs: readonly IConstruct[]): string[] {
  const subnets = new Map<string, IConstruct[]>();
  for (const subnet of constructs.filter((construct) => declaredBy(construct)?.kind.name === "subnet")) {
    const key = literalCidr(subnet)?.toString() ?? subnet.node.path;
    subnets.set(key, [...(subnets.get(key) ?? []), subnet]);
  }
  return [...subnets.values()].flatMap((sameSubnet) => {
    const ranges = sameSubnet.flatMap(rangesOf).sort((a, b) => a.range.start.compare(b.range.start));
    return [...overlaps(ranges), ...sameSubnet.flatMap((subnet) => unplaced(subnet, rangesOf(subnet)))];
  });
}
