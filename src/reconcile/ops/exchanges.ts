import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import type { Field } from "../../../lib/model/field";
import type { Kind } from "../../../lib/model/kind";
import { findField } from "../../../lib/model/kinds";
import { type Attributes, isKnown, textAt } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { ownerName, ownerOf } from "../../../lib/model/owner";
import { canonical } from "../../../lib/model/spelling";
import { AddressRange } from "../../../lib/model/address-range";
import { textOf } from "../../../lib/model/text";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { decode, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { inTurn, type Region } from "../region/region";
import { retryOnConflict } from "./retry-on-conflict";
import { type Place, WaitGraph } from "./wait-graph";

/** How objects can exchange values of which MAAS lets no two objects have the same. */
export interface Exchange {
  /** What the objects are among which no two have the same. */
  readonly among: string;
  /** MAAS's refusal of a value that another object has. */
  readonly refusal: RegExp;
  /** What an object with these values has of which nothing else can have any. References are ids. */
  readonly places: (attributes: Attributes) => readonly Place[];
  /** Whether there always is a value for {@link aside}. */
  readonly isAlwaysFree?: true;
  /** Values that nothing else has, in place of those that are to change, for the time of the exchange; undefined = there are none. */
  readonly aside: (region: Region, live: Attributes, desired: Attributes) => Promise<Attributes | undefined>;
}

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

/** The name that an object has while its own is given to another one. */
export const nameAside = (id: string): string => `renamed-${id}`;

/** The value of a field that its record says to be unique. */
export function fieldExchange(kind: Kind): Exchange | undefined {
  const field = kind.fields.find(({ unique }) => unique !== undefined);
  if (field?.unique === undefined) return undefined;
  const { name } = field;
  const fields = [field, ...field.unique.map((other) => findField(kind, other))];
  const common = {
    among: kind.name,
    refusal: /already exists/,
    places: (attributes: Attributes): Place[] => [
      { name: JSON.stringify(fields.map((each) => canonical(each, attributes[each.name] ?? null))) },
    ],
  };
  return field.addressIn === undefined
    ? {
        ...common,
        isAlwaysFree: true,
        // Short, since a name may be as long as MAAS takes it.
        aside: (_, live) => Promise.resolve({ [name]: nameAside(textOf(live.id)) }),
      }
    : { ...common, aside: (region, live) => freeAddress(region, kind, field, live) };
}

/** VIDs are unique in a fabric. */
export const vidExchange: Exchange = {
  among: "vlan",
  refusal: /VID already exists/,
  places: ({ fabric, vid }) => [{ name: `${textOf(fabric)} ${textOf(vid)}` }],
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
  among: "ip_range",
  refusal: /conflicts with an existing/,
  places: (attributes) => {
    const span = rangeOf(attributes);
    return span === undefined ? [] : [{ name: textOf(attributes.subnet), span }];
  },
  aside: freePlace,
};

/** The values of interfaces that no two have, by attribute: what each is unique in, and one that nothing else has. */
const OF_INTERFACES = {
  name: {
    in: (attributes: Attributes) => {
      const owner = ownerOf(attributes);
      return owner && ownerName(owner);
    },
    aside: (id: string) => `tmp${id}`,
  },
  mac_address: {
    in: () => "physical",
    // Locally administered, so that no card has it.
    aside: (id: string) => `02:00${Number(id).toString(16).padStart(8, "0").replace(/../g, ":$&")}`,
  },
} as const;

/** Interfaces of one node have names of their own, whatever their types, and physical ones their MAC addresses. */
export function interfaceExchange(kind: Kind): Exchange {
  const names = (["name", "mac_address"] as const).filter(
    (name) => name === "name" || kind.api.interfaceType === "physical",
  );
  return {
    among: "interfaces",
    refusal: /already has an interface named|Node config and Name already exists|MAC address is already in use/,
    places: (attributes) =>
      names.flatMap((name) => {
        const value = canonical(findField(kind, name), attributes[name] ?? null);
        return typeof value === "string" && isKnown(value)
          ? [{ name: JSON.stringify([name, OF_INTERFACES[name].in(attributes) ?? null, value]) }]
          : [];
      }),
    isAlwaysFree: true,
    aside: (_, live, desired) => {
      const moved = names.filter((name) => isKnown(desired[name] ?? null) && desired[name] !== live[name]);
      const values = moved.map((name) => [name, OF_INTERFACES[name].aside(textOf(live.id))]);
      return Promise.resolve(Object.fromEntries(values) as Attributes);
    },
  };
}

/** The changes of a run by which objects may exchange their values. */
const graphsOf = oncePer((_: Region) => new Map<string, WaitGraph>());

function changesOf(region: Region, { among }: Exchange): WaitGraph {
  const ofRegion = graphsOf(region);
  const known = ofRegion.get(among) ?? new WaitGraph();
  ofRegion.set(among, known);
  return known;
}

/** A change of an object that may be to get what another one has. References are ids. */
export interface ExchangingChange {
  readonly id: string;
  readonly live: Attributes;
  readonly desired: Attributes;
}

/** Says of a change that this run will make it, so that its object may be moved aside before. */
export function announceExchange(region: Region, exchange: Exchange, { id, live, desired }: ExchangingChange): void {
  const wait = { has: exchange.places(live), wants: exchange.places(desired) };
  changesOf(region, exchange).set(id, { ...wait, toCome: { live, desired } });
}

/** How objects get their values. */
export interface ExchangeCalls<T> {
  readonly change: () => Promise<T>;
  /** Gives an object other values for the time being. */
  readonly moveAside: (id: string, live: Attributes, values: Attributes) => Promise<unknown>;
}

/**
 * Makes the change. Where MAAS refuses it because of what another object has, an object is moved aside: the other one
 * where this run will change that later, else one of those that wait for one another.
 *
 * @throws what the last try threw.
 */
export async function exchanging<T>(
  region: Region,
  exchange: Exchange,
  { id, live, desired }: ExchangingChange,
  { change, moveAside }: ExchangeCalls<T>,
): Promise<T> {
  const changes = changesOf(region, exchange);
  const has = changes.get(id)?.has ?? exchange.places(live);
  changes.set(id, { has, wants: exchange.places(desired) });
  const turnOf = <R>(object: string, work: () => Promise<R>): Promise<R> =>
    inTurn(region, `exchange of ${object}`, work);
  const setAside = async (object: string, now: Attributes, later: Attributes): Promise<void> => {
    const values = await exchange.aside(region, { ...now, id: object }, later);
    const wait = changes.get(object);
    if (values === undefined || wait === undefined) return;
    await moveAside(object, now, values);
    changes.set(object, { ...wait, has: exchange.places({ ...now, ...values }) });
  };
  const giveWay = async (): Promise<void> => {
    for (const other of changes.waitsFor(id)) {
      await turnOf(other, async () => {
        const { toCome } = changes.get(other) ?? {};
        if (toCome !== undefined) await setAside(other, toCome.live, toCome.desired);
      });
    }
    if (changes.isToGiveWay(id)) await setAside(id, live, desired);
  };
  try {
    return await retryOnConflict(exchange.refusal, () => turnOf(id, change), giveWay);
  } finally {
    changes.delete(id);
  }
}
