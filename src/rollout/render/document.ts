import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { DocumentKindName } from "../../../lib/model/document/kinds";
import { routerOf, type WrittenNetwork, writtenNetworks } from "../devices";
import { fabricId, markOf } from "../ids";
import type { Rollout } from "../rollout";
import { constructIds, isOwnRange, type WriteOptions } from "./typescript";

type Entry = readonly [DocumentKindName, DocumentObject];

/** The objects of one network, as the constructs of {@link rolloutSource} write them into their stack's document. */
function entriesOf(network: WrittenNetwork, { stackName, choice }: WriteOptions): Entry[] {
  const { ipv6, fabric, vid, advertiser } = network;
  const ids = constructIds(network);
  const at = (id: string): string => `${stackName}/${id}`;
  const vlan = `${fabric}:${vid}`;
  const { router, settings } = routerOf(network, choice);
  const made = ipv6.standing === "planned" ? "create" : "adopt";
  const subnet = {
    cidr: ipv6.cidr,
    ...(ipv6.isOwn && {
      vlan,
      ...(ipv6.gateway !== null && { gateway_ip: ipv6.gateway }),
      description: markOf(stackName, ids.subnet),
    }),
  };
  const range = (
    type: "static" | "dynamic" | "reserved",
    id: string,
    { startIp, endIp }: { startIp: string; endIp: string },
    origin: "create" | "adopt",
    comment?: string,
  ): Entry => [
    "ip_range",
    {
      ...{ key: `${startIp}-${endIp} in ${ipv6.cidr}`, path: at(id), origin },
      attributes: {
        ...{ subnet: ipv6.cidr, type, start_ip: startIp, end_ip: endIp },
        ...(comment !== undefined && { comment }),
      },
    },
  ];
  // A subnet that is looked up needs neither.
  const places: Entry[] = [
    ["fabric", { key: fabric, path: at(fabricId(fabric)), origin: "look_up", attributes: { name: fabric } }],
    [
      "vlan",
      {
        ...{ key: vlan, path: vid === 0 ? at(`${fabricId(fabric)}/untagged`) : at(ids.vlan), origin: "look_up" },
        attributes: { fabric, vid },
      },
    ],
  ];
  return [
    ...(ipv6.isOwn ? places : []),
    ["subnet", { key: ipv6.cidr, path: at(ids.subnet), origin: ipv6.isOwn ? made : "look_up", attributes: subnet }],
    ...(isOwnRange(ipv6.staticRange, ids.staticRange)
      ? [
          range("static", ids.staticRange, ipv6.staticRange, "adopt"),
          ...ipv6.besides.map((other) => range(other.type, ids.otherRange(other), other, "adopt")),
        ]
      : []),
    ...(isOwnRange(ipv6.dynamicRange, ids.dynamicRange)
      ? [
          range(
            ...(["dynamic", ids.dynamicRange, ipv6.dynamicRange] as const),
            ipv6.dynamicRange.standing === "planned" ? "create" : "adopt",
            markOf(stackName, ids.dynamicRange),
          ),
        ]
      : []),
    [
      "router_advertisement",
      {
        ...{ key: `${advertiser?.router ?? router} on ${ipv6.cidr}`, path: at(ids.advertisement), origin: "create" },
        attributes: {
          ...{ subnet: ipv6.cidr, router: advertiser?.router ?? router },
          ...(advertiser === undefined && {
            autonomous_addresses: false,
            other_config_from_dhcp: settings.otherConfig,
            addresses_from_dhcp: settings.managedAddress,
            router_lifetime: settings.routerLifetime,
            valid_lifetime: settings.prefixes[0]?.validLifetime ?? null,
            preferred_lifetime: settings.prefixes[0]?.preferredLifetime ?? null,
            ...(settings.dnsServers.length > 0 && { dns_servers: [...settings.dnsServers] }),
          }),
        },
      },
    ],
  ];
}

/** A desired-state document that adds IPv6 to what a region has: the one that the stack of {@link rolloutSource} has. */
export function rolloutDocument(rollout: Rollout, options: WriteOptions): NetworkDocument {
  const sections = new Map<DocumentKindName, Map<string, DocumentObject>>();
  for (const [kind, object] of writtenNetworks(rollout).flatMap((network) => entriesOf(network, options))) {
    const section = sections.get(kind) ?? new Map<string, DocumentObject>();
    sections.set(kind, section);
    if (!section.has(object.key)) section.set(object.key, object);
  }
  const objects = Object.fromEntries([...sections].map(([kind, section]) => [kind, [...section.values()]]));
  const { apiUrl } = options;
  return { ...(apiUrl !== undefined && { apiUrl }), objects, suppressions: [] };
}
