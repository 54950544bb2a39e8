interface Pool {
  readonly addresses: string[];
  /** Addresses asked for and not yet found: a refusal leaves its own behind, so that the next fill brings more. */
  pending: number;
}

/**
 * Addresses that MAAS has looked up for a subnet and not given out yet. As in MAAS they belong to the running server, not
 * to the database: a refused request does not put back what it took, and the next one looks for as many as are pending.
 */
export class AddressPools {
  private readonly pools = new Map<string, Pool>();

  /** The next address for the subnet of this label. @throws whatever `find` throws when there is none */
  take(label: string, find: (count: number) => readonly string[]): string {
    let pool = this.pools.get(label);
    if (pool === undefined) this.pools.set(label, (pool = { addresses: [], pending: 0 }));
    const queued = pool.addresses.shift();
    if (queued !== undefined) return queued;
    pool.pending += 1;
    const found = find(pool.pending);
    pool.pending -= found.length;
    const [first = "", ...rest] = found;
    pool.addresses.push(...rest);
    return first;
  }

  /** Forgets a subnet that is gone. */
  forget(label: string): void {
    this.pools.delete(label);
  }
}
