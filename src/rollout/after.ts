import type { DocumentObject, NetworkDocument } from "../../lib/model/document";
import type { DocumentKindName } from "../../lib/model/document/kinds";
import { isKnown } from "../../lib/model/known";
import type { InterfaceLink } from "../../lib/model/network/objects";
import { tryText } from "../../lib/model/text";
import type { RolloutRegion } from "./region";
import { isOwnStaticPart } from "./subnets";
import { staticRangeId } from "./ids";
import type { RolloutIpv6, RolloutNetwork, RolloutRange } from "./rollout";

/** A network as far as it is planned, without what the rules say of it. */
export type PlannedNetwork = Omit<RolloutNetwork, "state" | "problems">;

/** Key of the subnet in the region, or in what is added to it. */
const subnetKey = ({ cidr, key }: RolloutIpv6): string => key ?? `planned ${cidr}`;

function rangeObject(kind: "static" | "dynamic", ipv6: RolloutIpv6, range: RolloutRange): DocumentObject {
  const path = `${kind} range ${range.startIp}-${range.endIp}`;
  const attributes = { subnet: subnetKey(ipv6), type: kind, start_ip: range.startIp, end_ip: range.endIp };
  return { key: `planned ${path}`, path, origin: "create", attributes };
}

/** The parts of the region's static range that are made again around a new dynamic range. */
function givesWay({ ipv6, fabric, vid }: PlannedNetwork): (range: DocumentObject) => boolean {
  const { key, dynamicRange } = ipv6 ?? {};
  return (range) =>
    isPlanned(dynamicRange) &&
    range.attributes.subnet === key &&
    range.attributes.type === "reserved" &&
    isOwnStaticPart(range, { fabric, vid });
}

const isPlanned = (range: RolloutRange | undefined): boolean => range?.standing === "planned";

/** The objects that MAAS gets for a network, and the router that sends advertisements there. */
function addedTo({ key: vlan, ipv6, advertiser, title, fabric, vid }: PlannedNetwork): NetworkDocument["objects"] {
  if (ipv6 === undefined) return {};
  const { cidr, gateway, staticRange, dynamicRange } = ipv6;
  const subnet = subnetKey(ipv6);
  const isServed = dynamicRange !== undefined;
  // Around a new dynamic range the stack makes its static range again.
  const isStaticMade =
    isPlanned(staticRange) || (isPlanned(dynamicRange) && staticRange?.madeBy === staticRangeId({ fabric, vid }));
  return {
    subnet:
      ipv6.standing === "exists"
        ? []
        : [
            {
              ...{ key: subnet, path: `subnet ${cidr} on ${title}`, origin: "create" },
              attributes: { vlan, cidr, gateway_ip: gateway, managed: true },
            },
          ],
    ip_range: [
      ...(isStaticMade && staticRange ? [rangeObject("static", ipv6, staticRange)] : []),
      ...(isPlanned(dynamicRange) && dynamicRange ? [rangeObject("dynamic", ipv6, dynamicRange)] : []),
    ],
    router_advertisement: [
      {
        ...{ key: `planned ${subnet}`, path: `router advertisements on ${title}`, origin: "create" },
        attributes: {
          ...{ subnet, router: advertiser?.router ?? "router" },
          // What a router does that is known already is not changed here, and what it says is checked by a probe.
          ...(advertiser === undefined && {
            autonomous_addresses: false,
            other_config_from_dhcp: isServed,
            addresses_from_dhcp: isServed,
          }),
        },
      },
    ],
  };
}

/** The addresses that rack interfaces get, by the key of the interface. */
function addedLinks(networks: readonly PlannedNetwork[]): ReadonlyMap<string, readonly InterfaceLink[]> {
  const links = networks.flatMap(({ racks, ipv6 }) =>
    racks.flatMap((rack) =>
      ipv6 === undefined || rack.ipv6?.standing !== "planned"
        ? []
        : [[rack.key, { subnet: subnetKey(ipv6), ip: rack.ipv6.address.replace(/\/.*/, ""), mode: "static" }] as const],
    ),
  );
  return new Map(links.map(([key, link]) => [key, [link]]));
}

/** The region once the rollout is done: with what MAAS gets, the racks' addresses, and routers that advertise. */
export function regionAfter(region: RolloutRegion, networks: readonly PlannedNetwork[]): RolloutRegion {
  const { document } = region;
  const replaced = new Map(
    networks.flatMap((one) => (one.ipv6?.key === undefined ? [] : [[one.ipv6.key, givesWay(one)]])),
  );
  const isReplaced = (range: DocumentObject): boolean =>
    replaced.get(tryText(range.attributes.subnet) ?? "")?.(range) === true;
  const added = networks.map((network) => addedTo(network));
  const links = addedLinks(networks);
  // Only interfaces of racks have any.
  const withLinks = (nic: DocumentObject): DocumentObject => {
    const own = links.get(nic.key);
    return own === undefined || nic.links === undefined || !isKnown(nic.links)
      ? nic
      : { ...nic, links: [...nic.links, ...own] };
  };
  const { ip_range: ranges } = document.objects;
  const staying = { ...document.objects, ...(ranges && { ip_range: ranges.filter((range) => !isReplaced(range)) }) };
  const kinds = [...new Set([staying, ...added].flatMap((objects) => Object.keys(objects)))];
  const objects = Object.fromEntries(
    (kinds as DocumentKindName[]).map((kind) => {
      const all = [...(staying[kind] ?? []), ...added.flatMap((more) => more[kind] ?? [])];
      return [kind, all.map(withLinks)];
    }),
  );
  return { ...region, document: { ...document, objects } };
}
