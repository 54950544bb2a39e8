import { type Family, IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import type { Watcher } from "../../model/table";
import type { SubnetRow } from "./subnet";

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
