import { textOf } from "../../../lib/model/text";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/ip-range";
import { oncePer } from "../../../lib/rules/memo";
import { KINDS } from "../../../lib/model/kinds";
import { DEFAULT_MTU } from "../../../lib/model/kinds/vlan";
import { type Attributes } from "../../../lib/model/known";
import { apiPath } from "../../maas/api-path";
import { objectRead, rowsAnswered } from "../../maas/answer";
import { decode, type ObjectJson, rowsOf } from "../../maas/codec";
import { MaasNotFoundError } from "../../maas/errors";
import { isDefaultVlan } from "../default-vlan";
import type { Region } from "../region";
import type { Endpoint } from "./collection-ops";
import { nameExchange, placeExchange, vidExchange } from "./exchange-rules";
import { explainRangeConflict, RANGE_CONFLICT } from "./range-refusal";

/** Whether a default VLAN is as MAAS makes it with a fabric. It shows `untagged` whatever its name is. */
function isAsNew(vlan: ObjectJson): boolean {
  const { mtu, space, name, dhcp_on: dhcpOn } = decode(KINDS.vlan, vlan);
  const isRelayed = (vlan.relay_vlan ?? null) !== null;
  return mtu === DEFAULT_MTU && (space ?? null) === null && (name ?? null) === null && dhcpOn !== true && !isRelayed;
}

const vlansByVid = oncePer((fabric: ObjectJson) => new Map(rowsOf(fabric.vlans).map((vlan) => [vlan.vid, vlan])));

async function vlanInFabric({ snapshot }: Region, { fabric, vid }: Attributes): Promise<ObjectJson | undefined> {
  const row = await snapshot.read("fabrics", textOf(fabric));
  return row && vlansByVid(row).get(vid);
}

async function findVlan(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  const { fabric, vid } = desired;
  const found = await vlanInFabric(region, desired);
  if (found !== undefined) return found;
  try {
    const path = apiPath`fabrics/${textOf(fabric)}/vlans/${textOf(vid)}/`;
    return objectRead(path, await region.client.get(path));
  } catch (error) {
    if (error instanceof MaasNotFoundError) return undefined;
    throw error;
  }
}

/** Past the snapshot: the question is what the region has since its last answer. */
async function findRange(region: Region, desired: Attributes): Promise<ObjectJson | undefined> {
  return rangeAmong(rowsAnswered("ipranges/", await region.client.get("ipranges/")), desired);
}

function rangeAmong(all: readonly ObjectJson[], desired: Attributes): ObjectJson | undefined {
  const wanted = rangeKey(desired.start_ip, desired.end_ip);
  return all.find((range) => {
    const { id } = range.subnet as ObjectJson;
    return rangeKey(range.start_ip, range.end_ip) === wanted && textOf(id) === desired.subnet;
  });
}

const rangeKey = (start: unknown, end: unknown): string =>
  new AddressRange(IpAddress.parse(textOf(start)), IpAddress.parse(textOf(end))).toString();

const byKey = (
  collection: "fabrics" | "spaces" | "subnets",
  key: (desired: Attributes) => string,
): Pick<Endpoint, "find" | "known"> => ({
  find: ({ snapshot }, desired) => snapshot.findNow(collection, key(desired)),
  known: ({ snapshot }, desired) => snapshot.find(collection, key(desired)),
});

const name = (desired: Attributes): string => textOf(desired.name);

/** The kinds whose objects have a collection of their own. */
export const ENDPOINTS = {
  fabric: {
    kind: KINDS.fabric,
    collection: "fabrics",
    createAt: () => "fabrics/",
    ...byKey("fabrics", name),
    exchange: nameExchange,
    occupied: {
      refusal: /are still (present|connected)/,
      fix:
        "Move or delete what is on it first. Where Terraform replaces the fabric, it destroys the former one before it moves what is on it: " +
        "give the new one a name of its own and set lifecycle { create_before_destroy = true } on it.",
    },
  },
  space: {
    kind: KINDS.space,
    collection: "spaces",
    createAt: () => "spaces/",
    ...byKey("spaces", name),
    exchange: nameExchange,
  },
  vlan: {
    kind: KINDS.vlan,
    collection: "vlans",
    createAt: (desired) => apiPath`fabrics/${textOf(desired.fabric)}/vlans/`,
    find: findVlan,
    exchange: vidExchange,
    known: async (region, desired) => vlanInFabric(region, desired),
    withParent: { is: isDefaultVlan, isLikely: ({ vid }) => vid === 0, isUntouched: isAsNew },
  },
  subnet: {
    kind: KINDS.subnet,
    collection: "subnets",
    createAt: () => "subnets/",
    ...byKey("subnets", ({ cidr }) => Cidr.parse(textOf(cidr)).toString()),
    repeated: ["disabled_boot_architectures"],
    occupied: {
      refusal: /actively servicing a dynamic IP range/,
      fix: "Let the maas_subnet_ip_range refer to the id of the maas_subnet, and the maas_vlan_dhcp name the range in ip_ranges: Terraform then removes them first.",
    },
  },
  ip_range: {
    kind: KINDS.ip_range,
    collection: "ipranges",
    createAt: () => "ipranges/",
    find: findRange,
    known: async ({ snapshot }, desired) =>
      rangeAmong(await snapshot.findAll("ipranges", rangeKey(desired.start_ip, desired.end_ip)), desired),
    passing: RANGE_CONFLICT,
    explain: explainRangeConflict,
    exchange: placeExchange,
  },
} as const satisfies Record<string, Endpoint>;
