import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { grouped } from "../../../lib/model/lists";
import { ADDRESS_RECORD, fqdnOf } from "../../../lib/model/dns";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Query } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasHttpError, MaasNoEndpointError, MaasNotFoundError } from "../../maas/errors";
import { defaultVlanOf } from "../region/live-objects";
import type { Region } from "../region/region";
import { type List, type Source, SOURCES } from "./sources";

/** Up to how many subnets are asked one by one. A subnet's own list is short; that of a region has every address. */
const SINGLE_READS = 4;

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

const reservation = (ip: unknown, user: unknown): Dependent => ({
  what: `${textOf(ip)}, reserved by ${typeof user === "string" ? user : "a user"}`,
  effect: "deleted",
});

/** The record of a DNS resource, by MAAS's id of that. */
const dnsRecord = (name: string, ip: unknown, id: unknown): Dependent => ({
  what: `DNS record ${name} to ${textOf(ip)}`,
  effect: "deleted",
  object: { kind: "dns_record", id: `${ADDRESS_RECORD}:${textOf(id)}` },
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

/** A row of a subnet's `op=ip_addresses`. What is reserved for DNS records goes by their names. */
function ofSubnetRow({ ip, alloc_type: type, user, dns_records: records }: ObjectJson): Dependent[] {
  const named = rowsOf(records).map(({ id, name, domain }) => dnsRecord(fqdnOf(textOf(name), textOf(domain)), ip, id));
  return named.length === 0 && type === USER_RESERVED ? [reservation(ip, user)] : named;
}

/**
 * The addresses of subnets that users have reserved for no node, and the DNS records to addresses. Asked subnet by subnet
 * up to {@link SINGLE_READS}, then in two lists for the whole region.
 */
class ReservedAddresses {
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
      const path = apiPath`subnets/${subnet}/`;
      return rowsAnswered(path, await this.client.get(path, { op: "ip_addresses" })).flatMap(ofSubnetRow);
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
    const named = new Set(resources.flatMap(({ ip_addresses: targets }) => rowsOf(targets).map(({ ip }) => ip)));
    for (const { ip, alloc_type: type, owner, subnet } of addresses)
      if (type === USER_RESERVED && !named.has(ip))
        add(subnet, reservation(ip, (owner as ObjectJson | null)?.username));
    for (const { id, fqdn, ip_addresses: targets } of resources)
      for (const { ip, subnet } of rowsOf(targets))
        if (typeof ip === "string") add(subnet, dnsRecord(textOf(fqdn), ip, id));
    return found;
  }

  /** The DNS records that lead to an address, and no longer do when its link is removed. */
  async recordsTo(address: string): Promise<readonly Dependent[]> {
    const resources = (await this.dnsResources()) ?? [];
    return resources.flatMap(({ id, fqdn, ip_addresses: targets }) =>
      rowsOf(targets)
        .filter(({ ip }) => ip === address)
        .map(({ ip }): Dependent => ({ ...dnsRecord(textOf(fqdn), ip, id), effect: "changed" })),
    );
  }
}

/**
 * What MAAS does, without a word, to something when the object that it belongs to is deleted. `blocking`: it refuses the
 * deletion while that is there.
 */
export type Effect = "deleted" | "moved" | "changed" | "blocking";

/** Something that does not stay as it is when an object is deleted. */
export interface Dependent {
  /** What it is, in words: `reserved IP 10.20.0.9 of 00:16:3e:00:00:01`. */
  readonly what: string;
  readonly effect: Effect;
  /** Who it is, where it can be managed: a run may have it as its own. */
  readonly object?: { readonly kind: ManagedKindName; readonly id: string };
  /** System id and hostname of the rack controller that it belongs to: a rack reports its own interfaces again. */
  readonly rack?: readonly string[];
  /** An address that a node uses: from 3.7.3 on MAAS deletes its subnet only with `force=true`. */
  readonly isInUse?: true;
}

/**
 * What MAAS deletes, moves or changes along with each object of a region. Everything is listed once, when it is first
 * asked for, so that the number of GETs does not grow with the number of objects.
 */
export class Dependents {
  readonly #list: List;
  #defaultVlans: Promise<ReadonlySet<string>> | undefined;
  readonly #addresses: ReservedAddresses;
  readonly #found = new Map<Source, Promise<ReadonlyMap<string, readonly Dependent[]>>>();

  constructor(region: Region) {
    this.#list = (collection) => region.snapshot.list(collection);
    this.#addresses = new ReservedAddresses(region.client);
  }

  async of(kind: ManagedKindName, id: string, attributes: Attributes = {}): Promise<readonly Dependent[]> {
    if (KINDS[kind].withParent !== undefined && (await this.#staysWithParent(id))) return [];
    const sources = SOURCES.filter((source) => source.of.includes(kind));
    const found = await Promise.all(
      sources.map(async (source) => (await this.#index(source)).get(`${kind} ${id}`) ?? []),
    );
    const { ip_address: address } = attributes;
    const more = [
      ...(kind === "subnet" ? await this.#addresses.of(id) : []),
      ...(typeof address === "string" ? await this.#addresses.recordsTo(address) : []),
    ];
    return [...found.flat(), ...more];
  }

  /** Whether MAAS does not delete the object by itself, so that nothing goes along: the default VLAN of a fabric. */
  async #staysWithParent(id: string): Promise<boolean> {
    this.#defaultVlans ??= this.#list("fabrics").then(
      (fabrics) => new Set(fabrics.map((fabric) => textOf(defaultVlanOf(fabric)?.id ?? ""))),
    );
    try {
      return (await this.#defaultVlans).has(id);
    } catch (error) {
      this.#defaultVlans = undefined;
      throw error;
    }
  }

  #index(source: Source): Promise<ReadonlyMap<string, readonly Dependent[]>> {
    const known = this.#found.get(source);
    if (known !== undefined) return known;
    const index = this.#read(source);
    this.#found.set(source, index);
    index.catch(() => this.#found.delete(source));
    return index;
  }

  async #read(source: Source): Promise<ReadonlyMap<string, readonly Dependent[]>> {
    const byOwner = grouped(await source.find(this.#list), ({ kind, id }) => `${kind} ${id}`);
    return new Map([...byOwner].map(([owner, found]) => [owner, found.map(({ dependent }) => dependent)]));
  }
}
