import type { AddressRange } from "../../../lib/model/ip-range";

/** Something that takes addresses. */
export interface Spanned<T> {
  readonly item: T;
  readonly span: AddressRange;
}

interface Reach<T> extends Spanned<T> {
  readonly isFirst: boolean;
}

/** Which of the second ones overlap each of the first ones. Takes time in proportion to n log n, and the overlaps. */
export function overlaps<T>(first: readonly Spanned<T>[], second: readonly Spanned<T>[]): Map<T, T[]> {
  const found = new Map<T, T[]>();
  const both = [
    ...first.map((one): Reach<T> => ({ ...one, isFirst: true })),
    ...second.map((one): Reach<T> => ({ ...one, isFirst: false })),
  ].sort((a, b) => a.span.start.compare(b.span.start));
  let open: Reach<T>[] = [];
  for (const reach of both) {
    open = open.filter(({ span }) => span.overlaps(reach.span));
    for (const other of open) {
      if (other.isFirst === reach.isFirst) continue;
      const [wanted, taken] = reach.isFirst ? [reach, other] : [other, reach];
      found.set(wanted.item, [...(found.get(wanted.item) ?? []), taken.item]);
    }
    open.push(reach);
  }
  return found;
}
