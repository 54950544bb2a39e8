import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import { type Beside, documentNetwork } from "../../lib/model/document/network";
import { UNKNOWN } from "../../lib/model/known";
import type { Network } from "../../lib/model/network";
import type { NetplanInterface, NetplanSection } from "../../lib/model/netplan";
import { textOf, tryText } from "../../lib/model/text";
import { type ObjectJson, rowsOf } from "../maas/codec";
import { besideLive, liveDocument, type RegionListing } from "../reconcile/region/live-network";

/** What an interface of a rack is to netplan. */
export type RackInterfaceKind = Pick<NetplanInterface, "section" | "vlan">;

/** By MAAS's types. What it calls physical is what its name says. */
const SECTIONS: Readonly<Record<string, NetplanSection>> = {
  ...{ bond: "bonds", bridge: "bridges", vlan: "vlans" },
};

/** What MAAS says of the interfaces of racks. */
function interfacesOf({ rackcontrollers }: RegionListing): ReadonlyMap<string, RackInterfaceKind> {
  const all = rackcontrollers.flatMap((rack) =>
    rowsOf(rack.interface_set).map((nic) => ({ key: `${textOf(rack.system_id)}/${textOf(nic.id)}`, nic })),
  );
  return new Map(
    all.flatMap(({ key, nic: { type, parents, vlan } }): (readonly [string, RackInterfaceKind])[] => {
      const section = SECTIONS[tryText(type) ?? ""];
      if (section === undefined) return [];
      if (section !== "vlans") return [[key, { section }]];
      const link = Array.isArray(parents) && typeof parents[0] === "string" ? parents[0] : undefined;
      const id = Number(textOf((vlan as ObjectJson | null)?.vid));
      return link === undefined || !Number.isInteger(id) ? [] : [[key, { section, vlan: { link, id } }]];
    }),
  );
}

/** A region as a rollout reads it: live, or from an export. Shape: plain data. */
export interface RolloutRegion {
  /** All that it has. Keys are MAAS's ids for a live region, natural keys for an export. */
  readonly document: NetworkDocument;
  readonly beside: Beside;
  /** Names of the spaces of VLANs, by the VLAN's key. */
  readonly spaces: ReadonlyMap<string, string>;
  /** What the interfaces of racks are, by the interface's key; those that are not in it are what their names say. */
  readonly interfaces: ReadonlyMap<string, RackInterfaceKind>;
  /** Whether it was read from MAAS itself, so that keys are ids, and ascend in the order in which objects were made. */
  readonly isLive: boolean;
}

/** A live region, from one listing of it. */
export function liveRegion(listing: RegionListing): RolloutRegion {
  const spaces = listing.fabrics
    .flatMap((fabric) => rowsOf(fabric.vlans))
    .flatMap(({ id, space }) =>
      typeof space === "string" && space !== "undefined" ? [[textOf(id), space] as const] : [],
    );
  return {
    document: liveDocument(listing),
    beside: besideLive(listing),
    spaces: new Map(spaces),
    interfaces: interfacesOf(listing),
    isLive: true,
  };
}

/** The region that an export describes. It is taken as whole: what it does not have, the region does not have. */
export function exportedRegion(document: NetworkDocument): RolloutRegion {
  const described = Object.fromEntries(
    Object.entries(document.objects).map(([kind, list]) => [
      kind,
      list.map((object): DocumentObject => ({ ...object, origin: "create" })),
    ]),
  );
  // An export does not say which URL a rack was given.
  const racks = described.rack_controller?.map((rack) => ({
    ...rack,
    attributes: { region_url: UNKNOWN, ...rack.attributes },
  }));
  const objects: NetworkDocument["objects"] = { ...described, ...(racks && { rack_controller: racks }) };
  const spaces = (objects.vlan ?? []).flatMap(({ key, attributes: { space } }) =>
    typeof space === "string" && space !== "" ? [[key, space] as const] : [],
  );
  // Which addresses racks have, and what machines are linked to, an export does not say unless it has their links.
  const beside: Beside = {
    info: { hasAdvertisements: (objects.router_advertisement ?? []).length > 0, isWhole: true },
  };
  return { document: { ...document, objects }, beside, spaces: new Map(spaces), interfaces: new Map(), isLive: false };
}

/** The region with the URLs that racks were given, by hostname: MAAS does not report them. */
export function withRackUrls(region: RolloutRegion, urls: ReadonlyMap<string, string>): RolloutRegion {
  const { objects } = region.document;
  const racks = (objects.rack_controller ?? []).map((rack): DocumentObject => {
    const url = urls.get(tryText(rack.attributes.hostname) ?? rack.key);
    return url === undefined ? rack : { ...rack, attributes: { ...rack.attributes, region_url: url } };
  });
  return { ...region, document: { ...region.document, objects: { ...objects, rack_controller: racks } } };
}

/** The network of a region, for the rules and for pictures. */
export const networkOf = ({ document, beside }: RolloutRegion): Network => documentNetwork(document, beside);
