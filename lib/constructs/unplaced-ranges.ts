import type { IConstruct } from "../cdk";
import { declaredBy } from "./declared";
import { rangeObjectsOf, rangeOf, rangesOf } from "./declared-range";

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
  return constructs.filter((construct) => declaredBy(construct)?.kind.name === "subnet").flatMap(unplacedOf);
}
