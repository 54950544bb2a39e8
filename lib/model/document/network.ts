import type { DocumentObject, NetworkDocument } from "../document";
import { factsOf, type Judged, text, textOrNull } from "../facts";
import { INTERFACE_KINDS } from "../kinds";
import { type Attributes, isKnown, type Known, UNKNOWN } from "../known";
import { parseKey } from "../natural-key";
import { type Network, NetworkBuilder, type NetworkInfo } from "../network";
import type {
  FactsByKind,
  InterfaceLink,
  NetworkMachineInterface,
  NetworkObject,
  NetworkUrl,
} from "../network/objects";
import { ownedName, ownerOf } from "../owner";
import { withoutEmptyText } from "../spelling";
import { tryText } from "../text";
import { DOCUMENT_KINDS, type DocumentKindName } from "./kinds";

function linkOf({ attributes: { subnet, ip_address, mode = "AUTO" } }: DocumentObject): InterfaceLink {
  const word = typeof mode === "string" ? (mode.toLowerCase() as NonNullable<InterfaceLink["mode"]>) : undefined;
  return { subnet: text(subnet), ip: textOrNull(ip_address), ...(word !== undefined && { mode: word }) };
}

/** What rules read of an object: its kind's record says it. Undefined = nothing, or what is no kind of MAAS. */
function factsIn(kind: DocumentKindName, judgedObject: Judged): object {
  const { fields, kind: maas, facts = maas?.facts } = DOCUMENT_KINDS[kind];
  return facts?.(judgedObject) ?? factsOf(fields, judgedObject);
}

/** What is looked up has values that the document does not hold. */
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

/** What an interface that the document has is named by links on it: its name, else that which MAAS gives it, or its MAC address. */
function namedByLinks(attributes: Attributes): string {
  const { name, parent, vlan, mac_address: mac } = attributes;
  const vid = parseKey("vlan", tryText(vlan) ?? "")?.vid;
  const called = name ?? ((parent ?? null) === null ? mac : `${tryText(parent) ?? ""}.${vid ?? ""}`);
  return ownedName(ownerOf(attributes) ?? { kind: "machine", key: "" }, tryText(called) ?? "");
}

/** Whether interfaces that the document has accept router advertisements, by what links name them. */
const acceptingRa = (sections: NetworkDocument["objects"]): ReadonlyMap<string, Known<boolean | null>> =>
  new Map(
    INTERFACE_KINDS.flatMap(({ name }) => sections[name] ?? []).map(({ attributes }) => {
      const { accept_ra: value = null } = attributes;
      return [namedByLinks(attributes), !isKnown(value) ? UNKNOWN : typeof value === "boolean" ? value : null];
    }),
  );

/** The interfaces of machines, each with its links. */
function machineInterfaces(
  links: readonly DocumentObject[],
  vlans: ReadonlyMap<string, Known<string>>,
  accepting: ReadonlyMap<string, Known<boolean | null>>,
): NetworkMachineInterface[] {
  const interfaces = new Map<string, NetworkMachineInterface>();
  for (const link of links) {
    const { network_interface: name, subnet, device = null } = link.attributes;
    // MAAS configures nothing on a device: what is said of interfaces that it configures is not said of those.
    if (device !== null) continue;
    const owner = ownerOf(link.attributes);
    const key = typeof name === "string" && owner !== undefined ? ownedName(owner, name) : link.path;
    const known = interfaces.get(key) ?? {
      ...{ key, at: { path: link.path }, machine: owner?.key ?? link.path },
      ...{ name: text(name), vlan: vlans.get(tryText(subnet) ?? "") ?? UNKNOWN, links: [] },
      ...(accepting.has(key) && { acceptRa: accepting.get(key) ?? null }),
    };
    interfaces.set(key, { ...known, links: [...(known.links as readonly InterfaceLink[]), linkOf(link)] });
  }
  return [...interfaces.values()];
}

/** What a network has beside the objects of a document. */
export interface Beside {
  /** URLs other than those of racks. Default: the document's own. */
  readonly urls?: readonly NetworkUrl[];
  /** Interfaces of machines, with addresses that are no links. */
  readonly interfaces?: readonly NetworkMachineInterface[];
  readonly info?: NetworkInfo;
}

/** The network that a document describes, for the rules and for pictures. Keys are the document's. */
export function documentNetwork(
  document: NetworkDocument,
  { urls = urlsOf(document), interfaces = [], info }: Beside = {},
): Network {
  const network = new NetworkBuilder();
  const sections = (Object.entries(document.objects) as [DocumentKindName, readonly DocumentObject[]][]).map(
    ([kind, objects]) => [kind, objects.map((object) => ({ ...object, attributes: judged(kind, object) }))] as const,
  );
  const byKind = Object.fromEntries(sections) as NetworkDocument["objects"];
  const { subnet: subnets = [], network_interface_link: links = [] } = byKind;
  const made = new Set(
    sections.flatMap(([kind, objects]) =>
      objects.filter(({ origin }) => origin === "create").map(({ key }) => `${kind} ${key}`),
    ),
  );
  for (const [kind, objects] of sections)
    for (const { key, path, origin, attributes, links } of objects) {
      const parent = parentOf(kind, attributes);
      const partial = origin !== "create" || (parent !== undefined && !made.has(parent));
      const facts = factsIn(kind, { key, attributes, partial, ...(links && { links }) }) as Omit<
        FactsByKind[typeof kind],
        keyof NetworkObject
      >;
      network.add(kind, { key, at: { path }, ...facts } as FactsByKind[typeof kind]);
    }
  const vlans = new Map(subnets.map(({ key, attributes }) => [key, text(attributes.vlan)]));
  for (const nic of [...machineInterfaces(links, vlans, acceptingRa(byKind)), ...interfaces])
    network.add("machine_interface", nic);
  for (const url of urls) network.add("url", url);
  return network.build(info);
}

const urlsOf = ({ apiUrl: url }: NetworkDocument): NetworkUrl[] =>
  url === undefined ? [] : [{ key: "apiUrl", at: { path: "provider" }, setting: "apiUrl", url }];
