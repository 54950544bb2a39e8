import { textOf } from "../../../lib/model/text";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/ip-range";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes } from "../../../lib/model/known";
import { apiPath } from "../../maas/api-path";
import type { ObjectJson } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import { isDefaultVlan } from "../default-vlan";
import type { Region } from "../region";
import type { Endpoint } from "./collection-ops";

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
  // Past the snapshot: the question is what the region has since its last answer.
  const all = (await region.client.get("ipranges/")) as readonly ObjectJson[];
  return all.find((range) => {
    const { id } = range.subnet as ObjectJson;
    return rangeKey(range.start_ip, range.end_ip) === wanted && textOf(id) === desired.subnet;
  });
}

const rangeKey = (start: unknown, end: unknown): string =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end))).toString();

const byName =
  (collection: "fabrics" | "spaces"): Endpoint["find"] =>
  ({ snapshot }, { name }) =>
    snapshot.findNow(collection, textOf(name));

/** The kinds whose objects have a collection of their own. */
export const ENDPOINTS = {
  fabric: { kind: KINDS.fabric, collection: "fabrics", createAt: () => "fabrics/", find: byName("fabrics") },
  space: { kind: KINDS.space, collection: "spaces", createAt: () => "spaces/", find: byName("spaces") },
  vlan: {
    kind: KINDS.vlan,
    collection: "vlans",
    createAt: (desired) => apiPath`fabrics/${textOf(desired.fabric)}/vlans/`,
    find: findVlan,
    withParent: { is: isDefaultVlan, isLikely: ({ vid }) => vid === 0 },
  },
  subnet: {
    kind: KINDS.subnet,
    collection: "subnets",
    createAt: () => "subnets/",
    find: ({ snapshot }, { cidr }) => snapshot.findNow("subnets", Cidr.parse(textOf(cidr)).toString()),
    repeated: ["disabled_boot_architectures"],
  },
  ip_range: {
    kind: KINDS.ip_range,
    collection: "ipranges",
    createAt: () => "ipranges/",
    find: findRange,
    passing: /conflicts with an existing/,
  },
} as const satisfies Record<string, Endpoint>;
