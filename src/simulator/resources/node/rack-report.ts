import type { Region } from "../../model/region";
import { readAddress, readNetwork, showAddress, showCidr } from "../../text/addresses";
import { createFabric } from "../fabric";
import type { InterfaceRow } from "../interface/interface";
import { linksOf } from "../interface/links";
import { AllocType, deleteAddress } from "../ip-address/addresses";
import { newAddress } from "../ip-address/allocation";
import { defaultVlan } from "../labels";
import { setting } from "../settings";
import { adoptAddresses } from "../subnet/helpers";
import type { SubnetRow } from "../subnet/subnet";
import { isRack, rackServices } from "./kinds";
import { type NewsByRack, type RackNews, RackNewsError } from "./rack-news";

/**
 * Every rack reports its network and its services, as real racks do at start and when they change: the region makes
 * subnets that it does not know, fills in gateways that are not set, and moves interfaces to the VLAN of their first
 * subnet.
 *
 * @throws RackNewsError for news of what the region does not have
 */
export function reportAll(region: Region, news: NewsByRack = {}): void {
  const { store } = region;
  for (const [hostname, changed] of Object.entries(news)) takeIn(region, hostname, changed);
  for (const node of store.nodes.all().filter(isRack)) {
    for (const nic of store.interfaces.by("node", node.id)) report(region, nic);
  }
}

function takeIn({ store, version }: Region, hostname: string, { addresses = {}, services = {} }: RackNews): void {
  const rack = store.nodes.all().find((node) => isRack(node) && node.hostname === hostname);
  if (rack === undefined) throw new RackNewsError(`the region has no rack "${hostname}"`);
  for (const [name, hostAddresses] of Object.entries(addresses)) {
    const nic = store.interfaces.by("node", rack.id).find((row) => row.name === name);
    if (nic === undefined) throw new RackNewsError(`${hostname} has no interface "${name}"`);
    store.interfaces.update(nic, { addresses: [...hostAddresses] });
  }
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
