import { IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { DOCUMENT_ORDER, type DocumentObject, type NetworkDocument, type Origin } from "../../../../lib/model/document";
import { DOCUMENT_KINDS, type DocumentKindName } from "../../../../lib/model/document/kinds";
import type { KindName } from "../../../../lib/model/field";
import { isOwn, type Kind } from "../../../../lib/model/kind";
import { isManaged, KINDS, type ManagedKindName, type OfKind, INTERFACE_KINDS } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { withOtherOwners } from "../../../../lib/model/natural-key";
import { ownedName, type Owner } from "../../../../lib/model/owner";
import { canonical } from "../../../../lib/model/spelling";
import { AddressRange } from "../../../../lib/model/address-range";
import { staticRangeParts, type SubnetRange } from "../../../../lib/model/static-range";
import { textOf, tryText } from "../../../../lib/model/text";
import { type ObjectJson, rowsOf } from "../../../maas/codec";
import type { Extent, Wanted } from "../../../maas/snapshot";
import { type LiveObject, liveObjects } from "../../region/live-objects";
import type { Region } from "../../region/region";

/** An object that MAAS is to have. */
export interface DesiredObject {
  readonly kind: ManagedKindName;
  readonly key: string;
  /** Where the user said it. The same place with another key is the same object, renamed or resized. */
  readonly path: string;
  readonly origin: Exclude<Origin, "look_up">;
  /** What the user said, spelled as MAAS would. References hold keys. */
  readonly attributes: Attributes;
  /** Attributes that are left as they are on an object that is there. Absent = none. */
  readonly ignoreChanges?: DocumentObject["ignoreChanges"];
  /** MAAS's id, where a record tells. */
  readonly id?: string;
  /** The attributes of an adopted object before it was adopted, where a record tells. */
  readonly original?: Attributes;
  /** What a run that has not ended was to set, where a record tells. */
  readonly planned?: Attributes;
}

interface PlacedRange extends SubnetRange {
  readonly object: DocumentObject;
}

function placedRange(object: DocumentObject): PlacedRange {
  const { type, start_ip, end_ip } = object.attributes;
  const label = object.path.split("/").at(-1) ?? object.path;
  const range = new AddressRange(IpAddress.parse(textOf(start_ip)), IpAddress.parse(textOf(end_ip)));
  return { object, label, type: textOf(type), range };
}

/** The reserved ranges that stand for a subnet's static ranges. */
function staticRangeObjects(subnet: DocumentObject, ranges: readonly DocumentObject[]): DocumentObject[] {
  if (!ranges.some(({ attributes }) => attributes.type === "static")) return [];
  const space = subnet.attributes.managed === false ? "unmanaged" : Cidr.tryParse(subnet.key);
  // Without a CIDR it is one that is looked up by a token, which is a problem of its own.
  if (space === undefined) return [];
  const isAdopted = ranges.every(({ attributes, origin }) => attributes.type !== "static" || origin === "adopt");
  return staticRangeParts(space, ranges.map(placedRange)).map(({ range, comment, at }) => {
    const [start_ip, end_ip] = [range.start.toString(), range.end.toString()];
    return {
      key: `${range.toString()} in ${subnet.key}`,
      path: `${subnet.path}/static-ranges/${at === undefined ? "first" : at.object.path}`,
      origin: isAdopted ? "adopt" : "create",
      attributes: { subnet: subnet.key, type: "reserved", start_ip, end_ip, comment },
    };
  });
}

/** Ranges as MAAS has them: it knows no static ones. */
function ipRanges({ subnet: subnets = [], ip_range: ranges = [] }: NetworkDocument["objects"]): DocumentObject[] {
  const bySubnet = grouped(ranges, ({ attributes }) => textOf(attributes.subnet));
  return [
    ...ranges.filter(({ attributes }) => attributes.type !== "static"),
    ...subnets.flatMap((subnet) => staticRangeObjects(subnet, bySubnet.get(subnet.key) ?? [])),
  ];
}

/**
 * The objects that a document wants managed, as MAAS has them: in the order of a document's kinds, static ranges as
 * reserved ones, values in MAAS's spelling.
 */
export function desiredObjects(document: NetworkDocument): DesiredObject[] {
  return DOCUMENT_ORDER.flatMap((name) => {
    if (name === "router_advertisement" || !isManaged(KINDS[name])) return [];
    const kind = name as ManagedKindName;
    const objects = kind === "ip_range" ? ipRanges(document.objects) : (document.objects[kind] ?? []);
    return objects.flatMap(({ key, path, origin, id, attributes, ...rest }): DesiredObject[] => {
      if (origin === "look_up") return [];
      const spelled = DOCUMENT_KINDS[kind].fields
        .filter((field) => attributes[field.name] !== undefined)
        .map((field) => [field.name, canonical(field, attributes[field.name] ?? null)] as const);
      return [
        {
          ...{ kind, key, path, origin, attributes: Object.fromEntries(spelled) },
          ...(id !== undefined && { id }),
          ...rest,
        },
      ];
    });
  });
}

/** What has been read of a live region, by kind and natural key. */
export class LiveState {
  readonly #byKey: ReadonlyMap<string, LiveObject>;
  readonly #byAlias: ReadonlyMap<string, LiveObject>;
  readonly #byId: ReadonlyMap<string, LiveObject>;
  /** What MAAS made with its parent, by the parent's key. */
  readonly #byParent: ReadonlyMap<string, LiveObject>;
  readonly #byKind: ReadonlyMap<KindName, readonly LiveObject[]>;

  constructor(readonly objects: readonly LiveObject[]) {
    this.#byKey = new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));
    this.#byAlias = new Map(
      objects.flatMap((object) => (object.aliases ?? []).map((key) => [nameOf(object.kind, key), object] as const)),
    );
    this.#byId = new Map(objects.map((object) => [nameOf(object.kind, object.id), object]));
    this.#byParent = new Map(
      objects.flatMap((object) => {
        const { parent } = KINDS[object.kind].withParent ?? {};
        const key = parent === undefined ? null : (object.attributes[parent] ?? null);
        return object.comesWithParent === true && key !== null ? [[nameOf(object.kind, textOf(key)), object]] : [];
      }),
    );
    this.#byKind = grouped(objects, ({ kind }) => kind);
  }

  find(kind: KindName, key: string): LiveObject | undefined {
    const name = nameOf(kind, key);
    return this.#byKey.get(name) ?? this.#byAlias.get(name) ?? this.#byOwner(kind, key);
  }

  /** An object whose key names its owner by another of the owner's names: an interface of a rack, by the rack's FQDN. */
  #byOwner(kind: KindName, key: string): LiveObject | undefined {
    const usual = withOtherOwners(kind, key, (owner, name) => this.#byAlias.get(nameOf(owner, name))?.key);
    return usual === undefined ? undefined : this.#byKey.get(nameOf(kind, usual));
  }

  /** Like {@link find}, and takes an id too: racks and machines are named by either. */
  findNamed(kind: KindName, name: string): LiveObject | undefined {
    return this.find(kind, name) ?? this.#byId.get(nameOf(kind, name));
  }

  /** The name of the interface that a name, an id or a MAC address means on that node. */
  interfaceName(owner: Owner, key: string): string | undefined {
    const found = INTERFACE_KINDS.map(({ name }) => this.find(name, ownedName(owner, key)));
    return tryText(found.find((object) => object !== undefined)?.attributes.name);
  }

  withId(kind: KindName, id: string): LiveObject | undefined {
    return this.#byId.get(nameOf(kind, id));
  }

  /**
   * Whether MAAS would take the object for the one that it made with that parent: it takes the VLAN with the lowest id for
   * the default VLAN of a fabric.
   */
  wouldComeWith(kind: KindName, parentKey: string, id: string): boolean {
    const present = this.#byParent.get(nameOf(kind, parentKey));
    return present !== undefined && Number(id) < Number(present.id);
  }

  ofKind<N extends KindName>(kind: N): readonly OfKind<LiveObject, N>[] {
    return (this.#byKind.get(kind) ?? []) as unknown as readonly OfKind<LiveObject, N>[];
  }
}

/** What an object is called among those of all kinds. */
export function nameOf(kind: DocumentKindName, key: string): string {
  return `${kind} ${key}`;
}

/** The objects by kind and where they were said: several at one place after a run that was cut off. */
export const byPlace = (objects: readonly DesiredObject[]): ReadonlyMap<string, readonly DesiredObject[]> =>
  grouped(objects, ({ kind, path }) => nameOf(kind, path));

/** The objects by kind and key. */
export const byName = <T extends { readonly kind: ManagedKindName; readonly key: string }>(
  objects: readonly T[],
): Map<string, T> => new Map(objects.map((object) => [nameOf(object.kind, object.key), object]));

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
