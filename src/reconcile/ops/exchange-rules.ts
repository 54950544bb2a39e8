import { IpAddress } from "../../../lib/model/address";
import { AddressRange } from "../../../lib/model/ip-range";
import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../maas/api-path";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import type { Region } from "../region";
import type { Exchange } from "./exchanges";

/** The smallest IPv6 dynamic range that MAAS takes (models/iprange.py, 3.6.4). */
const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

const LAST_VID = 4094;

/** Names that are unique in the region. */
export function nameExchange(kind: Kind): Exchange | undefined {
  const field = kind.fields.find(({ unique }) => unique === true)?.name;
  if (field === undefined) return undefined;
  return {
    refusal: /already exists/,
    clashes: (desired, live) => desired[field] === live[field],
    aside: (_region, live) => Promise.resolve({ [field]: `${textOf(live[field])}-${textOf(live.id)}-renamed` }),
  };
}

/** VIDs are unique in a fabric. */
export const vidExchange: Exchange = {
  refusal: /VID already exists/,
  clashes: (desired, live) => desired.vid === live.vid && desired.fabric === live.fabric,
  aside: async ({ client }, { fabric }) => {
    const { vlans } = (await client.get(apiPath`fabrics/${textOf(fabric)}/`)) as ObjectJson;
    const taken = new Set(rowsOf(vlans).map(({ vid }) => vid));
    for (let vid = LAST_VID; vid > 0; vid -= 1) if (!taken.has(vid)) return { vid };
    return undefined;
  },
};

function rangeOf({ start_ip, end_ip }: Attributes): AddressRange | undefined {
  const [start, end] = [start_ip, end_ip].map((ip) => (typeof ip === "string" ? IpAddress.tryParse(ip) : undefined));
  return start === undefined || end === undefined ? undefined : new AddressRange(start, end);
}

/** A free place of a managed subnet for the smallest range that MAAS takes. */
async function freePlace({ client, snapshot }: Region, live: Attributes): Promise<Attributes | undefined> {
  const subnet = textOf(live.subnet);
  if ((await snapshot.read("subnets", subnet))?.managed !== true) return undefined;
  const isLarge = live.type === "dynamic" && rangeOf(live)?.family === 6;
  const size = isLarge ? SMALLEST_IPV6_DYNAMIC_RANGE : 1n;
  const free = rowsOf(await client.get(apiPath`subnets/${subnet}/`, { op: "unreserved_ip_ranges" }));
  const ends = free.flatMap(({ start, end }) => {
    const range = rangeOf({ start_ip: textOf(start), end_ip: textOf(end) });
    return range !== undefined && range.size >= size ? [range.end] : [];
  });
  const last = ends.at(-1);
  if (last === undefined) return undefined;
  const first = IpAddress.of(last.family, last.value - size + 1n);
  return { start_ip: first.toString(), end_ip: last.toString() };
}

/** Ranges of one subnet have no address in common. */
export const placeExchange: Exchange = {
  refusal: /conflicts with an existing/,
  clashes: (desired, live) => {
    const [wanted, taken] = [rangeOf(desired), rangeOf(live)];
    return desired.subnet === live.subnet && wanted !== undefined && taken?.overlaps(wanted) === true;
  },
  aside: freePlace,
};
