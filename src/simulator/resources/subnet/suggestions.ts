import {
  familyOf,
  type IpSet,
  type PurposeRange,
  purposeSet,
  rangeSize,
  showNumber,
  showRange,
  UNUSED,
} from "./ip-set";

/** The gateway and the dynamic range that MAAS proposes for a subnet, from its full set. */
export function suggestions(full: IpSet): Record<string, unknown> {
  const gateway = full.includes("gateway-ip") ? null : suggestGateway(full);
  const range = full.includes("dynamic") ? null : suggestRange(full, gateway);
  return {
    suggested_gateway: gateway === null ? null : showNumber(gateway),
    suggested_dynamic_range:
      range === null ? null : showRange({ ...range, purposes: purposeSet("proposed-dynamic") }, true),
  };
}

const unusedOf = (full: IpSet) => full.ranges.filter((range) => range.purposes.has(UNUSED));

const totalOf = (ranges: readonly PurposeRange[]) => ranges.reduce((sum, range) => sum + rangeSize(range), 0n);

function suggestGateway(full: IpSet): bigint | null {
  const first = full.ranges[0]?.first ?? 0n;
  const last = full.ranges.at(-1)?.last ?? 0n;
  if (familyOf(last) === 6) return totalOf(full.ranges) <= 2n ? null : first - 1n;
  const isUnused = (value: bigint) => full.find(value)?.purposes.has(UNUSED) === true;
  if (isUnused(first)) return first;
  if (isUnused(last)) return last;
  return unusedOf(full)[0]?.first ?? null;
}

function suggestRange(full: IpSet, gateway: bigint | null): Omit<PurposeRange, "purposes"> | null {
  const unused = unusedOf(full);
  const largest = unused.reduce<PurposeRange | undefined>(
    (best, range) => (best !== undefined && rangeSize(best) > rangeSize(range) ? best : range),
    undefined,
  );
  if (largest === undefined || (gateway !== null && rangeSize(largest) === 1n)) return null;
  let { first, last } = largest;
  if (gateway !== null && gateway === first) first += 1n;
  else if (gateway !== null && gateway > first && gateway <= last) last -= 1n;
  const size = last - first + 1n;
  const quarter = totalOf(full.ranges) >> 2n;
  const half = totalOf(unused) >> 1n;
  if (size > quarter) first = last - quarter;
  else if (size >= half) first = last - half + 1n;
  return first >= last ? null : { family: familyOf(first), first, last };
}
