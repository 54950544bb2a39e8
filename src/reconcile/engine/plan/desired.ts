import { IpAddress } from "../../../../lib/model/address";
import { Cidr } from "../../../../lib/model/cidr";
import { DOCUMENT_ORDER, type DocumentObject, type NetworkDocument, type Origin } from "../../../../lib/model/document";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import { AddressRange } from "../../../../lib/model/ip-range";
import { isManaged, KINDS, type ManagedKindName } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import { grouped } from "../../../../lib/model/lists";
import { canonical } from "../../../../lib/model/spelling";
import { staticRangeParts, type SubnetRange } from "../../../../lib/model/static-range";
import { textOf } from "../../../../lib/model/text";

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
  readonly ignoreChanges?: readonly string[];
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
  return staticRangeParts(space, ranges.map(placedRange)).map(({ range, comment, at }) => {
    const [start_ip, end_ip] = [range.start.toString(), range.end.toString()];
    return {
      key: `${range.toString()} in ${subnet.key}`,
      path: `${subnet.path}/static-ranges/${at === undefined ? "first" : at.object.path}`,
      origin: "create",
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
