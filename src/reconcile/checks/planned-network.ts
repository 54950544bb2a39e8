import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { documentNetwork } from "../../../lib/model/document/network";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Known, UNKNOWN, type Value } from "../../../lib/model/known";
import type { Network } from "../../../lib/model/network";
import { narrowestAround } from "../../../lib/model/network/objects";
import { AddressRange } from "../../../lib/model/address-range";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../maas/codec";
import type { PlannedObject, PlannedObjects } from "../planned/planned-objects";
import { CreatedSubnets, PlannedRanges } from "../planned/planned-places";
import { tryResolve } from "../references/lookups";
import { liveObject } from "../region/live-network";
import type { Region } from "../region/region";

/** Key of the object that is checked; the others go by MAAS's ids, or by their place among those to be created. */
export const OWN = "planned";

/** Whether what the region has, and this run has not planned, counts (`live`) or is taken to be open (`certain`). */
export type Extent = "certain" | "live";

/** An object of this run, with what else may be on it. */
const planned = (key: string, path: string, attributes: Attributes): DocumentObject => ({
  ...{ key, path, origin: "adopt" },
  attributes,
});

/** A subnet by itself: where it is does not count. */
const plannedSubnet = (key: string, path: string, attributes: Attributes): DocumentObject =>
  planned(key, path, { ...attributes, vlan: UNKNOWN });

/** Ranges of a subnet. */
const rangesIn = (subnet: Known<string>, ranges: readonly Neighbour[]): DocumentObject[] =>
  ranges.map(({ key, path, attributes }) => planned(key, path, { ...attributes, subnet }));

const plannedVlan = (key: string, { mtu }: Attributes): DocumentObject =>
  planned(key, `VLAN ${key}`, { fabric: UNKNOWN, vid: UNKNOWN, mtu: mtu ?? UNKNOWN });

/** A subnet that this run creates goes by its CIDR, and one of the region by its id. */
const isCreated = (subnet: string): boolean => subnet.includes("/");

const networkOf = (objects: NetworkDocument["objects"]): Network => documentNetwork({ objects, suppressions: [] });

/** The addresses of a range, or the one address of something else. */
function spanOf({ ip, start_ip = ip, end_ip = ip }: Attributes): AddressRange | undefined {
  const [start, end] = [start_ip, end_ip].map((at) => (typeof at === "string" ? IpAddress.tryParse(at) : undefined));
  const isRange = start !== undefined && end?.family === start.family && start.compare(end) <= 0;
  return isRange ? new AddressRange(start, end) : undefined;
}

/** A range of the subnet at hand. */
interface Neighbour {
  readonly key: string;
  readonly path: string;
  readonly attributes: Attributes;
}

/** What this run plans around a subnet and its ranges, in place of the region's values of them. */
export class PlannedNetwork {
  /** The subnets of planned ranges, as far as they are known. */
  readonly #subnets = new WeakMap<PlannedObject, string>();
  readonly #ranges: PlannedRanges;
  readonly #created: CreatedSubnets;

  constructor(
    private readonly region: Region,
    private readonly planned: PlannedObjects,
  ) {
    this.#ranges = new PlannedRanges(planned, (range) => this.subnetOf(range));
    this.#created = new CreatedSubnets(planned);
  }

  /** The range with its subnet, and with the other ranges of the subnet where one of them overlaps it. */
  async ofRange(own: PlannedObject, extent: Extent): Promise<Network> {
    const { attributes = {} } = own;
    const subnet = await this.subnetOf(own);
    const range = { key: OWN, path: "this IP range", attributes };
    if (!isKnown(subnet)) return networkOf({ ip_range: rangesIn(subnet, [range]) });
    const span = spanOf(attributes);
    const others = span === undefined ? [] : await this.rangesOf(subnet, own, extent);
    const isCrossed = span !== undefined && others.some((other) => spanOf(other.attributes)?.overlaps(span) === true);
    return networkOf({
      subnet: await this.subnetWith(subnet, extent),
      ip_range: rangesIn(subnet, [range, ...(isCrossed ? others : [])]),
    });
  }

  /** The reserved IP with its subnet, and with the dynamic ranges of the subnet that hold it. */
  async ofReservedIp(own: PlannedObject, extent: Extent): Promise<Network> {
    const { attributes = {} } = own;
    const subnet = await this.subnetOf(own);
    const path = "this reserved IP";
    const lease = [planned(OWN, path, { ...attributes, subnet })];
    const span = spanOf(attributes);
    if (!isKnown(subnet) || span === undefined) return networkOf({ reserved_ip: lease });
    const ranges = await this.rangesOf(subnet, undefined, extent);
    const around = ranges.filter((range) => spanOf(range.attributes)?.overlaps(span) === true);
    return networkOf({
      subnet: await this.subnetWith(subnet, extent),
      ip_range: rangesIn(subnet, around),
      reserved_ip: lease,
    });
  }

  /** The subnet with its VLAN, where its MTU matters, and its dynamic ranges. */
  async ofSubnet(own: PlannedObject, extent: Extent): Promise<Network> {
    const { id = OWN, attributes = {} } = own;
    const { cidr, vlan } = attributes;
    const isIpv6 = typeof cidr === "string" && cidr.includes(":");
    const on = isIpv6 ? await this.vlanWith(vlan) : [];
    const ranges = own.id === undefined ? [] : await this.rangesOf(own.id, undefined, extent);
    const dynamic = ranges.filter((range) => range.attributes.type === "dynamic");
    return networkOf({
      vlan: on,
      subnet: [planned(id, "this subnet", { ...attributes, vlan: on[0]?.key ?? UNKNOWN })],
      ip_range: rangesIn(id, dynamic),
    });
  }

  /** A VLAN of the region with the subnets that are on it and that this run has not planned. */
  async ofVlan({ id = OWN, attributes = {} }: PlannedObject): Promise<Network> {
    const subnets = (await this.region.snapshot.list("subnets")).map((row) => liveObject(KINDS.subnet, row));
    const others = subnets.filter(
      ({ key, attributes: { vlan } }) => vlan === id && this.planned.find("subnet", key) === undefined,
    );
    return networkOf({ vlan: [plannedVlan(id, attributes)], subnet: others });
  }

  /** Whether the subnet of a range, or another range of it, changes in this run. */
  async isSubnetChanged(own: PlannedObject): Promise<boolean> {
    if (!this.planned.hasChanges("subnet") && !this.planned.hasChanges("ip_range")) return false;
    const subnet = await this.subnetOf(own);
    if (!isKnown(subnet)) return false;
    if (this.planned.find("subnet", subnet)?.isChanged === true) return true;
    return (await this.#ranges.in(subnet)).some(({ isChanged }) => isChanged);
  }

  /** Whether the subnet of a range or a reserved IP is there already, so that the region has more on it than this run. */
  async isOnRegion(own: PlannedObject): Promise<boolean> {
    const subnet = await this.subnetOf(own);
    return isKnown(subnet) && !isCreated(subnet);
  }

  /** Ids of the live ranges that speak against the range, and that this run may plan still. */
  async openRanges(own: PlannedObject): Promise<string[]> {
    const subnet = await this.subnetOf(own);
    const span = spanOf(own.attributes ?? {});
    if (!isKnown(subnet) || span === undefined) return [];
    return (await this.liveRanges(subnet))
      .filter((row) => spanOf(row as Attributes)?.overlaps(span) === true)
      .map(({ id }) => textOf(id))
      .filter((id) => id !== own.id && this.planned.find("ip_range", id) === undefined);
  }

  /** Whether the VLAN of a subnet changes in this run. */
  async isVlanChanged({ attributes }: PlannedObject): Promise<boolean> {
    const vlan = attributes?.vlan;
    if (typeof vlan !== "string" || !this.planned.hasChanges("vlan")) return false;
    const id = await tryResolve(this.region, "vlan", vlan);
    return id !== undefined && this.planned.find("vlan", id)?.isChanged === true;
  }

  /** The key of a range's subnet: the id of a live one, or the CIDR of one that this run creates, if that is known. */
  private async subnetOf(range: PlannedObject): Promise<Known<string>> {
    const known = this.#subnets.get(range);
    if (known !== undefined) return known;
    const found = await this.findSubnet(range.attributes ?? {});
    if (found !== undefined) this.#subnets.set(range, found);
    return found ?? UNKNOWN;
  }

  private async findSubnet(range: Attributes): Promise<string | undefined> {
    const { subnet } = range;
    if (typeof subnet === "string") {
      const id = await tryResolve(this.region, "subnet", subnet);
      const named = id === undefined ? Cidr.tryParse(subnet) : undefined;
      return id ?? named?.toString();
    }
    const span = spanOf(range);
    if (span === undefined) return undefined;
    if (range.ip !== undefined) return this.narrowestOf(span);
    // It refers to an object that is to be created: only its addresses tell which.
    const around = this.#created.around(span.start).filter(({ block }) => block.contains(span.end));
    return around.length === 1 ? around[0]?.block.toString() : undefined;
  }

  /**
   * The smallest subnet that holds the addresses, of those of the region and those that this run creates: MAAS chooses it
   * where none is named, and one that is named and not known yet is among the latter.
   */
  private async narrowestOf({ start }: AddressRange): Promise<string | undefined> {
    const live = (await this.region.snapshot.list("subnets")).flatMap(({ id, cidr }) => {
      const block = Cidr.tryParse(textOf(cidr));
      return block === undefined ? [] : [{ key: textOf(id), block }];
    });
    const created = this.#created.all().map(({ block }) => ({ key: block.toString(), block }));
    return narrowestAround(start, [...live, ...created])?.key;
  }

  private async vlanWith(vlan: Value | undefined): Promise<DocumentObject[]> {
    const id = typeof vlan === "string" ? await tryResolve(this.region, "vlan", vlan) : undefined;
    if (id === undefined) return [];
    const own = this.planned.find("vlan", id)?.attributes;
    const row: Attributes | undefined = own ?? (await this.region.snapshot.read("vlans", id));
    return [plannedVlan(id, row ?? {})];
  }

  private async subnetWith(key: string, extent: Extent): Promise<DocumentObject[]> {
    const own = isCreated(key) ? this.#created.find(key)?.planned : this.planned.find("subnet", key);
    if (own?.attributes !== undefined) return [plannedSubnet(key, "its subnet", own.attributes)];
    const live = isCreated(key) ? undefined : await this.region.snapshot.read("subnets", key);
    if (live === undefined) return [];
    const { path, attributes } = liveObject(KINDS.subnet, live);
    const open: Attributes = extent === "certain" ? { gateway_ip: UNKNOWN, dns_servers: UNKNOWN } : {};
    return [plannedSubnet(key, path, { ...attributes, ...open })];
  }

  private async liveRanges(subnet: string): Promise<ObjectJson[]> {
    if (isCreated(subnet)) return [];
    const rows = await this.region.snapshot.list("ipranges");
    return rows.filter((row) => textOf((row.subnet as ObjectJson).id) === subnet);
  }

  private async rangesOf(subnet: string, own: PlannedObject | undefined, extent: Extent): Promise<Neighbour[]> {
    const created = own?.id === undefined ? own?.attributes : undefined;
    // What is replaced is there before it is created again, and so is what is adopted.
    const isTwin = (other: Attributes): boolean =>
      created !== undefined && spanOf(created)?.toString() === spanOf(other)?.toString() && created.type === other.type;
    const found: Neighbour[] = [];
    for (const planned of await this.#ranges.in(subnet)) {
      const { id, attributes } = planned;
      if (attributes === undefined || planned === own || (id !== undefined && (id === own?.id || isTwin(attributes))))
        continue;
      const path = id === undefined ? "another IP range of this run" : `IP range ${id} of this run`;
      found.push({ key: id ?? `new ${found.length}`, path, attributes });
    }
    if (extent === "certain") return found;
    for (const row of await this.liveRanges(subnet)) {
      const id = textOf(row.id);
      const attributes = { start_ip: textOf(row.start_ip), end_ip: textOf(row.end_ip), type: textOf(row.type) };
      if (id !== own?.id && !this.planned.has("ip_range", id) && !isTwin(attributes))
        found.push({ key: id, path: `IP range ${id} of the region`, attributes });
    }
    return found;
  }
}
