import { NEW_SUBNET } from "../forms/subnet";
import { type NewsByRack, type RackNews, RackNewsError } from "../rack-news";
import type { Region } from "../region";
import { setting } from "../settings";
import { AllocType, type InterfaceRow, type SubnetRow } from "../store/rows";
import { readAddress, readNetwork, showAddress, showCidr } from "../text/addresses";
import { newAddress } from "./allocation";
import { createFabric, defaultVlan } from "./fabric";
import { linksOf } from "./interface";
import { deleteAddress } from "./ip-address";
import { rackServices } from "./rack-services";
import { adoptAddresses } from "./subnet";
import { isRack } from "./vlan";

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
    store.interfaces.update(nic, { hostAddresses: [...hostAddresses] });
  }
  const unknown = Object.keys(services).find((name) => !rackServices(version).includes(name));
  if (unknown !== undefined) throw new RackNewsError(`${hostname} has no service "${unknown}"`);
  store.nodes.update(rack, { services: { ...rack.services, ...services } });
}

function report(region: Region, nic: InterfaceRow): void {
  const { store } = region;
  const hosts = nic.hostAddresses.filter((text) => readAddress(bare(text))?.isLinkLocal() === false);
  if (nic.vlanId === null && linksOf(store, nic).length === 0 && setting(store, "auto_vlan_creation") === true) {
    const fabric = createFabric(store, { name: null, description: "", classType: null });
    store.interfaces.update(nic, { vlanId: defaultVlan(store, fabric.id).id });
  }
  const subnets = hosts.map((text) => subnetFor(region, nic, text)).filter((subnet) => subnet !== undefined);
  for (const subnet of subnets) fillGateway(region, nic, subnet);
  const reported = hosts.map((text) => shown(text));
  for (const link of linksOf(store, nic)) {
    if (link.ip !== null && !reported.includes(link.ip)) deleteAddress(store, link);
  }
  for (const [at, ip] of reported.entries()) {
    const subnet = subnets[at];
    if (subnet !== undefined && !store.addresses.hasBy("ip", ip)) {
      newAddress(region, { ip, allocType: AllocType.STICKY, subnetId: subnet.id, interfaceId: nic.id });
    }
  }
  if (subnets[0] !== undefined) store.interfaces.update(nic, { vlanId: subnets[0].vlanId });
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
  if (network === undefined || address === undefined || nic.vlanId === null) return undefined;
  const around = network.size === 1n ? store.networks.containing(address)[0] : undefined;
  const known = around ?? store.subnets.by("cidr", showCidr(network))[0];
  if (known !== undefined) return known;
  const cidr = showCidr(network);
  const subnet = store.subnets.insert({ ...NEW_SUBNET, name: cidr, cidr, network, vlanId: nic.vlanId });
  adoptAddresses(store, subnet);
  return subnet;
}

function fillGateway({ store }: Region, nic: InterfaceRow, subnet: SubnetRow): void {
  if (subnet.gatewayIp !== null) return;
  const gateway = nic.hostGateways.map(readAddress).find((it) => it !== undefined && subnet.network.contains(it));
  if (gateway !== undefined) store.subnets.update(subnet, { gatewayIp: showAddress(gateway) });
}
