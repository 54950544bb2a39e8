import { z } from "zod";
import { badRequest } from "../../model/errors";
import type { Region, Store } from "../../model/store";
import { ProblemError } from "../../../../lib/model/problem";
import { readAddress, readNetwork, showAddress, showCidr } from "../../text/addresses";
import { createFabric } from "../fabric";
import type { InterfaceRow } from "../interface/interface";
import { deleteInterface, linksOf } from "../interface/rows";
import { AllocType, deleteAddress } from "../ip-address/addresses";
import { newAddress } from "../ip-address/allocation";
import { defaultVlan, vlanLabel } from "../names";
import { setting } from "../settings";
import { adoptAddresses } from "../subnet/rules";
import type { SubnetRow } from "../subnet/subnet";
import type { VlanRow } from "../vlan";
import { deleteNode } from "./delete";
import { isRack, NodeType, rackServices } from "./kinds";
import type { NodeRow } from "./node";

/** MAAS's words for the state of a service; `unknown` until the rack has told. */
const STATUSES = ["unknown", "running", "degraded", "dead", "off"] as const;

export type ServiceStatus = (typeof STATUSES)[number];

/** What has changed on a rack's host since its last report. */
export interface RackNews {
  /** All addresses that the host now has on these interfaces, with prefix lengths: `{ eth1: ["10.20.0.2/24"] }`. */
  readonly addresses?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Interfaces that the host no longer has, such as a USB network card that was pulled out. */
  readonly removed?: readonly string[] | undefined;
  /** The state of these services: `{ dhcpd6: "running" }`. */
  readonly services?: Readonly<Record<string, ServiceStatus>> | undefined;
}

/** News by the racks' hostnames. */
export type NewsByRack = Readonly<Record<string, RackNews>>;

/** News that no rack of the region can have. */
export class RackNewsError extends ProblemError {
  override readonly name = "RackNewsError";
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("MAAS-SIM-01", message, [], options);
  }
}

const newsByRack: z.ZodType<NewsByRack> = z.record(
  z.string(),
  z.strictObject({
    addresses: z.record(z.string(), z.array(z.string())).optional(),
    removed: z.array(z.string()).optional(),
    services: z.record(z.string(), z.enum(STATUSES)).optional(),
  }),
);

/** @throws RackNewsError with what is wrong and an example */
export function readRackNews(input: unknown): NewsByRack {
  const parsed = newsByRack.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RackNewsError(
    `this is no news of racks: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}; give some such as {"rack1": {"services": {"dhcpd": "running"}}}`,
  );
}

/**
 * Every rack reports its network and its services, as real racks do at start and when they change: the region makes
 * subnets that it does not know, fills in gateways that are not set, and moves interfaces to the VLAN of their first
 * subnet.
 *
 * @throws RackNewsError for news of what the region does not have
 */
export function reportAll(region: Region, news: NewsByRack = {}): void {
  const { store } = region;
  for (const [hostname, changed] of Object.entries(news)) applyNews(region, hostname, changed);
  for (const node of store.nodes.all().filter(isRack)) {
    for (const nic of store.interfaces.by("node", node.id)) report(region, nic);
  }
}

function applyNews(
  { store, version }: Region,
  hostname: string,
  { addresses = {}, removed = [], services = {} }: RackNews,
): void {
  const rack = store.nodes.all().find((node) => isRack(node) && node.hostname === hostname);
  if (rack === undefined) throw new RackNewsError(`the region has no rack "${hostname}"`);
  const interfaceOf = (name: string): InterfaceRow => {
    const nic = store.interfaces.by("node", rack.id).find((row) => row.name === name);
    if (nic === undefined) throw new RackNewsError(`${hostname} has no interface "${name}"`);
    return nic;
  };
  for (const [name, hostAddresses] of Object.entries(addresses))
    store.interfaces.update(interfaceOf(name), { addresses: [...hostAddresses] });
  for (const name of removed) deleteInterface(store, interfaceOf(name));
  const unknown = Object.keys(services).find((name) => !rackServices(version).includes(name));
  if (unknown !== undefined) throw new RackNewsError(`${hostname} has no service "${unknown}"`);
  store.nodes.update(rack, { services: { ...rack.services, ...services } });
}

function report(region: Region, nic: InterfaceRow): void {
  const { store } = region;
  const hosts = nic.addresses.filter((text) => readAddress(bare(text))?.isLinkLocal() === false);
  if (nic.vlan === null && linksOf(store, nic).length === 0 && setting(store, "auto_vlan_creation") === true) {
    const fabric = createFabric(store);
    store.interfaces.update(nic, { vlan: defaultVlan(store, fabric.id).id });
  }
  const subnets = hosts.map((text) => subnetFor(region, nic, text)).filter((subnet) => subnet !== undefined);
  for (const subnet of subnets) fillGateway(region, nic, subnet);
  const reported = hosts.map((text) => shown(text));
  for (const link of linksOf(store, nic)) {
    if (link.ip !== null && !reported.includes(link.ip)) deleteAddress(store, link);
  }
  for (const [at, ip] of reported.entries()) {
    const subnet = subnets[at];
    if (subnet !== undefined && !store.ip_addresses.hasBy("ip", ip)) {
      newAddress(region, { ip, alloc_type: AllocType.STICKY, subnet: subnet.id, interface: nic.id });
    }
  }
  if (subnets[0] !== undefined) store.interfaces.update(nic, { vlan: subnets[0].vlan });
}

const bare = (text: string) => text.split("/")[0] ?? "";

function shown(text: string): string {
  const address = readAddress(bare(text));
  return address === undefined ? bare(text) : showAddress(address);
}

/** The subnet of exactly this network, else a new one; a single address goes to the smallest subnet around it. */
function subnetFor({ store }: Region, nic: InterfaceRow, text: string): SubnetRow | undefined {
  const network = readNetwork(text);
  const address = readAddress(bare(text));
  if (network === undefined || address === undefined || nic.vlan === null) return undefined;
  const around = network.size === 1n ? store.networks.containing(address)[0] : undefined;
  const known = around ?? store.subnets.by("cidr", showCidr(network))[0];
  if (known !== undefined) return known;
  const cidr = showCidr(network);
  const subnet = store.subnets.insert({ name: cidr, cidr, vlan: nic.vlan });
  adoptAddresses(store, subnet);
  return subnet;
}

function fillGateway({ store }: Region, nic: InterfaceRow, subnet: SubnetRow): void {
  if (subnet.gateway_ip !== null) return;
  const gateway = nic.gateways.map(readAddress).find((it) => it !== undefined && subnet.network.contains(it));
  if (gateway !== undefined) store.subnets.update(subnet, { gateway_ip: showAddress(gateway) });
}

/**
 * Takes the rack controller out of service. A region that is a rack too stays a region; a rack that did not register
 * itself stays as a machine; another one is deleted.
 * @throws MaasError when a VLAN would be left without DHCP, unless forced
 */
export function deleteRack(region: Region, rack: NodeRow, force: boolean): void {
  const { store, version } = region;
  const stuck = store.vlans.all().filter((vlan) => vlan.dhcp_on && !handOver(store, vlan, rack));
  if (stuck.length > 0 && !force) {
    const vlans = stuck.map((vlan) => vlanLabel(store, version.features, vlan)).join(", ");
    throw badRequest(
      `Unable to delete '${rack.hostname}'; it is currently set as a primary rack controller on VLANs ${vlans} and no other rack controller can provide DHCP.`,
    );
  }
  for (const vlan of store.vlans.all().filter((row) => row.secondary_rack === rack.id)) {
    store.vlans.update(vlan, { secondary_rack: null });
  }
  if (rack.node_type === NodeType.REGION_AND_RACK) store.nodes.update(rack, { node_type: NodeType.REGION_CONTROLLER });
  else if (rack.is_dynamic) deleteNode(store, rack);
  else store.nodes.update(rack, { node_type: NodeType.MACHINE, services: {} });
}

/** Gives the rack's place on the VLAN to another rack that is connected to it. Whether the VLAN still has a primary. */
function handOver(store: Store, vlan: VlanRow, rack: NodeRow): boolean {
  const connected = store.interfaces
    .by("vlan", vlan.id)
    .map((nic) => store.nodes.get(nic.node))
    .filter((node) => node !== undefined)
    .filter((node) => isRack(node) && node !== rack);
  const besides = (other: number | null) => connected.find((node) => node.id !== other)?.id ?? null;
  const { primary_rack: primary, secondary_rack: secondary } = vlan;
  if (primary === rack.id && secondary !== null) {
    store.vlans.update(vlan, { primary_rack: secondary, secondary_rack: besides(secondary) });
  } else if (primary === rack.id) {
    const successor = besides(null);
    store.vlans.update(vlan, { primary_rack: successor, dhcp_on: successor !== null });
  } else if (secondary === rack.id) {
    store.vlans.update(vlan, { secondary_rack: besides(primary) });
  }
  return vlan.dhcp_on;
}
