import type { NetworkDocument } from "../../../lib/model/document";
import type { KindName } from "../../../lib/model/field";
import { isOwn, type Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../maas/codec";
import type { Extent, Wanted } from "../../maas/snapshot";
import { liveObjects } from "../live-objects";
import type { Region } from "../region";
import { LiveState } from "./live-state";

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

/** The racks that serve DHCP on a VLAN of these fabrics and that nobody has named: only ids are known of them yet. */
async function servingRacks(
  { snapshot }: Region,
  fabrics: readonly ObjectJson[],
  known: readonly ObjectJson[],
): Promise<readonly ObjectJson[]> {
  const ids = new Set(known.map(({ system_id: id }) => id));
  const serving = fabrics.flatMap(({ vlans }) =>
    rowsOf(vlans).flatMap(({ primary_rack: first, secondary_rack: second }) => [first, second]),
  );
  const missing = new Set(serving.filter((id): id is string => typeof id === "string" && !ids.has(id)));
  const { rackcontrollers } = await snapshot.rows({ rackcontrollers: { keys: missing } });
  return rackcontrollers.filter(({ system_id: id }) => !ids.has(id));
}

/** How much is read beyond what the documents name. */
export interface Surroundings {
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
  { surroundings }: Surroundings = { surroundings: false },
): Promise<LiveState> {
  const keys = new NamedKeys(documents);
  const fabricNames = union(keys.of("fabric"), keys.ownersOf(["vlan", "vlan_dhcp"], ":"));
  const rackNames = union(keys.of("rack_controller"), keys.ownersOf(["rack_interface"], "/"));
  const named = (kind: KindName) => ({ keys: keys.of(kind), ids: recordedIds(documents, kind) }) satisfies Wanted;
  const wanted = ({ name, api, takesAddresses }: Kind): Wanted | undefined => {
    if (surroundings && takesAddresses === true) return "all";
    if (api.byKey !== undefined) return named(name);
    return keys.of(name).size > 0 ? "all" : undefined;
  };
  const extent: Extent = Object.fromEntries(
    Object.values<Kind>(KINDS)
      .filter(isOwn)
      .map((kind) => [kind.api.collection, wanted(kind)]),
  );
  const rows = await region.snapshot.rows({
    ...extent,
    fabrics: { ...named("fabric"), keys: fabricNames },
    rackcontrollers: { keys: rackNames },
  });
  const fabrics = await withFabricsOf(region, rows.fabrics, recordedIds(documents, "vlan"));
  const others = await servingRacks(region, fabrics, rows.rackcontrollers);
  return new LiveState(liveObjects({ ...rows, fabrics, rackcontrollers: [...rows.rackcontrollers, ...others] }));
}
