import { createHash } from "node:crypto";

/** Digits of a hash that tell names apart which come to the same letters. */
const HASH_LENGTH = 6;

/** What could be the id of another name. */
const HAS_HASH = new RegExp(`-[\\da-f]{${HASH_LENGTH}}$`);

/** Longest id without a hash: it is the name of a file too. */
const LONGEST = 100;

/** The name in letters, digits and hyphens, a letter first; with a hash of it where that leaves something out. */
export function idOf(name: string): string {
  const words = name.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const slug = words.join("-");
  const start = /^[A-Za-z]/.test(slug) ? slug : ["fabric", slug].filter((part) => part !== "").join("-");
  if (start === name && !HAS_HASH.test(name) && name.length <= LONGEST) return start;
  return `${start.slice(0, LONGEST)}-${createHash("sha256").update(name, "utf8").digest("hex").slice(0, HASH_LENGTH)}`;
}

/**
 * What a VLAN is called in ids of constructs: `fra1-110`, `fra1-untagged`. It follows from the fabric's name and the VID alone, so that
 * ids stay when the region grows.
 */
export const vlanId = ({ fabric, vid }: { readonly fabric: string; readonly vid: number }): string =>
  `${idOf(fabric)}-${vid === 0 ? "untagged" : vid}`;

/** Id of the construct of a VLAN's static range, which its reserved ranges name in the region. */
export const staticRangeId = (place: Parameters<typeof vlanId>[0]): string => `${vlanId(place)}-nodes`;

/** Id of the construct of what DHCPv6 gives out on a VLAN. */
export const dynamicRangeId = (place: Parameters<typeof vlanId>[0]): string => `${vlanId(place)}-dhcpv6`;

/** Id of the construct of somebody else's range on a VLAN, by its first address within the subnet: `fra1-110-range-2000000000000`. */
export const otherRangeId = (place: Parameters<typeof vlanId>[0], offset: bigint): string =>
  `${vlanId(place)}-range-${offset.toString(16)}`;

/** Id of the look-up of a fabric: none that a VLAN of another fabric has, as `fra1-110` of `fra1` and of `fra1-110`. */
export const fabricId = (fabric: string): string => `${idOf(fabric)}-fabric`;

/** Id of what is rendered for an interface of a rack. */
export const netplanId = (rack: string, interfaceName: string): string =>
  `${idOf(rack)}-${idOf(interfaceName)}-netplan`;

/**
 * How objects that `ipv6 write` makes are known again in a region: the path of the construct stands in a text that MAAS keeps. An
 * object without such a mark is somebody else's, and stays so.
 */
const MARK = /\bipv6 write: (\S+)$/;

/** Comment of a range, or description of a subnet, that the construct of a stack makes. */
export const markOf = (stackName: string, id: string): string => `by cdktf-maas ipv6 write: ${stackName}/${id}`;

/** The stack and the id of the construct that a text names: `STACK/ID`. */
export const madeBy = (text: string): string | undefined => MARK.exec(text)?.[1];
