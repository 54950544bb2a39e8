import { textOf } from "../../../lib/model/text";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/ip-range";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes } from "../../../lib/model/known";
import { apiPath } from "../../maas/api-path";
import type { ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import type { Region } from "../region";
import type { Endpoint } from "./collection-ops";

/** MAAS's URL pattern takes a CIDR only with a prefix length of two or three digits. */
const SHORTEST_LOOKUP_PREFIX = 10;

async function findSubnet(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const cidr = Cidr.parse(textOf(desired.cidr));
  if (cidr.prefixLength >= SHORTEST_LOOKUP_PREFIX) return region.snapshot.lookUp("subnets", `cidr:${cidr.toString()}`);
  const all = await listNow(region, "subnets/");
  return all.find((subnet) => subnet.cidr === cidr.toString());
}

async function findVlan(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const { fabric, vid } = desired;
  const inFabric = (await region.snapshot.read("fabrics", textOf(fabric)))?.vlans as readonly ObjectJson[] | undefined;
  const found = inFabric?.find((vlan) => vlan.vid === vid);
  if (found !== undefined) return found;
  try {
    return (await region.client.get(apiPath`fabrics/${textOf(fabric)}/vlans/${textOf(vid)}/`)) as ObjectJson;
  } catch (error) {
    if (error instanceof MaasNotFoundError) return undefined;
    throw error;
  }
}

async function findRange(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const wanted = rangeKey(desired.start_ip, desired.end_ip);
  const all = await listNow(region, "ipranges/");
  return all.find((range) => {
    const { id } = range.subnet as ObjectJson;
    return rangeKey(range.start_ip, range.end_ip) === wanted && textOf(id) === desired.subnet;
  });
}

const rangeKey = (start: unknown, end: unknown): string =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end))).toString();

/** Past the snapshot: the question is what the region has since the last call. */
const listNow = async (region: Region, path: string): Promise<readonly ObjectJson[]> =>
  (await region.client.get(path)) as readonly ObjectJson[];

const byName =
  (collection: "fabrics" | "spaces") =>
  (region: Region, desired: Attributes): Promise<ObjectJson | undefined> =>
    region.snapshot.lookUp(collection, `name:${textOf(desired.name)}`);

/** The kinds whose objects have a collection of their own. */
export const ENDPOINTS = {
  fabric: { kind: KINDS.fabric, collection: "fabrics", createAt: () => "fabrics/", find: byName("fabrics") },
  space: { kind: KINDS.space, collection: "spaces", createAt: () => "spaces/", find: byName("spaces") },
  vlan: {
    kind: KINDS.vlan,
    collection: "vlans",
    createAt: (desired) => apiPath`fabrics/${textOf(desired.fabric)}/vlans/`,
    find: findVlan,
    comesWithParent: (desired) => desired.vid === 0,
  },
  subnet: {
    kind: KINDS.subnet,
    collection: "subnets",
    createAt: () => "subnets/",
    find: findSubnet,
    repeated: ["disabled_boot_architectures"],
  },
  ip_range: { kind: KINDS.ip_range, collection: "ipranges", createAt: () => "ipranges/", find: findRange },
} as const satisfies Record<string, Endpoint>;
