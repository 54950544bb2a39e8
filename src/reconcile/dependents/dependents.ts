import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { grouped } from "../../../lib/model/lists";
import { ADDRESS_RECORD, fqdnOf, recordType } from "../../../lib/model/dns";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Query } from "../../maas/client";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasHttpError, MaasNoEndpointError, MaasNotFoundError } from "../../maas/errors";
import { defaultVlanOf } from "../region/live-objects";
import type { Region } from "../region/region";
import { idOf, type List, type Source } from "./ownership";
import { SOURCES } from "./sources";

/** Up to how many subnets are asked one by one. A subnet's own list is short; that of a region has every address. */
const SINGLE_READS = 4;

/** Allocation type of an address that a user has reserved (MAAS IPADDRESS_TYPE, 3.6.4). */
const USER_RESERVED = 4;

const reservation = (ip: unknown, user: unknown): Dependent => ({
  what: `${textOf(ip)}, reserved by ${typeof user === "string" ? user : "a user"}`,
  effect: "deleted",
});

/** The record of a DNS resource, by MAAS's id of that. */
const dnsRecord = (name: string, ip: unknown, id: unknown, effect: Effect = "deleted"): Dependent => ({
  what: `DNS record ${name} to ${textOf(ip)}`,
  effect,
  object: { kind: "dns_record", id: `${ADDRESS_RECORD}:${textOf(id)}` },
});

/**
 * What of a DNS resource goes with these addresses. MAAS deletes a resource that is left with none, and its records of other
 * types with it.
 *
 * @see MAAS models/signals/staticipaddress.py (3.6.4); live regions 3.4.10 to 3.7.3
 */
function lostOfResource(resource: ObjectJson, lost: ReadonlySet<unknown>): Dependent[] {
  const { id, fqdn, ip_addresses: targets, resource_records: records } = resource;
  const addresses = rowsOf(targets).flatMap(({ ip }) => (typeof ip === "string" ? [ip] : []));
  const gone = addresses.filter((ip) => lost.has(ip));
  if (gone.length === 0) return [];
  const isWhole = gone.length === addresses.length;
  const own = gone.map((ip) => dnsRecord(textOf(fqdn), ip, id, isWhole ? "deleted" : "changed"));
  const others = rowsOf(isWhole ? records : []).map(({ id: number, rrtype, rrdata }): Dependent => {
    const type = recordType(textOf(rrtype));
    const what = `DNS record ${type} ${textOf(fqdn)} ${textOf(rrdata)}`;
    return { what, effect: "deleted", object: { kind: "dns_record", id: `${type}:${textOf(number)}` } };
  });
  return [...own, ...others];
}

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

/** The DNS records of a row of a subnet's `op=ip_addresses`, as far as it tells. */
const ofSubnetRow = ({ ip, dns_records: records }: ObjectJson): Dependent[] =>
  rowsOf(records).map(({ id, name, domain }) => dnsRecord(fqdnOf(textOf(name), textOf(domain)), ip, id));

const isNamed = ({ dns_records: records }: ObjectJson): boolean => rowsOf(records).length > 0;

/**
 * The addresses of subnets that users have reserved for no node, and the DNS records to addresses. Asked subnet by subnet
 * up to {@link SINGLE_READS}, then in two lists for the whole region.
 */
class ReservedAddresses {
  readonly #answers = new Map<string, Promise<readonly Dependent[]>>();
  #all: Promise<ReadonlyMap<string, readonly Dependent[]> | undefined> | undefined;
  private readonly addresses;
  private readonly dnsResources;

  constructor(private readonly client: Region["client"]) {
    this.addresses = listOnce(client, "ipaddresses/", { all: "true" });
    this.dnsResources = listOnce(client, "dnsresources/");
  }

  async of(subnet: string): Promise<readonly Dependent[]> {
    const known = this.#answers.get(subnet);
    if (known !== undefined) return known;
    const all = this.#answers.size >= SINGLE_READS ? await (this.#all ??= this.#list()) : undefined;
    if (all !== undefined) return all.get(subnet) ?? [];
    const answer = this.#ask(subnet);
    this.#answers.set(subnet, answer);
    answer.catch(() => this.#answers.delete(subnet));
    return answer;
  }

  async #ask(subnet: string): Promise<readonly Dependent[]> {
    try {
      const path = apiPath`subnets/${subnet}/`;
      const rows = rowsAnswered(path, await this.client.get(path, { op: "ip_addresses" }));
      const named = rows.filter(isNamed);
      const reserved = rows.filter((row) => row.alloc_type === USER_RESERVED && !isNamed(row));
      const records = named.length === 0 ? [] : await this.recordsTo(new Set(named.map(({ ip }) => ip)));
      return [...reserved.map(({ ip, user }) => reservation(ip, user)), ...(records ?? named.flatMap(ofSubnetRow))];
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
      const id = idOf(subnet);
      const group = found.get(id);
      if (group === undefined) found.set(id, [dependent]);
      else group.push(dependent);
    };
    const named = new Set(resources.flatMap(({ ip_addresses: targets }) => rowsOf(targets).map(({ ip }) => ip)));
    for (const { ip, alloc_type: type, owner, subnet } of addresses)
      if (type === USER_RESERVED && !named.has(ip))
        add(subnet, reservation(ip, (owner as ObjectJson | null)?.username));
    for (const resource of resources)
      for (const targets of grouped(rowsOf(resource.ip_addresses), ({ subnet }) => idOf(subnet)).values()) {
        const lost = new Set(targets.map(({ ip }) => ip));
        for (const dependent of lostOfResource(resource, lost)) add(targets[0]?.subnet, dependent);
      }
    return found;
  }

  /** The DNS records that lose these addresses; undefined where MAAS fails to list them. */
  async recordsTo(addresses: ReadonlySet<unknown>): Promise<readonly Dependent[] | undefined> {
    return (await this.dnsResources())?.flatMap((resource) => lostOfResource(resource, addresses));
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
  /** The address that MAAS removes with it. */
  readonly address?: string;
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
    const along = found.flat();
    if (kind === "subnet") return [...along, ...(await this.#addresses.of(id))];
    const { ip_address: own } = attributes;
    const lost = new Set([own, ...along.map(({ address }) => address)].filter((text) => typeof text === "string"));
    return lost.size === 0 ? along : [...along, ...((await this.#addresses.recordsTo(lost)) ?? [])];
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
