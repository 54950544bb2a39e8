import { IpAddress } from "../../../../lib/model/address";
import type { DocumentObject } from "../../../../lib/model/document";
import { AddressRange } from "../../../../lib/model/ip-range";
import { textOf } from "../../../../lib/model/text";
import { apiPath } from "../../../maas/api-url";
import type { ObjectJson } from "../../../maas/codec";
import { MaasNotFoundError } from "../../../maas/errors";
import type { Region } from "../../region/region";
import { type Observation, observed, type Round } from "./verify";

/** How many ranges a message lists at most. */
const RANGES_SHOWN = 3;

const some = (ranges: readonly AddressRange[]): string =>
  `${ranges.slice(0, RANGES_SHOWN).join(", ")}${ranges.length > RANGES_SHOWN ? ", …" : ""}`;

const range = (start: unknown, end: unknown): AddressRange =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end)));

/** The addresses that MAAS may assign by itself, on managed subnets and on others. */
async function assignable({ client }: Region, subnet: string): Promise<AddressRange[]> {
  try {
    const free = await client.get(apiPath`subnets/${subnet}/`, { op: "unreserved_ip_ranges" });
    return (free as readonly ObjectJson[]).map(({ start, end }) => range(start, end));
  } catch (error) {
    // It has gone since it was read: the next look tells.
    if (error instanceof MaasNotFoundError) return [];
    throw error;
  }
}

function bySubnet(ranges: readonly DocumentObject[]): Map<string, DocumentObject[]> {
  const groups = new Map<string, DocumentObject[]>();
  for (const object of ranges) {
    const subnet = textOf(object.attributes.subnet);
    const group = groups.get(subnet);
    if (group === undefined) groups.set(subnet, [object]);
    else group.push(object);
  }
  return groups;
}

/** Whether MAAS can assign addresses of the document's static ranges only, on each subnet that has some. */
export async function staticRanges({ document, live, region }: Round): Promise<Observation[]> {
  const statics = (document.objects.ip_range ?? []).filter(({ attributes }) => attributes.type === "static");
  const observations = [...bySubnet(statics)].map(async ([cidr, [first, ...others]]): Promise<Observation[]> => {
    const subnet = live.find("subnet", cidr);
    if (subnet === undefined || first === undefined) return [];
    const wanted = [first, ...others].map(({ attributes }) => range(attributes.start_ip, attributes.end_ip));
    const outside = (await assignable(region, subnet.id)).flatMap((free) => AddressRange.gaps(free, wanted));
    if (outside.length === 0) return [];
    return [
      observed("static_range", "MAAS-VFY-03", {
        path: first.path,
        what: `MAAS may assign ${some(outside)} of ${cidr}, outside its static ranges ${some(wanted)}`,
        why: "MAAS has no static range; reserved ranges keep it to these addresses, and one of them is gone or other than it should be.",
        fix: "Run cdktf-maas apply, which recreates the reserved ranges.",
      }),
    ];
  });
  return (await Promise.all(observations)).flat();
}
