import { IpAddress } from "./address";
import { Cidr } from "./cidr";
import { inCamelCase } from "./facts";
import type { Kind } from "./kind";
import { KINDS } from "./kinds";
import { isKnown, type Known, UNKNOWN } from "./known";
import { inNaturalOrder } from "./lists";
import {
  type FactsByKind,
  type IpRangeFacts,
  type Members,
  narrowestAround,
  type NetworkIpRange,
  type NetworkKind,
  type NetworkObject,
  type NetworkRackController,
  type NetworkRackInterface,
  type NetworkRouterAdvertisement,
  type NetworkSubnet,
  type NetworkTakenAddress,
  type NetworkUrl,
  type NetworkVlan,
  type NetworkVlanDhcp,
  type ObjectsByKind,
  ReferenceIndex,
  type SubnetFacts,
} from "./network/objects";
import { AddressRange, RangeOrderError } from "./address-range";

/** What is known about the network as a whole. */
export interface NetworkInfo {
  /** Version of the region, such as `3.6.5`. Absent = not known. */
  readonly maasVersion?: Known<string>;
  /**
   * Whether all router advertisements are in the network. False for a live region: MAAS models none.
   * @default true
   */
  readonly hasAdvertisements?: boolean;
  /**
   * Whether nothing of the region is left out, so that absence proves something.
   * @default false
   */
  readonly isWhole?: boolean;
}

/** The objects of a network, by kind. Those of an absent kind: none. */
type NetworkObjects = { readonly [K in NetworkKind]?: readonly ObjectsByKind[K][] };

type ObjectMaps = { [K in NetworkKind]?: ReadonlyMap<string, ObjectsByKind[K]> };

/** What most networks have of most kinds. */
const NONE: readonly never[] = Object.freeze([]);

const unplaced =
  (reference: string) =>
  (object: NetworkObject): string =>
    `${reference} of ${object.at.path}`;

const rest = (what: string, owner: NetworkObject & { readonly partial?: boolean }): string | undefined =>
  owner.partial === true ? `what other ${what} the region has on ${owner.at.path}` : undefined;

/**
 * The graph that all rules read: what a stack wants, what a plan will make of it, or what a region has.
 *
 * Shape: immutable; each kind is in natural order of its keys, so that the order in which objects were added never shows. Lookups take
 * constant time. Made by `NetworkBuilder`.
 */
export class Network {
  readonly #byKey: ObjectMaps = {};
  readonly #subnets: ReferenceIndex<NetworkSubnet>;
  readonly #ranges: ReferenceIndex<NetworkIpRange>;
  readonly #interfacesByVlan: ReferenceIndex<NetworkRackInterface>;
  readonly #interfacesByRack: ReferenceIndex<NetworkRackInterface>;
  readonly #dhcp: ReferenceIndex<NetworkVlanDhcp>;
  readonly #relays: ReferenceIndex<NetworkVlanDhcp>;
  readonly #primaries: ReferenceIndex<NetworkVlanDhcp>;
  readonly #secondaries: ReferenceIndex<NetworkVlanDhcp>;
  readonly #taken: ReferenceIndex<NetworkTakenAddress>;
  readonly #advertisements: ReferenceIndex<NetworkRouterAdvertisement>;

  constructor(
    private readonly objects: NetworkObjects,
    readonly info: NetworkInfo = {},
  ) {
    this.#subnets = new ReferenceIndex(this.all("subnet"), ({ vlan }) => vlan, unplaced("VLAN"));
    this.#ranges = new ReferenceIndex(this.all("ip_range"), ({ subnet }) => subnet, unplaced("subnet"));
    this.#interfacesByVlan = new ReferenceIndex(this.all("rack_interface"), ({ vlan }) => vlan, unplaced("VLAN"));
    this.#interfacesByRack = new ReferenceIndex(this.all("rack_interface"), ({ rack }) => rack, unplaced("rack"));
    this.#dhcp = new ReferenceIndex(this.all("vlan_dhcp"), ({ vlan }) => vlan, unplaced("VLAN"));
    this.#relays = new ReferenceIndex(this.all("vlan_dhcp"), ({ relayTo }) => relayTo, unplaced("relay VLAN"));
    this.#primaries = new ReferenceIndex(this.all("vlan_dhcp"), ({ primary }) => primary, unplaced("primary rack"));
    this.#secondaries = new ReferenceIndex(
      this.all("vlan_dhcp"),
      ({ secondary }) => secondary,
      unplaced("secondary rack"),
    );
    this.#taken = new ReferenceIndex(this.all("taken_address"), ({ subnet }) => subnet, unplaced("subnet"));
    this.#advertisements = new ReferenceIndex(
      this.all("router_advertisement"),
      ({ subnet }) => subnet,
      unplaced("subnet"),
    );
  }

  /** All objects of a kind, by key. */
  all<K extends NetworkKind>(kind: K): readonly ObjectsByKind[K][] {
    return this.objects[kind] ?? NONE;
  }

  /** The object that a reference means; undefined when the reference is unknown, null, or leads out of the network. */
  tryFind<K extends NetworkKind>(kind: K, key: Known<string | null>): ObjectsByKind[K] | undefined {
    if (!isKnown(key) || key === null) return undefined;
    const byKey: ReadonlyMap<string, ObjectsByKind[K]> | undefined = this.#byKey[kind];
    return (byKey ?? this.mapped(kind)).get(key);
  }

  private mapped<K extends NetworkKind>(kind: K): ReadonlyMap<string, ObjectsByKind[K]> {
    const byKey = new Map(this.all(kind).map((object) => [object.key, object]));
    this.#byKey[kind] = byKey as ObjectMaps[K];
    return byKey;
  }

  /** The subnets of the VLAN. */
  subnetsOf(vlan: NetworkVlan): Members<NetworkSubnet> {
    return this.#subnets.of(vlan.key, rest("subnets", vlan));
  }

  /** The DHCP settings of the VLAN: one, or none. */
  dhcpOf(vlan: NetworkVlan): Members<NetworkVlanDhcp> {
    const members = this.#dhcp.of(vlan.key);
    // One VLAN has one DHCP object, so a partial VLAN hides nothing once it is there.
    return members.items.length > 0 ? { items: members.items } : this.#dhcp.of(vlan.key, rest("DHCP settings", vlan));
  }

  /** The DHCP settings of the VLANs that are relayed to this one. */
  relaysTo(vlan: NetworkVlan): Members<NetworkVlanDhcp> {
    return this.#relays.of(vlan.key, rest("relays", vlan));
  }

  /** The rack interfaces on the VLAN. */
  interfacesOn(vlan: NetworkVlan): Members<NetworkRackInterface> {
    return this.#interfacesByVlan.of(vlan.key, rest("rack interfaces", vlan));
  }

  /** The interfaces of the rack that the network holds. */
  interfacesOf(rack: NetworkRackController): Members<NetworkRackInterface> {
    return this.#interfacesByRack.of(rack.key);
  }

  /** The DHCP settings that name the rack as primary or secondary. */
  dhcpServedBy(rack: NetworkRackController): Members<NetworkVlanDhcp> {
    const [primary, secondary] = [this.#primaries.of(rack.key), this.#secondaries.of(rack.key)];
    const missing = primary.missing ?? secondary.missing;
    return { items: [...primary.items, ...secondary.items], ...(missing === undefined ? {} : { missing }) };
  }

  /** The ranges of the subnet, static ones included. */
  rangesOf(subnet: NetworkSubnet): Members<NetworkIpRange> {
    return this.#ranges.of(subnet.key, rest("ranges", subnet));
  }

  /** The addresses of the subnet that objects other than ranges take, such as the gateways of static routes. */
  takenIn(subnet: NetworkSubnet): Members<NetworkTakenAddress> {
    return this.#taken.of(subnet.key, rest("addresses", subnet));
  }

  /** Who is said to send router advertisements on the subnet. */
  advertisementsOf(subnet: NetworkSubnet): Members<NetworkRouterAdvertisement> {
    const hidden =
      this.info.hasAdvertisements === false ? "router advertisements, which MAAS does not model" : undefined;
    return this.#advertisements.of(subnet.key, hidden);
  }
}

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

/** The subnet that an address is of, where nobody says which. */
function placeOf(address: Known<string>, subnets: readonly NetworkSubnet[]): Known<string | null> {
  const parsed = isKnown(address) ? IpAddress.tryParse(address) : undefined;
  const around = parsed && narrowestAround(parsed, subnets);
  return around === undefined ? UNKNOWN : (around?.key ?? null);
}

/** The kinds whose objects take addresses of a subnet without being a range, and those addresses. */
const TAKING = Object.values<Kind>(KINDS).flatMap(({ name, fields }) =>
  fields.flatMap(({ name: field, addressIn }) => {
    if (addressIn === undefined) return [];
    const [address, subnet] = [inCamelCase(field), inCamelCase(addressIn.subnet)];
    const takes = (objects: readonly NetworkObject[], subnets: readonly NetworkSubnet[]): NetworkTakenAddress[] =>
      (objects as readonly Facts[]).map((object) => {
        const taken = object[address] as Known<string>;
        return {
          ...{ key: `${name} ${object.key}`, at: object.at, use: `${addressIn.as} of ${object.at.path}` },
          ...{ address: taken, subnet: (object[subnet] ?? placeOf(taken, subnets)) as Known<string | null> },
        };
      });
    return [{ name, takes }];
  }),
);

type FactMaps = { [K in NetworkKind]?: Map<string, FactsByKind[K]> };

/** Collects the objects of a network, in any order. */
export class NetworkBuilder {
  readonly #objects: FactMaps = {};

  /** @throws NetworkKeyError when the key is taken. */
  add<K extends NetworkKind>(kind: K, object: FactsByKind[K]): this {
    const known: Map<string, FactsByKind[K]> | undefined = this.#objects[kind];
    const objects = known ?? new Map<string, FactsByKind[K]>();
    const present = objects.get(object.key);
    if (present !== undefined) throw new NetworkKeyError(kind, present, object);
    objects.set(object.key, object);
    if (known === undefined) this.#objects[kind] = objects as FactMaps[K];
    return this;
  }

  /** Whether an object of that kind and key was added. */
  has(kind: NetworkKind, key: string): boolean {
    return this.#objects[kind]?.has(key) ?? false;
  }

  build(info: NetworkInfo = {}): Network {
    const facts = Object.fromEntries(
      Object.entries(this.#objects).map(([kind, objects]: [string, ReadonlyMap<string, NetworkObject>]) => [
        kind,
        sorted(objects.values()),
      ]),
    ) as { readonly [K in NetworkKind]?: readonly FactsByKind[K][] };
    const subnets = facts.subnet?.map(subnetOf) ?? [];
    const objects: NetworkObjects = {
      ...facts,
      subnet: subnets,
      ip_range: facts.ip_range?.map(ipRangeOf) ?? [],
      taken_address: sorted([
        ...(facts.taken_address ?? []),
        ...TAKING.flatMap(({ name, takes }) => takes(facts[name] ?? [], subnets)),
      ]),
      url: sorted([...(facts.url ?? []), ...(facts.rack_controller?.flatMap(regionUrlOf) ?? [])]),
    };
    return new Network(objects, info);
  }
}
