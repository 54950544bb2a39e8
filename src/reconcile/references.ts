import { textOf } from "../../lib/model/text";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import type { KindName } from "../../lib/model/field";
import { AddressRange } from "../../lib/model/ip-range";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { readVid } from "../../lib/model/vid";
import type { ObjectJson } from "../maas/codec";
import { defaultVlanOf } from "./default-vlan";
import { findInterface, linksOf, requireInterface, requireMachine } from "./machines";
import { ObjectError } from "./object-error";
import { ENDPOINTS } from "./ops/endpoints";
import { decodeLink, describeLink } from "./ops/links";
import { NetworkInterfaceLinkOps } from "./ops/network-interface-link-ops";
import { RackInterfaceOps } from "./ops/rack-interface-ops";
import type { Region } from "./region";

/** MAAS's system ids: six characters, as in `g8ghqf`. */
const SYSTEM_ID = /^[a-z0-9]{6}$/;

/** Ids that are more than a number. */
const COMPOUND_IDS: Readonly<Partial<Record<KindName, RegExp>>> = {
  rack_controller: SYSTEM_ID,
  machine: SYSTEM_ID,
  rack_interface: /^[^/]+\/\d+$/,
  network_interface_link: /^[^/#]+\/\d+\/\d+$/,
};

/** Whether the text has the form of an id of that kind. It may be that of an object which is gone. */
export const isId = (kind: KindName, key: string): boolean => (COMPOUND_IDS[kind] ?? /^\d+$/).test(key);

/** How many names a message lists at most. */
const NAMES_SHOWN = 10;

type Lookup = (region: Region, key: string) => Promise<string | undefined>;

const idOf = (json: ObjectJson | undefined): string | undefined => (json === undefined ? undefined : textOf(json.id));

const byNumber =
  (collection: "fabrics" | "spaces" | "vlans" | "subnets" | "ipranges", byKey: Lookup): Lookup =>
  async (region, key) =>
    /^\d+$/.test(key) ? idOf(await region.snapshot.read(collection, key)) : byKey(region, key);

const fabric = byNumber("fabrics", async (region, name) => idOf(await region.snapshot.find("fabrics", name)));

const space = byNumber("spaces", async (region, name) => idOf(await region.snapshot.find("spaces", name)));

const vlan = byNumber("vlans", async (region, key) => {
  const [, name, tag = ""] = /^(.+):([^:]+)$/.exec(key) ?? [];
  const vid = readVid(tag);
  if (name === undefined || vid === undefined) return undefined;
  const inFabric = await fabric(region, name);
  if (inFabric === undefined) return undefined;
  const found = await ENDPOINTS.vlan.find(region, { fabric: inFabric, vid });
  if (found !== undefined || tag !== "untagged") return idOf(found);
  // MAAS reads `untagged` as VID 0, and shows the default VLAN so when that has another VID by now.
  const row = await region.snapshot.read("fabrics", inFabric);
  return idOf(row && defaultVlanOf(row));
});

const subnet = byNumber("subnets", async (region, cidr) =>
  Cidr.tryParse(cidr) === undefined
    ? undefined
    : idOf(await region.snapshot.find("subnets", Cidr.parse(cidr).toString())),
);

/** `START-END` of either family, and `START:END` of IPv4, which is what canonical/maas takes. */
function parseRange(key: string): AddressRange | undefined {
  const [start, end] = (key.includes("-") ? key.split("-") : key.split(":")).map((part) => IpAddress.tryParse(part));
  if (start === undefined || end === undefined) return undefined;
  return start.family === end.family && start.compare(end) <= 0 ? new AddressRange(start, end) : undefined;
}

const range = byNumber("ipranges", async (region, key) => {
  const wanted = parseRange(key);
  if (wanted === undefined) return undefined;
  const all = await region.snapshot.list("ipranges");
  return idOf(
    all.find(
      (row) =>
        IpAddress.parse(textOf(row.start_ip)).equals(wanted.start) &&
        IpAddress.parse(textOf(row.end_ip)).equals(wanted.end),
    ),
  );
});

/** The system id of a node, from its hostname, its FQDN or itself. */
const bySystemId =
  (collection: "rackcontrollers" | "machines"): Lookup =>
  async ({ snapshot }, key) => {
    const named = SYSTEM_ID.test(key) ? await snapshot.read(collection, key) : undefined;
    // MAAS can't be asked by FQDN; a hostname has no dot.
    const [hostname = key] = key.split(".");
    const found = named ?? (await snapshot.find(collection, hostname));
    const isMeant =
      hostname === key || (typeof found?.fqdn === "string" && found.fqdn.toLowerCase() === key.toLowerCase());
    return found !== undefined && isMeant ? textOf(found.system_id) : undefined;
  };

const rack = bySystemId("rackcontrollers");

const machine = bySystemId("machines");

const rackInterface: Lookup = async (region, key) => {
  const [, rackKey, nic] = /^(.+)\/([^/]+)$/.exec(key) ?? [];
  const systemId = rackKey === undefined ? undefined : await rack(region, rackKey);
  if (systemId === undefined || nic === undefined) return undefined;
  const nics = await new RackInterfaceOps(region).listOf(systemId);
  const found = nics.find((candidate) => candidate.name === nic || candidate.id === `${systemId}/${nic}`);
  return found === undefined ? undefined : textOf(found.id);
};

/** Whether a link is the one with that link id, that address, or on that subnet. */
async function linkTest(
  region: Region,
  target: string,
  isLinkId: boolean,
): Promise<(link: { readonly json: ObjectJson; readonly live: Attributes }) => boolean> {
  if (isLinkId) return ({ json }) => textOf(json.id) === target;
  const address = IpAddress.tryParse(target)?.toString();
  if (address !== undefined) return ({ live }) => live.ip_address === address;
  const onSubnet = await subnet(region, target);
  return ({ live }) => live.subnet === onSubnet;
}

/** The id of a link of a machine's interface: of MACHINE/INTERFACE, by `:SUBNET`, `:ADDRESS` or `#LINK`. */
const link: Lookup = async (region, key) => {
  if (isId("network_interface_link", key)) {
    return (await new NetworkInterfaceLinkOps(region).read(key)) === undefined ? undefined : key;
  }
  const byLinkId = /^([^/]+)\/(.+)#(\d+)$/.exec(key);
  const [, machineKey = "", nicKey = "", target = ""] = byLinkId ?? /^([^/]+)\/([^:]+):(.+)$/.exec(key) ?? [];
  const systemId = await machine(region, machineKey);
  const row = systemId === undefined ? undefined : await region.snapshot.read("machines", systemId);
  const nic = row && findInterface(row, nicKey);
  if (row === undefined || nic === undefined) return undefined;
  const isMeant = await linkTest(region, target, byLinkId !== null);
  const found = linksOf(nic)
    .map((json) => ({ json, live: decodeLink(row, nic, json) }))
    .filter(isMeant);
  if (found.length <= 1) return found[0] && textOf(found[0].live.id);
  throw new ObjectError(
    undefined,
    `${textOf(nic.name)} has ${found.length} links to ${target}`,
    `Name one of them by its id: ${found.map(({ live, json }) => `${textOf(live.id)} (${describeLink(json)})`).join(", ")}.`,
  );
};

const LOOKUPS: Readonly<Record<KindName, Lookup>> = {
  fabric,
  space,
  vlan,
  subnet,
  ip_range: range,
  vlan_dhcp: vlan,
  rack_interface: rackInterface,
  rack_controller: rack,
  network_interface_link: link,
  machine,
};

/** What there is instead, for kinds whose names are few enough to be listed. */
const ALTERNATIVES: Readonly<Partial<Record<KindName, (region: Region) => Promise<string[]>>>> = {
  fabric: async ({ snapshot }) => (await snapshot.list("fabrics")).map((row) => textOf(row.name)),
  rack_controller: async ({ snapshot }) => (await snapshot.list("rackcontrollers")).map((row) => textOf(row.hostname)),
};

/** The id of the object that the key names: an id or the natural key of its kind. Undefined when the region has none. */
export async function tryResolve(region: Region, kind: KindName, key: string): Promise<string | undefined> {
  return key === "" ? undefined : LOOKUPS[kind](region, key);
}

/** Like {@link tryResolve}. @throws ObjectError that tells what a key looks like, and what there is. */
export async function resolve(region: Region, kind: KindName, key: string, attribute?: string): Promise<string> {
  const id = await tryResolve(region, kind, key);
  if (id !== undefined) return id;
  const { title, key: form } = KINDS[kind];
  const names = (await ALTERNATIVES[kind]?.(region)) ?? [];
  const there =
    names.length === 0
      ? ""
      : ` The region has ${names.slice(0, NAMES_SHOWN).join(", ")}${names.length > NAMES_SHOWN ? ", …" : ""}.`;
  throw new ObjectError(
    attribute,
    `the region has no ${title} "${key}"`,
    `Give its id, or ${form.words}, as in ${form.examples.join(" or ")}.${there}`,
  );
}

/** The name of the interface that a name, an id or a MAC address means on that machine; undefined when there is none. */
export async function tryResolveInterface(
  region: Region,
  machineKey: string,
  key: string,
): Promise<string | undefined> {
  const systemId = await tryResolve(region, "machine", machineKey);
  const row = systemId === undefined ? undefined : await region.snapshot.read("machines", systemId);
  const nic = row && findInterface(row, key);
  return nic && textOf(nic.name);
}

/** Like {@link tryResolveInterface}, by system id. @throws ObjectError that names the interfaces that there are. */
export async function resolveInterface(
  region: Region,
  systemId: string,
  key: string,
  attribute: string,
): Promise<string> {
  return textOf(requireInterface(await requireMachine(region, systemId), key, attribute).name);
}
