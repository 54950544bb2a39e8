import { Cidr } from "../../model/cidr";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet } from "../../model/network/objects";
import { oncePer, type Violation } from "../verdict";
import { titleOf } from "./facts";
import { proposeNetwork } from "./suggestion";

/**
 * Each subnet that another one contains, with the smallest such. Networks nest or are disjoint, so one pass over them
 * in order of their first address, with the ones that are still open on a stack, finds all.
 */
const overlapsOf = oncePer((network: Network): ReadonlyMap<NetworkSubnet, NetworkSubnet> => {
  const placed = network
    .all("subnet")
    .flatMap((subnet) =>
      isKnown(subnet.block) ? [{ subnet, first: subnet.block.first, last: subnet.block.last }] : [],
    )
    .sort((a, b) => a.first.compare(b.first) || b.last.compare(a.last));
  const overlaps = new Map<NetworkSubnet, NetworkSubnet>();
  const open: typeof placed = [];
  for (const next of placed) {
    while (open.length > 0 && (open.at(-1)?.last.compare(next.first) ?? 0) < 0) open.pop();
    const around = open.at(-1);
    if (around !== undefined) overlaps.set(next.subnet, around.subnet);
    open.push(next);
  }
  return overlaps;
});

/** Whether the version is at least that; undefined when it is not known. */
function atLeast(version: string, major: number, minor: number): boolean | undefined {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (first === undefined || second === undefined) return undefined;
  return Number(first) > major || (Number(first) === major && Number(second) >= minor);
}

/** How an overlap of two CIDRs that are not equal counts: MAAS took them up to 3.6. */
function severity({ info: { maasVersion } }: Network): Pick<Violation, "level" | "kind"> {
  const refused = maasVersion === undefined || !isKnown(maasVersion) ? undefined : atLeast(maasVersion, 3, 7);
  if (refused === true) return {};
  return refused === false ? { kind: "silent", level: "warning" } : { kind: "silent" };
}

/** A network near the block that no subnet overlaps, no larger than the block where that is smaller. */
function elsewhere(block: Cidr, network: Network): Cidr {
  const free = proposeNetwork(block.family, network, block);
  return block.prefixLength > free.prefixLength ? Cidr.of(free.first, block.prefixLength) : free;
}

/** What is wrong between the subnet and the one that contains it, if there is one. */
export function overlapOf(subnet: NetworkSubnet, network: Network): Violation | undefined {
  const around = overlapsOf(network).get(subnet);
  if (around === undefined || !isKnown(subnet.block) || !isKnown(around.block)) return undefined;
  const shared = { attribute: "cidr", related: [around.at] };
  if (subnet.block.equals(around.block)) {
    return {
      ...shared,
      what: `${titleOf(subnet)} is declared twice, here and at ${around.at.path}`,
      fix: `Drop one of them: a region has one subnet ${subnet.block.toString()}.`,
    };
  }
  return {
    ...shared,
    ...severity(network),
    what: `${titleOf(subnet)} lies inside ${around.block.toString()} of ${around.at.path}`,
    fix: `Give ${subnet.at.path} a CIDR outside ${around.block.toString()}, such as ${elsewhere(subnet.block, network).toString()}, or drop one of the two.`,
  };
}
