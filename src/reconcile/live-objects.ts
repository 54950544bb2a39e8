import { DOCUMENT_KINDS } from "../../lib/model/document/kinds";
import { canonicalKey } from "../../lib/model/document/key";
import type { KindName } from "../../lib/model/field";
import { KINDS } from "../../lib/model/kinds";
import type { Attributes, Value } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { decode, type ObjectJson, rowsOf } from "../maas/codec";
import { defaultVlanOf } from "./default-vlan";
import { interfacesOf, linksOf } from "./machines";
import { namesOf } from "./nodes";
import { decodeLink } from "./ops/links";

/** An object as a live region has it, in the words of a desired-state document. */
export interface LiveObject {
  readonly kind: KindName;
  /** Its natural key, as a document has it. */
  readonly key: string;
  /** The id by which `RegionObjects` knows it. */
  readonly id: string;
  /** MAAS made it with its parent and deletes it only with that: the default VLAN of a fabric. */
  readonly comesWithParent?: true;
  /** Other keys that a document may name it by. */
  readonly aliases?: readonly string[];
  /** The attributes that a document may have. References hold natural keys; what MAAS does not tell is left out. */
  readonly attributes: Attributes;
}

/** Rows of a region as MAAS lists them, by collection. What was not asked for is empty. */
export interface RegionRows {
  readonly fabrics: readonly ObjectJson[];
  readonly spaces: readonly ObjectJson[];
  readonly subnets: readonly ObjectJson[];
  readonly ipranges: readonly ObjectJson[];
  readonly rackcontrollers: readonly ObjectJson[];
  readonly machines: readonly ObjectJson[];
}

/** MAAS's pseudo-space for VLANs in none. */
export const NO_SPACE = -1;

/** FABRIC:VID of a VLAN's row, which names its fabric wherever it is nested. */
export const vlanKey = (vlan: unknown): string | null => {
  if (vlan === null || vlan === undefined) return null;
  const { fabric, vid } = vlan as ObjectJson;
  return `${textOf(fabric)}:${textOf(vid)}`;
};

const cidrOf = (subnet: unknown): string => canonicalKey("subnet", textOf((subnet as ObjectJson).cidr));

/** What a kind's row says, with these references in place of ids, and without what only Terraform has. */
function object(kind: KindName, key: string, id: unknown, row: ObjectJson, references: Attributes = {}): LiveObject {
  const decoded: Attributes = { ...decode(KINDS[kind], row), ...references };
  const named = DOCUMENT_KINDS[kind].fields.filter(({ name }) => decoded[name] !== undefined);
  return {
    kind,
    key,
    id: textOf(id),
    attributes: Object.fromEntries(named.map(({ name }) => [name, decoded[name] ?? null])),
  };
}

function vlanObjects(vlan: ObjectJson, isDefault: boolean, hostnames: ReadonlyMap<unknown, string>): LiveObject[] {
  const key = vlanKey(vlan) ?? "";
  const own: LiveObject = {
    ...object("vlan", key, vlan.id, vlan, { fabric: textOf(vlan.fabric) }),
    ...(isDefault && { comesWithParent: true }),
  };
  if (vlan.dhcp_on !== true && (vlan.relay_vlan ?? null) === null) return [own];
  const rack = (systemId: unknown): Value =>
    typeof systemId === "string" ? (hostnames.get(systemId) ?? systemId) : null;
  const dhcp = object("vlan_dhcp", key, vlan.id, vlan, {
    vlan: key,
    primary_rack_controller: rack(vlan.primary_rack),
    secondary_rack_controller: rack(vlan.secondary_rack),
    relay_vlan: vlanKey(vlan.relay_vlan),
  });
  return [own, dhcp];
}

function rangeObject(range: ObjectJson): LiveObject {
  const subnet = cidrOf(range.subnet);
  const key = canonicalKey("ip_range", `${textOf(range.start_ip)}-${textOf(range.end_ip)} in ${subnet}`);
  return object("ip_range", key, range.id, range, { subnet });
}

function rackObjects(rack: ObjectJson): LiveObject[] {
  const hostname = textOf(rack.hostname);
  const aliases = typeof rack.fqdn === "string" ? [rack.fqdn] : [];
  const nics = rowsOf(rack.interface_set).map((nic) => {
    const [name, id] = [textOf(nic.name), `${textOf(rack.system_id)}/${textOf(nic.id)}`];
    const references = { rack_controller: hostname, vlan: vlanKey(nic.vlan) };
    return object("rack_interface", `${hostname}/${name}`, id, nic, references);
  });
  const own = object("rack_controller", hostname, rack.system_id, rack);
  return [aliases.length === 0 ? own : { ...own, aliases }, ...nics];
}

/** What a link may be called: its machine and its interface have several names, and a chosen address may go unsaid. */
function linkNames(machine: ObjectJson, nic: ObjectJson, targets: readonly string[]): string[] {
  const machines = namesOf(machine);
  const interfaces = [nic.name, nic.mac_address, nic.id].map((name) => textOf(name ?? ""));
  return targets.flatMap((target) =>
    machines.flatMap((owner) => interfaces.map((name) => `${owner}/${name}:${target}`)),
  );
}

function machineObjects(machine: ObjectJson): LiveObject[] {
  const hostname = textOf(machine.hostname);
  const links = interfacesOf(machine).flatMap((nic) =>
    linksOf(nic)
      .filter(({ subnet }) => (subnet ?? null) !== null)
      .map((link) => {
        const { id, ip_address: address, ...attributes } = decodeLink(machine, nic, link);
        const subnet = cidrOf(link.subnet);
        // Only an address of mode STATIC was asked for: MAAS gives and takes the others.
        const isChosen = attributes.mode === "STATIC" && typeof address === "string";
        const said = { ...attributes, machine: hostname, subnet, ip_address: isChosen ? address : null };
        const names = linkNames(machine, nic, isChosen ? [address, subnet] : [subnet]);
        const [key = "", ...aliases] = names;
        return { kind: "network_interface_link", key, aliases, id: textOf(id), attributes: said } as const;
      }),
  );
  const [, ...aliases] = namesOf(machine);
  return [{ ...object("machine", hostname, machine.system_id, machine), aliases }, ...links];
}

/** The objects that rows of a region stand for, under the keys that a document gives them. */
export function liveObjects(region: RegionRows): LiveObject[] {
  const hostnames = new Map(region.rackcontrollers.map((rack) => [rack.system_id, textOf(rack.hostname)] as const));
  return [
    ...region.spaces
      .filter(({ id }) => id !== NO_SPACE)
      .map((space) => object("space", textOf(space.name), space.id, space)),
    ...region.fabrics.flatMap((fabric) => {
      const first = defaultVlanOf(fabric);
      return [
        object("fabric", textOf(fabric.name), fabric.id, fabric),
        ...rowsOf(fabric.vlans).flatMap((vlan) => vlanObjects(vlan, vlan === first, hostnames)),
      ];
    }),
    ...region.subnets.map((subnet) =>
      object("subnet", cidrOf(subnet), subnet.id, subnet, { vlan: vlanKey(subnet.vlan) }),
    ),
    ...region.ipranges.map(rangeObject),
    ...region.rackcontrollers.flatMap(rackObjects),
    ...region.machines.flatMap(machineObjects),
  ];
}
