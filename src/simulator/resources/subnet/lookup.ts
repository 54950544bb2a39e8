import { type Family, IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { badRequest, crash } from "../../model/errors";
import { find, type Specifiers } from "../../model/specifier";
import type { Store } from "../../model/store";
import type { Watcher } from "../../model/table";
import { readAddress, readNetwork, showCidr } from "../../text/addresses";
import { readAnyInteger } from "../../text/python";
import type { RangeRow } from "../ip-range";
import type { SubnetRow } from "./subnet";

const byCidr = (store: Store, item: string): SubnetRow[] | undefined => {
  const network = readNetwork(item);
  return network === undefined ? undefined : store.subnets.by("cidr", showCidr(network));
};

/** How MAAS finds subnets: by CIDR or name, by an address on them, by VID or space of their VLAN. */
export const subnetSpecifiers: Specifiers<SubnetRow> = {
  byText: (store, item) => byCidr(store, item) ?? store.subnets.by("name", item),
  prefixes: {
    name: (store, item) => store.subnets.by("name", item),
    cidr(store, item) {
      const found = byCidr(store, item);
      if (found === undefined) throw crash(`invalid IPNetwork ${item}`);
      return found;
    },
    ip(store, item) {
      const address = readAddress(item);
      if (address === undefined) throw crash(`failed to detect a valid IP address from '${item}'`);
      return store.networks.containing(address);
    },
    vid: (store, item) =>
      store.vlans
        .by("vid", item.toLowerCase() === "untagged" ? 0 : readVid(item))
        .flatMap((vlan) => store.subnets.by("vlan", vlan.id)),
    space: (store, item) =>
      store.vlans
        .by("space", item === "undefined" ? null : find(store, store.spaces, item).id)
        .flatMap((vlan) => store.subnets.by("vlan", vlan.id)),
  },
};

function readVid(item: string): number {
  const vid = readAnyInteger(item);
  if (vid === undefined) throw crash(`invalid literal for int() with base 10: '${item}'`);
  checkVid(vid);
  return vid;
}

/** @throws MaasError for a number that no specifier may have for a VID */
export function checkVid(vid: number): void {
  if (vid < 0 || vid >= 0xfff) throw badRequest("VLAN tag (VID) out of range (0-4094; 0 for untagged.)");
}

export const dynamicRanges = (store: Store, subnet: SubnetRow): RangeRow[] =>
  store.ip_ranges.by("subnet", subnet.id).filter((range) => range.type === "dynamic");

/** The dynamic range of the subnet that holds the address. */
export function dynamicRangeOf(store: Store, subnet: SubnetRow, address: IpAddress): RangeRow | undefined {
  return dynamicRanges(store, subnet).find(
    (range) => range.start.compare(address) <= 0 && address.compare(range.end) <= 0,
  );
}

/** The subnet MAAS takes for an address: one whose VLAN has DHCP on before others, then the most specific. */
export function bestSubnetFor(store: Store, ip: string): SubnetRow | undefined {
  const address = readAddress(ip.replace(/^::ffff:(?=\d+\.)/i, ""));
  if (address === undefined) return undefined;
  const subnets = store.networks.containing(address);
  return subnets.find((subnet) => store.vlans.need(subnet.vlan).dhcp_on) ?? subnets[0];
}

/** The networks of one family, sorted by first address, and how many there are of each prefix length. */
class FamilyIndex {
  private readonly sorted: SubnetRow[] = [];
  readonly lengths = new Map<number, number>();

  add(row: SubnetRow): void {
    this.sorted.splice(this.position(row.network.first.value), 0, row);
    this.lengths.set(row.network.prefixLength, (this.lengths.get(row.network.prefixLength) ?? 0) + 1);
  }

  remove(row: SubnetRow): void {
    const at = this.sorted.indexOf(row, this.position(row.network.first.value));
    if (at >= 0) this.sorted.splice(at, 1);
    const left = (this.lengths.get(row.network.prefixLength) ?? 1) - 1;
    if (left === 0) this.lengths.delete(row.network.prefixLength);
    else this.lengths.set(row.network.prefixLength, left);
  }

  /** Rows whose first address lies in the network. */
  startingIn(network: Cidr): SubnetRow[] {
    const rows: SubnetRow[] = [];
    for (let at = this.position(network.first.value); at < this.sorted.length; at++) {
      const row = this.sorted[at];
      if (row === undefined || row.network.first.value > network.last.value) break;
      rows.push(row);
    }
    return rows;
  }

  /** First position whose network starts at or after the value. */
  private position(value: bigint): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.network.first.value ?? value) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Finds subnets by address without looking at all of them: one look-up per prefix length in use. */
export class SubnetIndex implements Watcher<SubnetRow> {
  private readonly families: Record<Family, FamilyIndex> = { 4: new FamilyIndex(), 6: new FamilyIndex() };
  private readonly byNetwork = new Map<string, SubnetRow>();

  added(row: SubnetRow): void {
    this.families[row.network.family].add(row);
    this.byNetwork.set(key(row.network), row);
  }

  removed(row: SubnetRow): void {
    this.families[row.network.family].remove(row);
    this.byNetwork.delete(key(row.network));
  }

  /**
   * Subnets that hold the address, most specific first. As in MAAS (PostgreSQL's `<<`), a subnet of that one
   * address alone does not count.
   */
  containing(address: IpAddress): SubnetRow[] {
    const lengths = [...this.families[address.family].lengths.keys()].sort((a, b) => b - a);
    return lengths
      .filter((length) => length < IpAddress.bits(address.family))
      .map((length) => this.byNetwork.get(key(Cidr.of(address, length))))
      .filter((row) => row !== undefined);
  }

  overlapping(network: Cidr): SubnetRow[] {
    const family = this.families[network.family];
    const around = [...family.lengths.keys()]
      .filter((length) => length <= network.prefixLength)
      .map((length) => this.byNetwork.get(key(Cidr.of(network.first, length))))
      .filter((row) => row !== undefined);
    return [...new Set([...around, ...family.startingIn(network)])];
  }
}

const key = (network: Cidr) => `${network.family}:${network.network.value}/${network.prefixLength}`;
