import type { NetworkDocument } from "../../../lib/model/document";
import type { KindName } from "../../../lib/model/field";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import { liveObjects, type RegionRows } from "../live-objects";
import type { Region } from "../region";
import { findNode } from "../nodes";
import { LiveState } from "./live-state";

/**
 * Up to how many objects of a collection are asked for one by one. A list costs a region 2-4 ms a row, a single read
 * 6-13 ms (live regions 3.4.10 and 3.6.5), and nobody knows beforehand how many rows it has.
 */
const SINGLE_READS = 8;

/** The keys of all objects that some documents name. */
class NamedKeys {
  constructor(private readonly documents: readonly NetworkDocument[]) {}

  of(kind: KindName): Set<string> {
    return new Set(this.documents.flatMap(({ objects }) => (objects[kind] ?? []).map(({ key }) => key)));
  }

  /** The keys before the last separator: the owners of what goes by OWNER + separator + NAME. */
  ownersOf(kinds: readonly KindName[], separator: string): Set<string> {
    const keys = kinds.flatMap((kind) => [...this.of(kind)]);
    return new Set(keys.map((key) => key.slice(0, key.lastIndexOf(separator))).filter((owner) => owner !== ""));
  }
}

/** The ids of objects that a record knows, by which those are found that somebody has renamed. */
function recordedIds(documents: readonly NetworkDocument[], kind: KindName): Set<string> {
  return new Set(documents.flatMap(({ objects }) => (objects[kind] ?? []).flatMap(({ id }) => id ?? [])));
}

const union = (...sets: readonly ReadonlySet<string>[]): Set<string> => new Set(sets.flatMap((set) => [...set]));

async function named(
  { snapshot }: Region,
  collection: "fabrics" | "spaces" | "subnets",
  keys: ReadonlySet<string>,
  ids: ReadonlySet<string>,
): Promise<readonly ObjectJson[]> {
  if (keys.size > SINGLE_READS) return snapshot.list(collection);
  const found = await Promise.all([...keys].map((key) => snapshot.find(collection, key)));
  const rows = found.filter((row) => row !== undefined);
  const known = new Set(rows.map(({ id }) => textOf(id)));
  const others = await Promise.all([...ids].filter((id) => !known.has(id)).map((id) => snapshot.read(collection, id)));
  return [...rows, ...others.filter((row) => row !== undefined)];
}

/** The fabrics that recorded VLANs are in by now. */
async function withFabricsOf(
  { snapshot }: Region,
  fabrics: readonly ObjectJson[],
  vlans: ReadonlySet<string>,
): Promise<readonly ObjectJson[]> {
  const inside = new Set(fabrics.flatMap(({ vlans: rows }) => rowsOf(rows)).map(({ id }) => textOf(id)));
  const moved = await Promise.all([...vlans].filter((id) => !inside.has(id)).map((id) => snapshot.read("vlans", id)));
  const owners = new Set(moved.flatMap((vlan) => (vlan === undefined ? [] : [textOf(vlan.fabric_id)])));
  const known = new Set(fabrics.map(({ id }) => textOf(id)));
  const missing = await Promise.all(
    [...owners].filter((id) => !known.has(id)).map((id) => snapshot.read("fabrics", id)),
  );
  return [...fabrics, ...missing.filter((row) => row !== undefined)];
}

/** Racks and machines go by hostname, FQDN or system id. */
async function nodes(
  region: Region,
  collection: "rackcontrollers" | "machines",
  keys: ReadonlySet<string>,
): Promise<readonly ObjectJson[]> {
  if (keys.size > SINGLE_READS) return region.snapshot.list(collection);
  const found = await Promise.all([...keys].map((key) => findNode(region, collection, key)));
  return [...new Map(found.flatMap((row) => (row === undefined ? [] : [[row.system_id, row] as const]))).values()];
}

/** The racks that serve DHCP on a VLAN of these fabrics and that nobody has named: only ids are known of them yet. */
async function servingRacks(
  region: Region,
  fabrics: readonly ObjectJson[],
  known: readonly ObjectJson[],
): Promise<readonly ObjectJson[]> {
  const vlans = fabrics.flatMap(({ vlans: inside }) => inside as readonly ObjectJson[]);
  const serving = vlans.flatMap(({ primary_rack: first, secondary_rack: second }) => [first, second]);
  const missing = serving.filter((id) => typeof id === "string" && !known.some(({ system_id }) => system_id === id));
  return nodes(region, "rackcontrollers", new Set(missing.map((id) => textOf(id))));
}

/** How much is read beyond what the documents name. */
export interface Extent {
  /** All subnets, and all ranges: to see what else would go with a VLAN or a subnet that is deleted. */
  readonly surroundings: boolean;
}

/**
 * What a region has of the objects that documents name: each collection is asked for object by object, or listed once,
 * whichever is cheaper.
 */
export async function readLive(
  region: Region,
  documents: readonly NetworkDocument[],
  { surroundings }: Extent = { surroundings: false },
): Promise<LiveState> {
  const keys = new NamedKeys(documents);
  const fabricNames = union(keys.of("fabric"), keys.ownersOf(["vlan", "vlan_dhcp"], ":"));
  const rackNames = union(keys.of("rack_controller"), keys.ownersOf(["rack_interface"], "/"));
  const hasRanges = keys.of("ip_range").size > 0;
  const idsOf = (kind: KindName): ReadonlySet<string> => recordedIds(documents, kind);
  const [spaces, namedFabrics, subnets, ipranges, racks, machines] = await Promise.all([
    named(region, "spaces", keys.of("space"), idsOf("space")),
    named(region, "fabrics", fabricNames, idsOf("fabric")),
    surroundings ? region.snapshot.list("subnets") : named(region, "subnets", keys.of("subnet"), idsOf("subnet")),
    hasRanges || surroundings ? region.snapshot.list("ipranges") : [],
    nodes(region, "rackcontrollers", rackNames),
    nodes(region, "machines", keys.of("machine")),
  ]);
  const fabrics = await withFabricsOf(region, namedFabrics, idsOf("vlan"));
  const others = await servingRacks(region, fabrics, racks);
  const rows: RegionRows = { spaces, fabrics, subnets, ipranges, rackcontrollers: [...racks, ...others], machines };
  return new LiveState(liveObjects(rows));
}
