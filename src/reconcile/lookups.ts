import { textOf } from "../../lib/model/text";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import type { KindName } from "../../lib/model/field";
import { AddressRange } from "../../lib/model/ip-range";
import type { Attributes } from "../../lib/model/known";
import { KINDS } from "../../lib/model/kinds";
import { parseKey } from "../../lib/model/natural-key";
import type { ObjectJson } from "../maas/codec";
import { defaultVlanOf } from "./default-vlan";
import { findInterface, linksOf } from "./machines";
import { ObjectError } from "./object-error";
import { attributesAt, type PlannedChange, PlannedChanges, type When } from "./planned-changes";
import { ENDPOINTS } from "./ops/endpoints";
import { decodeLink, describeLink } from "./ops/links";
import { NetworkInterfaceLinkOps } from "./ops/network-interface-link-ops";
import { RackInterfaceOps } from "./ops/rack-interface-ops";
import type { Region } from "./region";

/** Whether the text has the form of an id of that kind. It may be that of an object which is gone. */
export const isId = (kind: KindName, key: string): boolean => KINDS[kind].id.form.test(key);

/** With `when`, a key of an object that this run changes is the one before the run, or the one after it. */
export type Lookup = (region: Region, key: string, when?: When) => Promise<string | undefined>;

const idOf = (json: ObjectJson | undefined): string | undefined => (json === undefined ? undefined : textOf(json.id));

const byNumber =
  (collection: "fabrics" | "spaces" | "vlans" | "subnets" | "ipranges", byKey: Lookup): Lookup =>
  async (region, key, when) =>
    /^\d+$/.test(key) ? idOf(await region.snapshot.read(collection, key)) : byKey(region, key, when);

const byName = (kind: "fabric" | "space", collection: "fabrics" | "spaces"): Lookup =>
  byNumber(collection, async (region, name, when) => {
    const changed = when && PlannedChanges.of(region).find(kind, "name", name, when);
    return changed?.id ?? idOf(await region.snapshot.find(collection, name));
  });

const fabric = byName("fabric", "fabrics");

const space = byName("space", "spaces");

interface VlanKey {
  readonly fabric: string;
  readonly vid: number;
  /** Said as `untagged`. */
  readonly isUntagged: boolean;
}

/** The parts of FABRIC:VID. */
export function parseVlan(key: string): VlanKey | undefined {
  const { fabric: name, vid } = parseKey("vlan", key) ?? {};
  return name === undefined ? undefined : { fabric: name, vid: Number(vid), isUntagged: key.endsWith(":untagged") };
}

/** The VLANs that this run makes or changes and that have that VID at that time, in the fabric with that id. */
async function changedVlans(region: Region, inFabric: string, vid: number, when: When): Promise<PlannedChange[]> {
  const found: PlannedChange[] = [];
  for (const change of PlannedChanges.of(region).having("vlan", "vid", String(vid))) {
    const attributes = attributesAt(change, when);
    if (attributes?.vid !== vid || typeof attributes.fabric !== "string") continue;
    if ((await fabric(region, attributes.fabric, when)) === inFabric) found.push(change);
  }
  return found;
}

const vlan = byNumber("vlans", async (region, key, when) => {
  const parts = parseVlan(key);
  const inFabric = parts && (await fabric(region, parts.fabric, when));
  if (parts === undefined || inFabric === undefined) return undefined;
  const [changed] = when === undefined ? [] : await changedVlans(region, inFabric, parts.vid, when);
  if (changed?.id !== undefined) return changed.id;
  const found = await ENDPOINTS.vlan.find(region, { fabric: inFabric, vid: parts.vid });
  if (found !== undefined || !parts.isUntagged) return idOf(found);
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
  return idOf(await region.snapshot.find("ipranges", wanted.toString()));
});

/** The system id of a node, from its hostname, its FQDN or itself. */
const bySystemId =
  (collection: "rackcontrollers" | "machines"): Lookup =>
  async (region, key) => {
    const found = await region.snapshot.find(collection, key);
    return found === undefined ? undefined : textOf(found.system_id);
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

/** How each kind is looked up. */
export const LOOKUPS: Readonly<Record<KindName, Lookup>> = {
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
