import { inNaturalOrder } from "../../lib/model/lists";
import { isKnown } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetworkVlan } from "../../lib/model/network/objects";
import { fault } from "../../lib/model/problem";
import { type Chosen, RolloutError } from "./request";

/** A VLAN by the words of a user. */
export interface PlacedVlan {
  readonly vlan: NetworkVlan;
  readonly fabric: string;
  readonly vid: number;
  /** `fra1:110`, `fra1:untagged`. */
  readonly title: string;
  readonly space?: string;
}

/** All VLANs of a region, by fabric and VID. */
export function placedVlans(network: Network, spaces: ReadonlyMap<string, string>): PlacedVlan[] {
  const placed = network.all("vlan").flatMap((vlan): PlacedVlan[] => {
    const name = network.tryFind("fabric", vlan.fabric)?.name ?? vlan.fabric;
    if (!isKnown(name) || !isKnown(vlan.vid)) return [];
    const space = spaces.get(vlan.key);
    const title = `${name}:${vlan.vid === 0 ? "untagged" : vlan.vid}`;
    return [{ vlan, fabric: name, vid: vlan.vid, title, ...(space !== undefined && { space }) }];
  });
  return inNaturalOrder(
    placed,
    ({ fabric }) => fabric,
    ({ vid }) => vid,
  );
}

/** Whether a VLAN goes by the word: its VID, or FABRIC:VID. */
function isCalled({ fabric, vid }: PlacedVlan, word: string): boolean {
  const at = word.lastIndexOf(":");
  const last = word.slice(at + 1);
  return (last === "untagged" ? "0" : last) === String(vid) && (at < 0 || word.slice(0, at) === fabric);
}

/** Names that a message lists at most. */
const MOST_LISTED = 30;

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length > MOST_LISTED ? `, and ${all.length - MOST_LISTED} more` : "";
  return `${all.slice(0, MOST_LISTED).join(", ")}${more}`;
}

/** @throws RolloutError */
export function refuseMissing(what: string, option: string, word: string, there: readonly string[]): never {
  const has = there.length === 0 ? `It has no ${what} at all: leave ${option} out.` : `It has ${listed(there)}.`;
  throw new RolloutError(fault("MAAS-ROL-02", undefined, { what: `the region has no ${what} "${word}"`, fix: has }));
}

/** The VLANs that the user has chosen. @throws RolloutError for a name that the region does not have */
export function chosenVlans(all: readonly PlacedVlan[], { fabrics, vlans, spaces }: Chosen): PlacedVlan[] {
  const lacking = (words: readonly string[] | undefined, test: (word: string) => boolean): string | undefined =>
    words?.find((word) => !test(word));
  const fabric = lacking(fabrics, (word) => all.some((one) => one.fabric === word));
  if (fabric !== undefined)
    refuseMissing(
      ...(["fabric", "--fabric", fabric] as const),
      all.map((one) => one.fabric),
    );
  const vlan = lacking(vlans, (word) => all.some((one) => isCalled(one, word)));
  if (vlan !== undefined)
    refuseMissing(
      ...(["VLAN", "--vlan", vlan] as const),
      all.map(({ title }) => title),
    );
  const space = lacking(spaces, (word) => all.some((one) => one.space === word));
  if (space !== undefined)
    refuseMissing(
      ...(["space", "--space", space] as const),
      all.flatMap((one) => one.space ?? []),
    );
  return all.filter(
    (one) =>
      (fabrics?.includes(one.fabric) ?? true) &&
      (vlans?.some((word) => isCalled(one, word)) ?? true) &&
      (spaces === undefined || (one.space !== undefined && spaces.includes(one.space))),
  );
}
