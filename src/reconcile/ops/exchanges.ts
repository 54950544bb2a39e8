import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import type { Field, KindName } from "../../../lib/model/field";
import { AddressRange } from "../../../lib/model/static-range";
import type { Kind } from "../../../lib/model/kind";
import { findField } from "../../../lib/model/kinds";
import { type Attributes, textAt } from "../../../lib/model/known";
import { sameValue } from "../../../lib/model/spelling";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../maas/api-url";
import { decode, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { objectRead, rowsAnswered } from "../../maas/answer";
import type { Region } from "../region/region";

/** The smallest IPv6 dynamic range that MAAS takes (models/iprange.py, 3.6.4). */
const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

const LAST_VID = 4094;

/** An address of the subnet that no object of the kind has there. */
async function freeAddress({ client, snapshot }: Region, kind: Kind, field: Field, live: Attributes) {
  const subnet = await snapshot.read("subnets", textAt(live, field.addressIn?.subnet) ?? "");
  const block = Cidr.tryParse(textOf(subnet?.cidr));
  const { list } = COLLECTIONS[kind.api.collection];
  const rows = rowsAnswered(list, await client.get(list));
  const taken = new Set(rows.map((row) => textOf(decode(kind, row)[field.name])));
  // Not the last one: that is the broadcast address of an IPv4 network.
  for (let back = 2n; block !== undefined && back <= block.size; back += 1n) {
    const address = block.last.plus(1n - back).toString();
    if (!taken.has(address)) return { [field.name]: address };
  }
  return undefined;
}

/** The value of a field that its record says to be unique. */
export function fieldExchange(kind: Kind): Exchange | undefined {
  const field = kind.fields.find(({ unique }) => unique !== undefined);
  if (field?.unique === undefined) return undefined;
  const { name } = field;
  const fields = [field, ...field.unique.map((other) => findField(kind, other))];
  return {
    refusal: /already exists/,
    clashes: (desired, live) =>
      fields.every((each) => sameValue(each, desired[each.name] ?? null, live[each.name] ?? null)),
    aside: (region, live) =>
      field.addressIn === undefined
        ? Promise.resolve({ [name]: `${textOf(live[name])}-${textOf(live.id)}-renamed` })
        : freeAddress(region, kind, field, live),
  };
}

/** VIDs are unique in a fabric. */
export const vidExchange: Exchange = {
  refusal: /VID already exists/,
  clashes: (desired, live) => desired.vid === live.vid && desired.fabric === live.fabric,
  aside: async ({ client }, { fabric }) => {
    const path = apiPath`fabrics/${textOf(fabric)}/`;
    const { vlans } = objectRead(path, await client.get(path));
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
  const path = apiPath`subnets/${subnet}/`;
  const free = rowsAnswered(path, await client.get(path, { op: "unreserved_ip_ranges" }));
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

/** How objects of a kind can exchange values of which MAAS lets no two objects have the same. */
export interface Exchange {
  /** MAAS's refusal of a value that another object has. */
  readonly refusal: RegExp;
  /** Whether an object can't get the desired values while another one has the live ones. */
  readonly clashes: (desired: Attributes, live: Attributes) => boolean;
  /** Values that nothing else has, for the time of the exchange; undefined = there are none. */
  readonly aside: (region: Region, live: Attributes) => Promise<Attributes | undefined>;
}

interface Refused {
  readonly live: Attributes;
  readonly desired: Attributes;
}

/** Changes of one kind under way that MAAS refuses because of values that other objects have. */
export class Exchanges {
  static readonly #ofRegion = new WeakMap<Region, Map<KindName, Exchanges>>();

  static of(region: Region, kind: KindName): Exchanges {
    const kinds = this.#ofRegion.get(region) ?? new Map<KindName, Exchanges>();
    this.#ofRegion.set(region, kinds);
    const known = kinds.get(kind) ?? new Exchanges();
    kinds.set(kind, known);
    return known;
  }

  readonly #refused = new Map<string, Refused>();

  refuse(id: string, live: Attributes, desired: Attributes): void {
    this.#refused.set(id, { live, desired });
  }

  end(id: string): void {
    this.#refused.delete(id);
  }

  /** The changes that wait for one another, that one among them, by id; empty = it waits for none that waits for it. */
  cycleOf(id: string, { clashes }: Exchange): string[] {
    const waitsFor = (from: string): string[] => {
      const desired = this.#refused.get(from)?.desired ?? {};
      return [...this.#refused].flatMap(([other, { live }]) =>
        other !== from && clashes(desired, live) ? [other] : [],
      );
    };
    const reachableFrom = (from: string): ReadonlySet<string> => {
      const seen = new Set<string>();
      for (const open = waitsFor(from); open.length > 0;) {
        const next = open.pop() ?? "";
        if (!seen.has(next)) open.push(...waitsFor(next));
        seen.add(next);
      }
      return seen;
    };
    const reached = reachableFrom(id);
    return reached.has(id) ? [...reached].filter((other) => reachableFrom(other).has(id)) : [];
  }

  /** Whether the change is in such a cycle, and the one that is to give way: that with the lowest id. */
  isToGiveWay(id: string, exchange: Exchange): boolean {
    const cycle = this.cycleOf(id, exchange);
    return cycle.length > 0 && cycle.every((other) => Number(id) <= Number(other));
  }

  /** What the change is of, as it is now. */
  live(id: string): Attributes | undefined {
    return this.#refused.get(id)?.live;
  }
}
