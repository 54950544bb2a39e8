import { IpAddress } from "../address";
import { Cidr } from "../cidr";
import { AddressRange, RangeOrderError } from "../ip-range";
import { inCamelCase } from "../facts";
import type { Kind } from "../kind";
import { type KindName, KINDS } from "../kinds";
import { isKnown, type Known, UNKNOWN } from "../known";
import { inNaturalOrder } from "../lists";
import { Network, type NetworkInfo, type NetworkObjects } from "../network";
import type {
  FactsByKind,
  IpRangeFacts,
  NetworkIpRange,
  NetworkKind,
  NetworkObject,
  NetworkRackController,
  NetworkSubnet,
  NetworkTakenAddress,
  NetworkUrl,
  SubnetFacts,
} from "./objects";

/** Two objects of a kind with one key: a mistake of the producer. */
export class NetworkKeyError extends Error {
  override readonly name = "NetworkKeyError";
  constructor(kind: NetworkKind, first: NetworkObject, second: NetworkObject) {
    super(`${first.at.path} and ${second.at.path} are both the ${kind} with the key "${first.key}": add it once`);
  }
}

const sorted = <T extends NetworkObject>(objects: Iterable<T>): T[] => inNaturalOrder(objects, ({ key }) => key);

function blockOf({ cidr }: SubnetFacts): Known<Cidr> {
  return isKnown(cidr) ? (Cidr.tryParse(cidr) ?? UNKNOWN) : UNKNOWN;
}

function spanOf({ startIp, endIp }: IpRangeFacts): Known<AddressRange> {
  const start = isKnown(startIp) ? IpAddress.tryParse(startIp) : undefined;
  const end = isKnown(endIp) ? IpAddress.tryParse(endIp) : undefined;
  if (start === undefined || end === undefined) return UNKNOWN;
  try {
    return new AddressRange(start, end);
  } catch (error) {
    if (error instanceof RangeOrderError) return UNKNOWN;
    throw error;
  }
}

function subnetOf(facts: SubnetFacts): NetworkSubnet {
  const block = blockOf(facts);
  return { ...facts, block, family: isKnown(block) ? block.family : (facts.stated ?? UNKNOWN) };
}

const ipRangeOf = (facts: IpRangeFacts): NetworkIpRange => ({ ...facts, span: spanOf(facts) });

/** The region's URL of a rack, so that a rule about URLs finds all of them in one place. */
function regionUrlOf({ key, at, regionUrl }: NetworkRackController): NetworkUrl[] {
  return regionUrl === null ? [] : [{ key: `region URL of ${key}`, at, setting: "regionUrl", url: regionUrl }];
}

type Facts = NetworkObject & Readonly<Record<string, unknown>>;

/** The kinds whose objects take addresses of a subnet without being a range, and those addresses. */
const TAKING = Object.values<Kind>(KINDS).flatMap(({ name, fields }) =>
  fields.flatMap(({ name: field, addressIn }) => {
    if (addressIn === undefined) return [];
    const [address, subnet] = [inCamelCase(field), inCamelCase(addressIn.subnet)];
    const takes = (objects: readonly NetworkObject[]): NetworkTakenAddress[] =>
      (objects as readonly Facts[]).map((object) => ({
        ...{ key: `${name} ${object.key}`, at: object.at, use: `${addressIn.as} of ${object.at.path}` },
        ...{ address: object[address] as Known<string>, subnet: object[subnet] as Known<string> },
      }));
    return [{ name, takes }];
  }),
);

type KindMaps = { readonly [K in KindName]: Map<string, FactsByKind[K]> };

/** Collects the objects of a network, in any order. */
export class NetworkBuilder {
  readonly #objects: { readonly [K in NetworkKind]: Map<string, FactsByKind[K]> } = {
    ...(Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, new Map()])) as KindMaps),
    machine_interface: new Map(),
    taken_address: new Map(),
    router_advertisement: new Map(),
    url: new Map(),
  };

  /** @throws NetworkKeyError when the key is taken. */
  add<K extends NetworkKind>(kind: K, object: FactsByKind[K]): this {
    const objects: Map<string, FactsByKind[K]> = this.#objects[kind];
    const present = objects.get(object.key);
    if (present !== undefined) throw new NetworkKeyError(kind, present, object);
    objects.set(object.key, object);
    return this;
  }

  /** Whether an object of that kind and key was added. */
  has(kind: NetworkKind, key: string): boolean {
    return this.#objects[kind].has(key);
  }

  build(info: NetworkInfo = {}): Network {
    const facts = Object.fromEntries(
      Object.entries(this.#objects).map(([kind, objects]) => [
        kind,
        sorted((objects as Map<string, NetworkObject>).values()),
      ]),
    ) as unknown as { readonly [K in NetworkKind]: readonly FactsByKind[K][] };
    const objects: NetworkObjects = {
      ...facts,
      subnet: facts.subnet.map(subnetOf),
      ip_range: facts.ip_range.map(ipRangeOf),
      taken_address: sorted([...facts.taken_address, ...TAKING.flatMap(({ name, takes }) => takes(facts[name]))]),
      url: sorted([...facts.url, ...facts.rack_controller.flatMap(regionUrlOf)]),
    };
    return new Network(objects, info);
  }
}
