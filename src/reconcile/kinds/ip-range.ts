import { IpAddress } from "../../../lib/model/address";
import { AddressRange } from "../../../lib/model/ip-range";
import { KINDS } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { lookUpByRecord } from "../objects/lookups";
import { placeExchange } from "../ops/exchanges";
import { explainRangeConflict, RANGE_CONFLICT } from "../ops/range-refusal";
import { checkBeside } from "../planning/planned-neighbours";
import type { Strategy } from "../objects/strategy";

/** `START-END` of either family, and `START:END` of IPv4, which is what canonical/maas takes. */
function parseRange(key: string): AddressRange | undefined {
  const [start, end] = (key.includes("-") ? key.split("-") : key.split(":")).map((part) => IpAddress.tryParse(part));
  if (start === undefined || end === undefined) return undefined;
  return start.family === end.family && start.compare(end) <= 0 ? new AddressRange(start, end) : undefined;
}

/** IP ranges: no two of a subnet overlap, and MAAS does not say what is in the way. */
export const ipRange: Strategy = {
  lookUp: async (region, key, when) => {
    const wanted = parseRange(key);
    if (wanted === undefined) return lookUpByRecord(region, KINDS.ip_range, key, when);
    const found = await region.snapshot.find("ipranges", wanted.toString());
    return found && textOf(found.id);
  },
  passing: RANGE_CONFLICT,
  explain: explainRangeConflict,
  exchange: placeExchange,
  check: (checked) => checkBeside("ip_range", checked),
};
