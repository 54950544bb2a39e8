import { textOf } from "../../lib/model/text";
import { UNKNOWN } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import { NetworkBuilder } from "../../lib/model/network/builder";
import type { InterfaceLink, Place, RangeType, SubnetFacts } from "../../lib/model/network/objects";
import { type ObjectJson, rowsOf } from "../maas/codec";
import type { Extent, RegionRows, Snapshot } from "../maas/snapshot";

/** The collections that the rules look at. */
type RulesCollection = "fabrics" | "subnets" | "ipranges" | "rackcontrollers" | "machines" | "static-routes";

/** What a live region lists of its networks. */
export interface RegionListing extends Pick<RegionRows, RulesCollection> {
  readonly version: string | undefined;
}

const ALL_BUT_MACHINES = {
  ...({ fabrics: "all", subnets: "all", ipranges: "all" } as const),
  ...({ rackcontrollers: "all", "static-routes": "all" } as const),
} satisfies Extent;

/** Everything that the rules look at, in at most seven GETs. Machines, whose list is slow, only where they are wanted. */
export async function listRegion(
  snapshot: Snapshot,
  { machines }: { readonly machines: boolean } = { machines: true },
): Promise<RegionListing> {
  const extent: Extent = machines ? { ...ALL_BUT_MACHINES, machines: "all" } : ALL_BUT_MACHINES;
  const [rows, version] = await Promise.all([snapshot.rows(extent), snapshot.version()]);
  return { ...rows, version };
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const idOf = (value: unknown): string => textOf((value as ObjectJson).id);
const idOrNull = (value: unknown): string | null => (value === null || value === undefined ? null : idOf(value));
const place = (what: string, row: ObjectJson): Place => ({ path: `${what} (id ${idOf(row)})` });

function linksOf(nic: ObjectJson): InterfaceLink[] {
  const configured = rowsOf(nic.links).map((link): InterfaceLink => ({
    subnet: idOrNull(link.subnet),
    ip: textOrNull(link.ip_address),
    ...(typeof link.mode === "string" && { mode: link.mode as "static" }),
  }));
  const discovered = rowsOf(nic.discovered).map((link): InterfaceLink => ({
    subnet: idOrNull(link.subnet),
    ip: textOrNull(link.ip_address),
    mode: "dhcp",
  }));
  return [...configured, ...discovered];
}

function addVlans(network: NetworkBuilder, fabric: ObjectJson): void {
  for (const vlan of rowsOf(fabric.vlans)) {
    const tag = vlan.vid === 0 ? "untagged" : textOf(vlan.vid);
    const at = place(`VLAN ${textOf(fabric.name)}:${tag}`, vlan);
    const key = idOf(vlan);
    const mtu = typeof vlan.mtu === "number" ? vlan.mtu : UNKNOWN;
    const name = textOrNull(vlan.name);
    network.add("vlan", { key, at, fabric: idOf(fabric), vid: Number(vlan.vid), name, mtu });
    network.add("vlan_dhcp", {
      key,
      at,
      vlan: key,
      on: vlan.dhcp_on === true,
      primary: textOrNull(vlan.primary_rack),
      secondary: textOrNull(vlan.secondary_rack),
      relayTo: idOrNull(vlan.relay_vlan),
    });
  }
}

/** Whether a node's addresses are known of at all: a rack that talks to the region has one somewhere. */
export const hasToldAddresses = (node: ObjectJson): boolean =>
  rowsOf(node.interface_set).some((nic) => linksOf(nic).length > 0);

/** Adds the interfaces of a rack controller or a machine. */
export function addInterfaces(
  network: NetworkBuilder,
  kind: "rack_interface" | "machine_interface",
  node: ObjectJson,
): void {
  const owner = textOf(node.hostname);
  for (const nic of rowsOf(node.interface_set)) {
    const common = {
      key: `${textOf(node.system_id)}/${idOf(nic)}`,
      at: place(`interface ${owner}/${textOf(nic.name)}`, nic),
      name: textOf(nic.name),
      vlan: idOrNull(nic.vlan),
      links: linksOf(nic),
    };
    if (kind === "machine_interface") network.add(kind, { ...common, machine: owner });
    else {
      const links = hasToldAddresses(node) ? common.links : UNKNOWN;
      network.add(kind, { ...common, links, rack: textOf(node.system_id) });
    }
  }
}

/** What the rules read of a subnet. */
export function liveSubnet(subnet: ObjectJson): SubnetFacts {
  return {
    key: idOf(subnet),
    at: place(`subnet ${textOf(subnet.cidr)}`, subnet),
    vlan: idOf(subnet.vlan),
    cidr: textOf(subnet.cidr),
    name: textOrNull(subnet.name),
    gatewayIp: textOrNull(subnet.gateway_ip),
    dnsServers: (subnet.dns_servers ?? []) as string[],
    managed: subnet.managed === true,
  };
}

/** The network that a region has, for the rules. Keys are MAAS's ids. */
export function liveNetwork(region: RegionListing): Network {
  const network = new NetworkBuilder();
  for (const fabric of region.fabrics) {
    network.add("fabric", {
      key: idOf(fabric),
      at: place(`fabric ${textOf(fabric.name)}`, fabric),
      name: textOf(fabric.name),
    });
    addVlans(network, fabric);
  }
  for (const subnet of region.subnets) network.add("subnet", liveSubnet(subnet));
  for (const range of region.ipranges) {
    const ends = `${textOf(range.start_ip)}-${textOf(range.end_ip)}`;
    network.add("ip_range", {
      key: idOf(range),
      at: place(`${textOf(range.type)} range ${ends}`, range),
      subnet: idOf(range.subnet),
      type: textOf(range.type) as RangeType,
      startIp: textOf(range.start_ip),
      endIp: textOf(range.end_ip),
    });
  }
  for (const rack of region.rackcontrollers) {
    const key = textOf(rack.system_id);
    const hostname = textOf(rack.hostname);
    // MAAS's API does not tell which URL a rack was given.
    network.add("rack_controller", {
      key,
      at: { path: `rack controller ${hostname} (${key})` },
      hostname,
      regionUrl: UNKNOWN,
    });
    addInterfaces(network, "rack_interface", rack);
  }
  for (const machine of region.machines) addInterfaces(network, "machine_interface", machine);
  for (const route of region["static-routes"]) {
    const gatewayIp = textOf(route.gateway_ip);
    const at = place(`static route by ${gatewayIp}`, route);
    network.add("static_route", { key: idOf(route), at, source: idOf(route.source), gatewayIp });
  }
  return network.build({
    ...(region.version !== undefined && { maasVersion: region.version }),
    hasAdvertisements: false,
  });
}
