import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import type { Attributes } from "../../../lib/model/known";
import { fault, type Problem } from "../../../lib/model/problem";
import { tryText } from "../../../lib/model/text";
import type { SeenAdvertisement, SeenPrefix } from "./advertisement";

/** What a document says of the advertisements on one subnet. What is not said is not checked. */
export interface WantedAdvertisement {
  readonly path: string;
  readonly prefix: string;
  readonly router: string;
  /** The router's address on the subnet, as machines have it as their default route; absent = not said. */
  readonly gateway?: string;
  readonly attributes: Attributes;
}

/** The advertisements that a document says, by subnet. */
export function wantedIn({ objects }: NetworkDocument): WantedAdvertisement[] {
  const subnetOf = (key: unknown): DocumentObject | undefined =>
    (objects.subnet ?? []).find((subnet) => subnet.key === key);
  return (objects.router_advertisement ?? []).flatMap(({ path, attributes }): WantedAdvertisement[] => {
    const subnet = subnetOf(attributes.subnet)?.attributes;
    const prefix = Cidr.tryParse(tryText(subnet?.cidr ?? attributes.subnet) ?? "");
    if (prefix === undefined) return [];
    const gateway = subnet?.gateway_ip;
    return [
      {
        ...{ path, prefix: prefix.toString(), router: tryText(attributes.router) ?? "", attributes },
        ...(typeof gateway === "string" && gateway !== "" && { gateway }),
      },
    ];
  });
}

/** MAC addresses of routers by their address on the subnet, as far as somebody has asked them. */
export type Neighbours = ReadonlyMap<string, string>;

const difference = (path: string, what: string, why: string, fix: string): Problem<string> => ({
  ...fault("MAAS-PRB-01", undefined, { what, why, fix }),
  subject: { path },
});

const onOff = (value: unknown): string => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));

/** What is said, what was seen, and what it means. */
type Check = readonly [label: string, wanted: unknown, seen: unknown, why: string];

function checksOf({ attributes }: WantedAdvertisement, seen: SeenAdvertisement, prefix: SeenPrefix): Check[] {
  return [
    [
      "the flag A",
      attributes.autonomous_addresses,
      prefix.autonomous,
      "It tells hosts to make an address of their own (S16).",
    ],
    [
      "the flag O",
      attributes.other_config_from_dhcp,
      seen.otherConfig,
      "It sends hosts to DHCPv6 for DNS servers (S16).",
    ],
    [
      "the flag M",
      attributes.addresses_from_dhcp,
      seen.managedAddress,
      "It sends hosts to DHCPv6 for an address (S16).",
    ],
    ["the router's lifetime", attributes.router_lifetime, seen.routerLifetime, "Hosts have a default route that long."],
    [
      "the valid lifetime",
      attributes.valid_lifetime,
      prefix.validLifetime,
      "Addresses of the prefix are valid that long.",
    ],
    [
      "the preferred lifetime",
      attributes.preferred_lifetime,
      prefix.preferredLifetime,
      "Hosts use its addresses that long.",
    ],
  ];
}

function dnsProblems(
  { path, attributes: { dns_servers: wanted } }: WantedAdvertisement,
  seen: SeenAdvertisement,
): Problem<string>[] {
  if (!Array.isArray(wanted)) return [];
  const sorted = (texts: readonly string[]): string =>
    texts
      .map((text) => IpAddress.tryParse(text)?.toString() ?? text)
      .sort()
      .join(", ");
  const [said, found] = [sorted(wanted.map(String)), sorted(seen.dnsServers.map(({ address }) => address))];
  if (said === found) return [];
  const none = (text: string): string => (text === "" ? "none" : text);
  return [
    difference(
      path,
      `${seen.router.address} announces the DNS servers ${none(found)}, and the document says ${none(said)}`,
      "Hosts that ask no DHCPv6 server take them (RDNSS, RFC 8106).",
      `Announce ${none(said)} on the router, or change dnsServers of the RouterAdvertisement.`,
    ),
  ];
}

function routerProblems(
  { path, gateway, prefix }: WantedAdvertisement,
  { router }: SeenAdvertisement,
  neighbours: Neighbours,
): Problem<string>[] {
  const wanted = gateway === undefined ? undefined : IpAddress.tryParse(gateway);
  if (wanted === undefined) return [];
  const own = wanted.isLinkLocal() ? undefined : neighbours.get(wanted.toString());
  if (!wanted.isLinkLocal() && (own === undefined || router.mac === undefined)) {
    const what = `it is not known whether ${router.address} is the gateway ${wanted.toString()} of ${prefix}`;
    const fix = "Install ndisc6, and see that the gateway answers.";
    return [{ ...fault("MAAS-PRB-03", undefined, { what, fix }), severity: "unknown", subject: { path } }];
  }
  const isSame = wanted.isLinkLocal() ? wanted.toString() === router.address : own === router.mac;
  if (isSame) return [];
  return [
    difference(
      path,
      `${router.address}${router.mac === undefined ? "" : ` (${router.mac})`} advertises ${prefix}, and the gateway there is ${wanted.toString()}${own === undefined ? "" : ` (${own})`}`,
      "Hosts that listen take another default route than machines that MAAS deploys (S18).",
      `Stop the advertisements of ${router.address}, or set gatewayIp of the subnet to it.`,
    ),
  ];
}

/**
 * How the advertisements on a link differ from what a document says of them. Errors are differences; `unknown` is what nobody could
 * tell.
 *
 * @param subnet the subnet that the link is about; absent = those of which a prefix was seen, or the document's only one
 */
export function compare(
  seen: readonly SeenAdvertisement[],
  document: NetworkDocument,
  { subnet, neighbours = new Map<string, string>() }: { readonly subnet?: string; readonly neighbours?: Neighbours },
): Problem<string>[] {
  const all = wantedIn(document);
  const prefixes = seen.flatMap((one) => one.prefixes.map(({ prefix }) => prefix));
  const fitting = all.filter(({ prefix }) => (subnet === undefined ? prefixes.includes(prefix) : prefix === subnet));
  const wanted = fitting.length > 0 || subnet !== undefined || all.length > 1 ? fitting : all;
  const unsaid = seen.flatMap((one) =>
    one.prefixes
      .filter(({ prefix }) => !wanted.some((other) => other.prefix === prefix))
      .map(({ prefix }) =>
        difference(
          `subnet ${prefix}`,
          `${one.router.address} advertises ${prefix}, of which the document says nothing${subnet === undefined ? "" : ` on the link of ${subnet}`}`,
          "Hosts make addresses of any prefix that is advertised with the flag A, or take it for on-link.",
          `Stop it on ${one.router.address}, or add a RouterAdvertisement of ${prefix} to the stack.`,
        ),
      ),
  );
  const found = wanted.flatMap((one) => {
    const senders = seen.filter((ad) => ad.prefixes.some(({ prefix }) => prefix === one.prefix));
    if (senders.length === 0)
      return [
        difference(
          one.path,
          seen.length === 0
            ? `no router advertises anything, and ${one.router} is to advertise ${one.prefix}`
            : `no router advertises ${one.prefix}`,
          "IPv6 clients learn routes from advertisements only (S15).",
          `Start radvd on ${one.router} with radvd/${one.router}.conf of the stack's folder, and let ICMPv6 type 134 pass.`,
        ),
      ];
    return senders.flatMap((ad) => {
      const prefix = ad.prefixes.find((candidate) => candidate.prefix === one.prefix);
      const checks = prefix === undefined ? [] : checksOf(one, ad, prefix);
      return [
        ...checks
          .filter(([, said, was]) => said !== undefined && said !== null && said !== was)
          .map(([label, said, was, why]) =>
            difference(
              one.path,
              `${label} of ${one.prefix} is ${onOff(was)} at ${ad.router.address}, and the document says ${onOff(said)}`,
              why,
              `Set it to ${onOff(said)} on ${one.router}, or change the RouterAdvertisement.`,
            ),
          ),
        ...dnsProblems(one, ad),
        ...routerProblems(one, ad, neighbours),
      ];
    });
  });
  const unsaidAtAll =
    wanted.length === 0 && unsaid.length === 0
      ? [
          difference(
            subnet === undefined ? "document" : `subnet ${subnet}`,
            `the document says nothing of router advertisements${subnet === undefined ? " on this link" : ` on ${subnet}`}`,
            "There is nothing to check against.",
            "Name the subnet of the interface with --subnet, or add a RouterAdvertisement to the stack.",
          ),
        ]
      : [];
  return [...found, ...unsaid, ...unsaidAtAll];
}
