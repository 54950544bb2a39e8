import { conflict, forbidden, notFound } from "../../model/errors";
import type { Region } from "../../model/store";
import { readAddress, showAddress } from "../../text/addresses";
import { AllocType, deleteAddress, type LinkMode } from "../ip-address/addresses";
import { allocate, newAddress } from "../ip-address/allocation";
import type { IpAddressRow } from "../ip-address/ip-address";
import { subnetLabel } from "../names";
import { dynamicRangeOf } from "../subnet/lookup";
import type { SubnetRow } from "../subnet/subnet";
import type { InterfaceRow } from "./interface";
import { clearLinks } from "./rows";
import { ensureLinkUp, saveInterface } from "./save";

/** Removes one link; an enabled interface without links gets a `link_up`. */
export function unlink(region: Region, nic: InterfaceRow, link: IpAddressRow): void {
  deleteAddress(region.store, link);
  if (nic.enabled) ensureLinkUp(region, nic);
}

export interface LinkOptions {
  readonly ip?: string | undefined;
  readonly alloc_type?: number;
  readonly user?: number;
  /** The interface goes to the subnet's VLAN, whatever its own is. */
  readonly isVlanForced?: boolean;
}

/** Links the interface to the subnet. @throws MaasError when the address cannot be had */
export function linkSubnet(
  region: Region,
  nic: InterfaceRow,
  mode: LinkMode,
  subnet: SubnetRow | null,
  options: LinkOptions = {},
): IpAddressRow {
  const { store } = region;
  if (subnet !== null && (nic.vlan === null || options.isVlanForced === true)) {
    saveInterface(region, nic, { vlan: subnet.vlan });
  }
  const clear = (other: LinkMode) => {
    clearLinks(store, nic, (it, link) => it === other && (other !== "dhcp" || isOfFamily(region, link, subnet)));
  };
  const add = (alloc_type: number) => newAddress(region, { alloc_type, subnet: subnet?.id ?? null, interface: nic.id });
  switch (mode) {
    case "auto": {
      const link = add(AllocType.AUTO);
      clear("dhcp");
      clear("link_up");
      return link;
    }
    case "dhcp": {
      clear("dhcp");
      const link = add(AllocType.DHCP);
      clear("link_up");
      return link;
    }
    case "static": {
      const link = linkStatic(region, nic, subnet, options);
      clear("dhcp");
      clear("link_up");
      return link;
    }
    case "link_up": {
      clear("link_up");
      const link = add(AllocType.STICKY);
      saveInterface(region, nic);
      clear("dhcp");
      return link;
    }
  }
}

/** The link is to a subnet of the same family, or one of the two is to no subnet. */
function isOfFamily({ store }: Region, link: IpAddressRow, subnet: SubnetRow | null): boolean {
  const linked = store.subnets.get(link.subnet);
  return subnet === null || linked === undefined || linked.network.family === subnet.network.family;
}

function linkStatic(region: Region, nic: InterfaceRow, subnet: SubnetRow | null, options: LinkOptions): IpAddressRow {
  const { store } = region;
  const alloc_type = options.alloc_type ?? AllocType.STICKY;
  const user = alloc_type === AllocType.STICKY ? null : (options.user ?? null);
  if (options.ip === undefined) {
    const address = allocate(region, { subnet, alloc_type, user });
    store.ip_addresses.update(address, { interface: nic.id });
    return address;
  }
  const address = readAddress(options.ip);
  const ip = address === undefined ? options.ip : showAddress(address);
  if (subnet !== null && address !== undefined) {
    if (!subnet.network.contains(address)) {
      throw forbidden(`IP address is not in the given subnet '${subnetLabel(store, subnet)}'.`);
    }
    const range = dynamicRangeOf(store, subnet, address);
    if (range !== undefined) throw forbidden(`IP address is inside a dynamic range ${range.start_ip}-${range.end_ip}.`);
    checkReservations(region, nic, ip);
  }
  if (store.ip_addresses.hasBy("ip", ip)) throw notFound("IP address is already in use.");
  const link = newAddress(region, { ip, alloc_type, user, subnet: subnet?.id ?? null, interface: nic.id });
  saveInterface(region, nic);
  return link;
}

/** An address reserved for another MAC, and a MAC with another reserved address, are refused. */
function checkReservations(region: Region, nic: InterfaceRow, ip: string): void {
  const { store, version } = region;
  if (!version.features.reservedIps) return;
  const mac = nic.mac_address;
  const reserved = new Set([
    ...(mac === null ? [] : store.reserved_ips.by("mac_address", mac)),
    ...store.reserved_ips.by("ip", ip),
  ]);
  const [first, second] = reserved;
  if (second !== undefined) {
    throw conflict(
      `The MAC address ${mac} or the static IP ${ip} are associated with a reserved IP and cannot be used.`,
    );
  }
  if (first === undefined) return;
  if (first.ip !== ip) {
    throw conflict(`The static IP ${ip} does not match the reserved IP ${first.ip} for the MAC address ${mac}.`);
  }
  if (first.mac_address !== mac) {
    throw conflict(`The static IP ${ip} is already reserved for the MAC address ${first.mac_address}.`);
  }
}
