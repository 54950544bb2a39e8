import { KINDS, type ManagedKindName } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { grouped } from "../../../lib/model/lists";
import { textOf } from "../../../lib/model/text";
import { defaultVlanOf } from "../region/live-objects";
import type { Region } from "../region/region";
import { ReservedAddresses } from "./reserved-addresses";
import { type List, type Source, SOURCES } from "./sources";

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
