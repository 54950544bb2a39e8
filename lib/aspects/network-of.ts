import { type IConstruct, TerraformResource, TerraformStack } from "../cdk";
import { toValue } from "../constructs/internal/properties";
import type { DeclaredObject } from "../constructs/internal/declared-object";
import { identityOf } from "../constructs/internal/natural-key";
import { advertisementsOn } from "../constructs/internal/radvd-files";
import type { StackRegion } from "../constructs/internal/region";
import type { KindName } from "../model/field";
import { DEFAULT_MTU } from "../model/kinds/vlan";
import { isKnown, type Known, UNKNOWN, type Value } from "../model/known";
import type { Network } from "../model/network";
import { NetworkBuilder } from "../model/network/builder";
import type { NetworkKind, Place, RangeType } from "../model/network/objects";
import { machineInterfacesOf } from "./machine-interfaces";

/** Its file and line are looked up only for what a report names. */
const placeAt = ({ node }: IConstruct): Place => ({ path: node.path });

const placeOf = ({ path }: DeclaredObject): Place => ({ path });

/** A property as rules see it: a token is unknown. */
const literal = (text: string): Known<string> => textOf(toValue(text));

const textOf = (value: Value | undefined): Known<string> => (typeof value === "string" ? value : UNKNOWN);

const textOrNull = (value: Value | undefined): Known<string | null> =>
  value === null || value === undefined ? null : textOf(value);

const keyOf = (object: DeclaredObject | undefined): Known<string> =>
  object === undefined ? UNKNOWN : identityOf(object);

/** The key of what an optional reference names: null where nothing was given. */
function referenceOrNull({ attributes, references }: DeclaredObject, name: string): Known<string | null> {
  const target = references[name];
  if (target !== undefined) return identityOf(target);
  return attributes[name] === null ? null : UNKNOWN;
}

/** A rack controller may be given by one of its interfaces. */
function rackOrNull(declared: DeclaredObject, name: string): Known<string | null> {
  const given = declared.references[name];
  const throughInterface = given?.references.rack_controller;
  return throughInterface === undefined ? referenceOrNull(declared, name) : identityOf(throughInterface);
}

function isPartialVlan({ attributes, references, existing }: DeclaredObject): boolean {
  return existing || (attributes.vid === 0 && references.fabric?.existing !== false);
}

function dnsServers(value: Value | undefined): Known<readonly Known<string>[]> {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(textOf) : UNKNOWN;
}

type Adder = (network: NetworkBuilder, object: { readonly declared: DeclaredObject; readonly key: string }) => void;

/** What each kind of construct adds to the network. */
const ADDERS: Readonly<Partial<Record<KindName, Adder>>> = {
  fabric: (network, { key, declared }) =>
    network.add("fabric", { key, at: placeOf(declared), name: textOf(declared.attributes.name) }),
  space: (network, { key, declared }) =>
    network.add("space", { key, at: placeOf(declared), name: textOf(declared.attributes.name) }),
  vlan: (network, { key, declared }) => {
    const { vid, mtu = null } = declared.attributes;
    const partial = isPartialVlan(declared);
    network.add("vlan", {
      key,
      at: placeOf(declared),
      fabric: keyOf(declared.references.fabric),
      vid: typeof vid === "number" ? vid : UNKNOWN,
      space: referenceOrNull(declared, "space"),
      mtu: typeof mtu === "number" ? mtu : mtu === null && !partial ? DEFAULT_MTU : UNKNOWN,
      partial,
    });
  },
  vlan_dhcp: (network, { key, declared }) => {
    const relayTo = referenceOrNull(declared, "relay_vlan");
    network.add("vlan_dhcp", {
      key,
      at: placeOf(declared),
      vlan: keyOf(declared.references.vlan),
      on: isKnown(relayTo) ? relayTo === null : UNKNOWN,
      primary: rackOrNull(declared, "primary_rack_controller"),
      secondary: rackOrNull(declared, "secondary_rack_controller"),
      relayTo,
    });
  },
  subnet: (network, { key, declared }) => {
    const { family } = declared.stated;
    const { cidr, gateway_ip, dns_servers, managed } = declared.attributes;
    network.add("subnet", {
      key,
      at: placeOf(declared),
      vlan: keyOf(declared.references.vlan),
      cidr: textOf(cidr),
      ...(family !== undefined && { stated: family }),
      gatewayIp: textOrNull(gateway_ip),
      dnsServers: dnsServers(dns_servers),
      managed: managed === null || managed === undefined ? true : typeof managed === "boolean" ? managed : UNKNOWN,
      partial: declared.existing,
    });
  },
  ip_range: (network, { key, declared }) => {
    const { type, start_ip, end_ip } = declared.attributes;
    network.add("ip_range", {
      key,
      at: placeOf(declared),
      subnet: keyOf(declared.references.subnet),
      type: textOf(type) as Known<RangeType>,
      startIp: textOf(start_ip),
      endIp: textOf(end_ip),
    });
  },
  rack_controller: (network, { key, declared }) => {
    const { regionUrl: url } = declared.stated;
    network.add("rack_controller", {
      key,
      at: placeOf(declared),
      hostname: textOf(declared.attributes.hostname),
      regionUrl: url === undefined ? null : literal(url),
    });
  },
  rack_interface: (network, { key, declared }) =>
    network.add("rack_interface", {
      key,
      at: placeOf(declared),
      rack: keyOf(declared.references.rack_controller),
      name: textOf(declared.attributes.name),
      vlan: keyOf(declared.references.vlan),
      links: UNKNOWN,
    }),
};

/** MAAS has no object for router advertisements: they are found through the subnet's construct. */
function addAdvertisements(network: NetworkBuilder, subnet: DeclaredObject): void {
  for (const advertisement of advertisementsOn(subnet.construct)) {
    if (network.has("router_advertisement", advertisement.node.path)) continue;
    network.add("router_advertisement", {
      key: advertisement.node.path,
      at: placeAt(advertisement),
      subnet: identityOf(subnet),
      autonomous: advertisement.autonomousAddresses ?? UNKNOWN,
      otherConfig: advertisement.otherConfigFromDhcp ?? UNKNOWN,
      managedAddress: advertisement.addressesFromDhcp ?? UNKNOWN,
    });
  }
}

/** What is managed comes first, so that a look-up of the same object elsewhere does not hide what is said about it. */
const managedFirst = (a: DeclaredObject, b: DeclaredObject): number =>
  Number(TerraformResource.isTerraformResource(b.construct)) -
  Number(TerraformResource.isTerraformResource(a.construct));

/** Whether two stacks want to manage one object. Within one stack that was refused already. */
const isClash = (first: IConstruct, second: IConstruct): boolean =>
  [first, second].every((construct) => TerraformResource.isTerraformResource(construct)) &&
  TerraformStack.of(first) !== TerraformStack.of(second);

/** The network that the constructs of one region make together, from whatever stacks of the app. */
export function networkOf(objects: readonly DeclaredObject[], regions: readonly StackRegion[]): Network {
  const network = new NetworkBuilder();
  const subnets = new Map<string, IConstruct>();
  for (const declared of [...objects].sort(managedFirst)) {
    const { construct } = declared;
    const judged = declared.judged();
    const { name } = declared.kind;
    const key = identityOf(declared);
    const first = subnets.get(key);
    // A second construct for one object is another view of it; a second subnet to be made is for a rule to report.
    if (first !== undefined && isClash(first, construct))
      ADDERS[name]?.(network, { declared: judged, key: `${key} at ${declared.path}` });
    if (ADDERS[name] !== undefined && !network.has(name as NetworkKind, key))
      ADDERS[name](network, { declared: judged, key });
    if (name === "subnet" && first === undefined) subnets.set(key, construct);
    addAdvertisements(network, declared);
  }
  for (const item of machineInterfacesOf(objects)) network.add("machine_interface", item);
  for (const { provider, apiUrl } of regions) {
    if (apiUrl === undefined) continue;
    network.add("url", { key: provider.node.path, at: placeAt(provider), setting: "apiUrl", url: literal(apiUrl) });
  }
  return network.build();
}
