import type { AddressRange } from "../../../../lib/model/address-range";

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
      const known = found.get(wanted.item);
      if (known === undefined) found.set(wanted.item, [taken.item]);
      else known.push(taken.item);
    }
    open.push(reach);
  }
  return found;
}

/** Those that overlap another one of them. Takes time in proportion to n log n. */
export function overlapping<T>(spans: readonly Spanned<T>[]): Spanned<T>[] {
  const found = new Set<Spanned<T>>();
  let widest: Spanned<T> | undefined;
  for (const next of [...spans].sort((a, b) => a.span.start.compare(b.span.start))) {
    if (widest?.span.overlaps(next.span) === true) found.add(widest).add(next);
    if (widest === undefined || widest.span.end.compare(next.span.end) < 0) widest = next;
  }
  return [...found];
}
