import type { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { isKnown, type Known } from "../../../lib/model/known";
import type { PlannedObject, PlannedObjects } from "./planned-objects";

/** Where a plan belongs, as far as that is known. */
export type PlaceOf = (planned: PlannedObject) => Promise<Known<string>>;

/**
 * The IP ranges that this run plans, by their subnet. Each plan is placed once, so that the plan of many ranges does not go
 * through all of them for each one.
 */
export class PlannedRanges {
  readonly #bySubnet = new Map<string, PlannedObject[]>();
  /** Those whose subnet was not known yet. */
  #open: readonly PlannedObject[] = [];
  #taken = 0;
  #placing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly planned: PlannedObjects,
    private readonly subnetOf: PlaceOf,
  ) {}

  async in(subnet: string): Promise<readonly PlannedObject[]> {
    // One after the other: a call that came meanwhile would miss what is being placed.
    const placed = this.#placing.then(() => this.#place());
    this.#placing = placed.catch(() => undefined);
    await placed;
    return (this.#bySubnet.get(subnet) ?? []).filter((range) => this.planned.isCurrent("ip_range", range));
  }

  async #place(): Promise<void> {
    const all = this.planned.log("ip_range");
    const waiting = [...this.#open, ...all.slice(this.#taken)];
    const taken = all.length;
    const found: (readonly [range: PlannedObject, subnet: Known<string>])[] = [];
    for (const range of waiting)
      if (range.attributes !== undefined && this.planned.isCurrent("ip_range", range))
        found.push([range, await this.subnetOf(range)]);
    // Kept only as a whole: the region may not have answered about one of them, and then all are asked about again.
    for (const [range, subnet] of found) {
      if (!isKnown(subnet)) continue;
      const inIt = this.#bySubnet.get(subnet) ?? [];
      inIt.push(range);
      this.#bySubnet.set(subnet, inIt);
    }
    this.#open = found.filter(([, subnet]) => !isKnown(subnet)).map(([range]) => range);
    this.#taken = taken;
  }
}

/** A subnet that this run creates. */
export interface CreatedSubnet {
  readonly planned: PlannedObject;
  readonly block: Cidr;
}

/** The subnets that this run creates, by their CIDR. */
export class CreatedSubnets {
  readonly #byCidr = new Map<string, CreatedSubnet>();
  readonly #lengths = { 4: new Set<number>(), 6: new Set<number>() };
  #taken = 0;

  constructor(private readonly planned: PlannedObjects) {}

  all(): readonly CreatedSubnet[] {
    return [...this.#current().values()].filter((subnet) => this.#isCurrent(subnet));
  }

  /** @param cidr in its one spelling */
  find(cidr: string): CreatedSubnet | undefined {
    const found = this.#current().get(cidr);
    return found !== undefined && this.#isCurrent(found) ? found : undefined;
  }

  /** Those that hold the address. */
  around(address: IpAddress): readonly CreatedSubnet[] {
    this.#current();
    return [...this.#lengths[address.family]].flatMap((length) => this.find(Cidr.of(address, length).toString()) ?? []);
  }

  #isCurrent({ planned }: CreatedSubnet): boolean {
    return this.planned.isCurrent("subnet", planned);
  }

  #current(): ReadonlyMap<string, CreatedSubnet> {
    const all = this.planned.log("subnet");
    for (const planned of all.slice(this.#taken)) {
      const cidr = planned.id === undefined ? planned.attributes?.cidr : undefined;
      const block = typeof cidr === "string" ? Cidr.tryParse(cidr) : undefined;
      if (block === undefined) continue;
      this.#byCidr.set(block.toString(), { planned, block });
      this.#lengths[block.family].add(block.prefixLength);
    }
    this.#taken = all.length;
    return this.#byCidr;
  }
}
