import { badRequest, crash } from "../../model/errors";
import { find, type Specifiers } from "../../model/specifier";
import type { Store } from "../../model/store";
import { readAddress, readNetwork, showCidr } from "../../text/addresses";
import { readAnyInteger } from "../../text/python";
import type { SubnetRow } from "./subnet";

const byCidr = (store: Store, item: string): SubnetRow[] | undefined => {
  const network = readNetwork(item);
  return network === undefined ? undefined : store.subnets.by("cidr", showCidr(network));
};

/** How MAAS finds subnets: by CIDR or name, by an address on them, by VID or space of their VLAN. */
export const subnetSpecifiers: Specifiers<SubnetRow> = {
  byText: (store, item) => byCidr(store, item) ?? store.subnets.by("name", item),
  prefixes: {
    name: (store, item) => store.subnets.by("name", item),
    cidr(store, item) {
      const found = byCidr(store, item);
      if (found === undefined) throw crash(`invalid IPNetwork ${item}`);
      return found;
    },
    ip(store, item) {
      const address = readAddress(item);
      if (address === undefined) throw crash(`failed to detect a valid IP address from '${item}'`);
      return store.networks.containing(address);
    },
    vid: (store, item) =>
      store.vlans
        .by("vid", item.toLowerCase() === "untagged" ? 0 : readVid(item))
        .flatMap((vlan) => store.subnets.by("vlan", vlan.id)),
    space: (store, item) =>
      store.vlans
        .by("space", item === "undefined" ? null : find(store, store.spaces, item).id)
        .flatMap((vlan) => store.subnets.by("vlan", vlan.id)),
  },
};

function readVid(item: string): number {
  const vid = readAnyInteger(item);
  if (vid === undefined) throw crash(`invalid literal for int() with base 10: '${item}'`);
  checkVid(vid);
  return vid;
}

/** @throws MaasError for a number that no specifier may have for a VID */
export function checkVid(vid: number): void {
  if (vid < 0 || vid >= 0xfff) throw badRequest("VLAN tag (VID) out of range (0-4094; 0 for untagged.)");
}
