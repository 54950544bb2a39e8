import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { type Beside, documentNetwork } from "../../../lib/model/document/network";
import { isOwn, type Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, UNKNOWN } from "../../../lib/model/known";
import type { Network } from "../../../lib/model/network";
import type { InterfaceLink, NetworkMachineInterface } from "../../../lib/model/network/objects";
import { textOf } from "../../../lib/model/text";
import { decode, type ObjectJson, rowsOf } from "../../maas/codec";
import { COLLECTIONS } from "../../maas/collections";
import { keysOfRow } from "../../maas/indexed-rows";
import type { Extent, RegionRows, Snapshot } from "../../maas/snapshot";

/** What a live region lists of its networks. */
export type RegionListing = Partial<RegionRows> &
  Pick<RegionRows, "fabrics" | "subnets" | "ipranges" | "rackcontrollers" | "machines"> & {
    readonly version: string | undefined;
  };

/** The kinds whose objects have a collection of their own, which lists nothing else. */
const COLLECTED = Object.values<Kind>(KINDS).filter(isOwn);

/** Everything that the rules look at, in a GET for each list, and one for the version. Machines, whose list is slow, only where they are wanted. */
export async function listRegion(
  snapshot: Snapshot,
  { machines }: { readonly machines: boolean } = { machines: true },
): Promise<RegionListing> {
  const wanted = COLLECTED.filter(({ api }) => api.isCostly !== true && (machines || api.isHeavy !== true));
  const extent: Extent = Object.fromEntries(wanted.map(({ api }) => [api.collection, "all"]));
  const [rows, version] = await Promise.all([snapshot.rows(extent), snapshot.version()]);
  return { ...rows, version };
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const idOf = (value: unknown): string => textOf((value as ObjectJson).id);
const idOrNull = (value: unknown): string | null => (value === null || value === undefined ? null : idOf(value));

/** Links of an interface, those included that were only seen on the wire. */
function linksOf(nic: ObjectJson): InterfaceLink[] {
  const link = ({ subnet, ip_address: ip }: ObjectJson) => ({ subnet: idOrNull(subnet), ip: textOrNull(ip) });
  const configured = rowsOf(nic.links).map((row): InterfaceLink => ({
    ...link(row),
    ...(typeof row.mode === "string" && { mode: row.mode as "static" }),
  }));
  return [...configured, ...rowsOf(nic.discovered).map((row): InterfaceLink => ({ ...link(row), mode: "dhcp" }))];
}

/** An object of the region in a document: it goes by MAAS's id, as all that refers to it. */
export function liveObject(
  kind: Kind,
  row: ObjectJson,
  { id = COLLECTIONS[kind.api.collection].id(row), name = "", more = {}, ...reported }: Named = {},
): DocumentObject {
  const attributes = { ...decode(kind, row), ...more };
  const called = name === "" ? `${kind.titleOf?.(attributes) ?? kind.title} ${keysOfRow(kind, row)[0] ?? ""}` : name;
  return {
    key: id,
    path: `${called} (id ${typeof row.id === "number" ? row.id : id})`,
    origin: "create",
    attributes,
    ...reported,
  };
}

interface Named extends Pick<DocumentObject, "links"> {
  readonly id?: string;
  readonly name?: string;
  /** Attributes beside those of the row. */
  readonly more?: Attributes;
}

function liveVlan(fabric: ObjectJson, row: ObjectJson): Record<"vlan" | "vlan_dhcp", DocumentObject> {
  const name = `VLAN ${textOf(fabric.name)}:${row.vid === 0 ? "untagged" : textOf(row.vid)}`;
  return {
    // Spaces are not read.
    vlan: liveObject(KINDS.vlan, row, { name, more: { fabric: idOf(fabric), space: UNKNOWN } }),
    vlan_dhcp: liveObject(KINDS.vlan_dhcp, row, { name }),
  };
}

/** Whether a node's addresses are known of at all: a rack that talks to the region has one somewhere. */
export const hasToldAddresses = (node: ObjectJson): boolean =>
  rowsOf(node.interface_set).some((nic) => linksOf(nic).length > 0);

const nicName = (node: ObjectJson, nic: ObjectJson): string => `interface ${textOf(node.hostname)}/${textOf(nic.name)}`;

/** A rack controller, by what to call it, and its interfaces. */
export function liveRack(
  rack: ObjectJson,
  path: string,
): Record<"rack_controller" | "rack_interface", DocumentObject[]> {
  const key = textOf(rack.system_id);
  const isTold = hasToldAddresses(rack);
  const nics = rowsOf(rack.interface_set).map((nic) =>
    liveObject(KINDS.rack_interface, nic, {
      ...{ id: `${key}/${idOf(nic)}`, name: nicName(rack, nic) },
      more: { rack_controller: key },
      links: isTold ? linksOf(nic) : UNKNOWN,
    }),
  );
  // MAAS's API does not report which URL a rack was given.
  const attributes = { hostname: textOf(rack.hostname), region_url: UNKNOWN };
  return { rack_controller: [{ key, path, origin: "create", attributes }], rack_interface: nics };
}

/** Null where the operating system decides. Old data has text in place of the parameters. */
function acceptsRa({ params }: ObjectJson): boolean | null {
  const { "accept-ra": accepts = null } = (typeof params === "object" && params !== null ? params : {}) as ObjectJson;
  return typeof accepts === "boolean" ? accepts : null;
}

const machineInterfaces = (machine: ObjectJson): NetworkMachineInterface[] =>
  rowsOf(machine.interface_set).map((nic) => ({
    key: `${textOf(machine.system_id)}/${idOf(nic)}`,
    at: { path: `${nicName(machine, nic)} (id ${idOf(nic)})` },
    ...{ name: textOf(nic.name), machine: textOf(machine.hostname), vlan: idOrNull(nic.vlan), links: linksOf(nic) },
    acceptRa: acceptsRa(nic),
  }));

type Sections = Partial<Record<DocumentKindName, readonly DocumentObject[]>>;

/** What a region has, as a document. Keys are MAAS's ids, since natural keys need not be unique there. */
export function liveDocument(region: RegionListing): NetworkDocument {
  const created = COLLECTED.filter(({ lifecycle }) => lifecycle === "created");
  const vlans = region.fabrics.flatMap((fabric) => rowsOf(fabric.vlans).map((row) => liveVlan(fabric, row)));
  const racks = region.rackcontrollers.map((rack) =>
    liveRack(rack, `rack controller ${textOf(rack.hostname)} (${textOf(rack.system_id)})`),
  );
  const objects: Sections = {
    ...(Object.fromEntries(
      created.map((kind) => [kind.name, (region[kind.api.collection] ?? []).map((row) => liveObject(kind, row))]),
    ) as Sections),
    vlan: vlans.map(({ vlan }) => vlan),
    vlan_dhcp: vlans.map(({ vlan_dhcp: dhcp }) => dhcp),
    rack_controller: racks.flatMap(({ rack_controller: rack }) => rack),
    rack_interface: racks.flatMap(({ rack_interface: nics }) => nics),
  };
  return { objects, suppressions: [] };
}

/** What a region has beside the objects of {@link liveDocument}. */
export function besideLive(region: RegionListing): Beside {
  return {
    urls: [],
    interfaces: region.machines.flatMap(machineInterfaces),
    info: {
      ...(region.version !== undefined && { maasVersion: region.version }),
      hasAdvertisements: false,
      isWhole: true,
    },
  };
}

/** The network that a region has, for the rules. Keys are MAAS's ids. */
export const liveNetwork = (region: RegionListing): Network =>
  documentNetwork(liveDocument(region), besideLive(region));
