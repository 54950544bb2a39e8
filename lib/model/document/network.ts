import type { DocumentObject, NetworkDocument } from "../document";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../known";
import type { Network } from "../network";
import { NetworkBuilder } from "../network/builder";
import type { InterfaceLink, NetworkMachineInterface, NetworkUrl, RangeType } from "../network/objects";
import { DEFAULT_MTU } from "../kinds/vlan";
import { withoutEmptyText } from "../spelling";
import { tryText } from "../text";
import { DOCUMENT_KINDS, type DocumentKindName } from "./kinds";

const text = (value: Value | undefined): Known<string> => (typeof value === "string" ? value : UNKNOWN);

const textOrNull = (value: Value | undefined): Known<string | null> =>
  value === null || value === undefined ? null : text(value);

const flag = (value: Value | undefined, otherwise: Known<boolean>): Known<boolean> =>
  value === undefined || value === null ? otherwise : typeof value === "boolean" ? value : UNKNOWN;

/** MAAS's own MTU where nothing is said of a VLAN that is made. */
const mtuOf = (value: Value | undefined, partial: boolean): Known<number> =>
  typeof value === "number" ? value : (value === undefined || value === null) && !partial ? DEFAULT_MTU : UNKNOWN;

function texts(value: Value | undefined): Known<readonly Known<string>[]> {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(text) : UNKNOWN;
}

function linkOf({ attributes: { subnet, ip_address, mode = "AUTO" } }: DocumentObject): InterfaceLink {
  const word = typeof mode === "string" ? (mode.toLowerCase() as NonNullable<InterfaceLink["mode"]>) : undefined;
  return { subnet: text(subnet), ip: textOrNull(ip_address), ...(word !== undefined && { mode: word }) };
}

/** A name that may be left out, since it is the key. */
const named = (value: Value | undefined, key: string): Known<string> => text(value === undefined ? key : value);

type Common = Pick<DocumentObject, "attributes"> & {
  readonly base: { readonly key: string; readonly at: { readonly path: string } };
  readonly partial: boolean;
};

type Adder = (network: NetworkBuilder, object: Common) => void;

const ADDERS: Readonly<Partial<Record<DocumentKindName, Adder>>> = {
  fabric: (network, { base, attributes: { name } }) => network.add("fabric", { ...base, name: named(name, base.key) }),
  space: (network, { base, attributes: { name } }) => network.add("space", { ...base, name: named(name, base.key) }),
  vlan: (network, { base, partial, attributes: { fabric, vid, name, space, mtu } }) =>
    network.add("vlan", {
      ...base,
      fabric: text(fabric),
      vid: typeof vid === "number" ? vid : UNKNOWN,
      name: textOrNull(name),
      space: textOrNull(space),
      mtu: mtuOf(mtu, partial),
      partial,
    }),
  subnet: (network, { base, partial, attributes }) =>
    network.add("subnet", {
      ...base,
      vlan: text(attributes.vlan),
      cidr: text(attributes.cidr),
      name: textOrNull(attributes.name),
      ...((attributes.family === 4 || attributes.family === 6) && { stated: attributes.family }),
      gatewayIp: textOrNull(attributes.gateway_ip),
      dnsServers: texts(attributes.dns_servers),
      managed: flag(attributes.managed, true),
      partial,
    }),
  ip_range: (network, { base, attributes: { subnet, type, start_ip, end_ip } }) =>
    network.add("ip_range", {
      ...base,
      subnet: text(subnet),
      type: text(type) as Known<RangeType>,
      startIp: text(start_ip),
      endIp: text(end_ip),
    }),
  rack_controller: (network, { base, attributes: { hostname, region_url } }) =>
    network.add("rack_controller", {
      ...base,
      hostname: named(hostname, base.key),
      regionUrl: textOrNull(region_url),
    }),
  rack_interface: (network, { base, attributes: { rack_controller, name, vlan } }) =>
    network.add("rack_interface", {
      ...base,
      rack: text(rack_controller),
      name: text(name),
      vlan: text(vlan),
      links: UNKNOWN,
    }),
  vlan_dhcp: (network, { base, attributes }) => {
    const relayTo = textOrNull(attributes.relay_vlan);
    network.add("vlan_dhcp", {
      ...base,
      vlan: text(attributes.vlan),
      on: isKnown(relayTo) ? relayTo === null : UNKNOWN,
      primary: textOrNull(attributes.primary_rack_controller),
      secondary: textOrNull(attributes.secondary_rack_controller),
      relayTo,
    });
  },
  router_advertisement: (network, { base, attributes }) =>
    network.add("router_advertisement", {
      ...base,
      subnet: text(attributes.subnet),
      autonomous: flag(attributes.autonomous_addresses, UNKNOWN),
      otherConfig: flag(attributes.other_config_from_dhcp, UNKNOWN),
      managedAddress: flag(attributes.addresses_from_dhcp, UNKNOWN),
    }),
};

/** What is looked up has values that the document does not tell. */
const unsaid = (kind: DocumentKindName): Attributes =>
  Object.fromEntries(DOCUMENT_KINDS[kind].fields.map(({ name }) => [name, UNKNOWN]));

/** An object as the rules see it: what the document leaves to the region is not known, and empty text means none. */
function judged(
  kind: DocumentKindName,
  { origin, attributes: written, ignoreChanges = [] }: DocumentObject,
): Attributes {
  const attributes = { ...written, ...Object.fromEntries(ignoreChanges.map((name) => [name, UNKNOWN])) };
  return withoutEmptyText(DOCUMENT_KINDS[kind], origin === "look_up" ? { ...unsaid(kind), ...attributes } : attributes);
}

/** The name of the object that this one comes with, such as the fabric of VID 0: it is as new as that. Undefined = of none. */
function parentOf(kind: DocumentKindName, attributes: Attributes): string | undefined {
  const { withParent, fields = [] } = DOCUMENT_KINDS[kind].kind ?? {};
  if (withParent?.isLikely(attributes) !== true) return undefined;
  const refers = fields.find(({ name }) => name === withParent.parent)?.references ?? "";
  return `${refers} ${tryText(attributes[withParent.parent]) ?? ""}`;
}

/** The interfaces of machines, each with its links. */
function machineInterfaces(
  links: readonly DocumentObject[],
  vlans: ReadonlyMap<string, Known<string>>,
): NetworkMachineInterface[] {
  const interfaces = new Map<string, NetworkMachineInterface>();
  for (const link of links) {
    const { machine, network_interface: name, subnet } = link.attributes;
    const key = typeof name === "string" && typeof machine === "string" ? `${machine}/${name}` : link.path;
    const known = interfaces.get(key) ?? {
      ...{ key, at: { path: link.path }, machine: typeof machine === "string" ? machine : link.path },
      ...{ name: text(name), vlan: vlans.get(tryText(subnet) ?? "") ?? UNKNOWN, links: [] },
    };
    interfaces.set(key, { ...known, links: [...(known.links as readonly InterfaceLink[]), linkOf(link)] });
  }
  return [...interfaces.values()];
}

/**
 * The network that a document describes, for the rules and for pictures. Keys are the document's.
 *
 * @param urls the URLs beside those of racks; by default the document's own.
 */
export function documentNetwork(document: NetworkDocument, urls: readonly NetworkUrl[] = urlsOf(document)): Network {
  const network = new NetworkBuilder();
  const sections = (Object.entries(document.objects) as [DocumentKindName, readonly DocumentObject[]][]).map(
    ([kind, objects]) => [kind, objects.map((object) => ({ ...object, attributes: judged(kind, object) }))] as const,
  );
  const { subnet: subnets = [], network_interface_link: links = [] } = Object.fromEntries(
    sections,
  ) as NetworkDocument["objects"];
  const made = new Set(
    sections.flatMap(([kind, objects]) =>
      objects.filter(({ origin }) => origin === "create").map(({ key }) => `${kind} ${key}`),
    ),
  );
  for (const [kind, objects] of sections)
    for (const { key, path, origin, attributes } of objects) {
      const parent = parentOf(kind, attributes);
      const partial = origin !== "create" || (parent !== undefined && !made.has(parent));
      ADDERS[kind]?.(network, { base: { key, at: { path } }, attributes, partial });
    }
  const vlans = new Map(subnets.map(({ key, attributes }) => [key, text(attributes.vlan)]));
  for (const nic of machineInterfaces(links, vlans)) network.add("machine_interface", nic);
  for (const url of urls) network.add("url", url);
  return network.build();
}

const urlsOf = ({ apiUrl: url }: NetworkDocument): NetworkUrl[] =>
  url === undefined ? [] : [{ key: "apiUrl", at: { path: "provider" }, setting: "apiUrl", url }];
