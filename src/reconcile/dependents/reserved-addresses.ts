import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import type { Query } from "../../maas/client";
import { MaasHttpError, MaasNoEndpointError, MaasNotFoundError } from "../../maas/errors";
import type { Region } from "../region/region";
import type { Dependent } from "./dependents";

/** Up to how many subnets are asked one by one. A subnet's own list is short; that of a region has every address. */
const SINGLE_READS = 4;

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

const reservation = (ip: unknown, user: unknown): Dependent => ({
  what: `${textOf(ip)}, reserved by ${typeof user === "string" ? user : "a user"}`,
  effect: "deleted",
});

const dnsRecord = (name: string, ip: unknown): Dependent => ({
  what: `DNS record ${name} to ${textOf(ip)}`,
  effect: "deleted",
});

function once<T>(list: () => Promise<T>): () => Promise<T> {
  let listed: Promise<T> | undefined;
  return () => {
    listed ??= list().catch((error: unknown) => {
      listed = undefined;
      throw error;
    });
    return listed;
  };
}

/** Lists a collection once; undefined where MAAS fails to list it. A release that lacks the path has none. */
function listOnce(
  client: Region["client"],
  path: string,
  query?: Query,
): () => Promise<readonly ObjectJson[] | undefined> {
  return once(async () => {
    try {
      return rowsAnswered(path, await client.get(path, query));
    } catch (error) {
      if (error instanceof MaasNoEndpointError) return [];
      if (error instanceof MaasHttpError && error.status === 500) return undefined;
      throw error;
    }
  });
}

/** A row of a subnet's `op=ip_addresses`. */
function ofSubnetRow({ ip, alloc_type: type, user, dns_records: records }: ObjectJson): Dependent[] {
  return [
    ...(type === USER_RESERVED ? [reservation(ip, user)] : []),
    ...rowsOf(records).map(({ name, domain }) =>
      dnsRecord(name === "@" ? textOf(domain) : `${textOf(name)}.${textOf(domain)}`, ip),
    ),
  ];
}

/**
 * The addresses of subnets that users have reserved for no node, and the DNS records to addresses. Asked subnet by subnet
 * up to {@link SINGLE_READS}, then in two lists for the whole region.
 */
export class ReservedAddresses {
  #asked = 0;
  #all: Promise<ReadonlyMap<string, readonly Dependent[]> | undefined> | undefined;
  private readonly addresses;
  private readonly dnsResources;

  constructor(private readonly client: Region["client"]) {
    this.addresses = listOnce(client, "ipaddresses/", { all: "true" });
    this.dnsResources = listOnce(client, "dnsresources/");
  }

  async of(subnet: string): Promise<readonly Dependent[]> {
    this.#asked += 1;
    const all = this.#asked > SINGLE_READS ? await (this.#all ??= this.#list()) : undefined;
    return all === undefined ? this.#ask(subnet) : (all.get(subnet) ?? []);
  }

  async #ask(subnet: string): Promise<readonly Dependent[]> {
    try {
      const rows = await this.client.get(apiPath`subnets/${subnet}/`, { op: "ip_addresses" });
      return rowsOf(rows).flatMap(ofSubnetRow);
    } catch (error) {
      if (error instanceof MaasNotFoundError) return [];
      throw error;
    }
  }

  /** By subnet; undefined where MAAS fails to list them: it does when an address belongs to an interface of no node. */
  async #list(): Promise<ReadonlyMap<string, readonly Dependent[]> | undefined> {
    const [addresses, resources] = await Promise.all([this.addresses(), this.dnsResources()]);
    if (addresses === undefined || resources === undefined) return undefined;
    const found = new Map<string, Dependent[]>();
    const add = (subnet: unknown, dependent: Dependent): void => {
      const id = textOf((subnet as ObjectJson | null)?.id ?? "");
      const group = found.get(id);
      if (group === undefined) found.set(id, [dependent]);
      else group.push(dependent);
    };
    for (const { ip, alloc_type: type, owner, subnet } of addresses)
      if (type === USER_RESERVED) add(subnet, reservation(ip, (owner as ObjectJson | null)?.username));
    for (const { fqdn, ip_addresses: targets } of resources)
      for (const { ip, subnet } of rowsOf(targets)) add(subnet, dnsRecord(textOf(fqdn), ip));
    return found;
  }

  /** The DNS records that lead to an address, and no longer do when its link is removed. */
  async recordsTo(address: string): Promise<readonly Dependent[]> {
    const resources = (await this.dnsResources()) ?? [];
    return resources.flatMap(({ fqdn, ip_addresses: targets }) =>
      rowsOf(targets)
        .filter(({ ip }) => ip === address)
        .map(({ ip }): Dependent => ({ ...dnsRecord(textOf(fqdn), ip), effect: "changed" })),
    );
  }
}
