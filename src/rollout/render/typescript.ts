import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { interfaceByName, type NetplanSection } from "../../../lib/model/netplan";
import type { RadvdInterface } from "../../../lib/model/radvd";
import { callLines, commentLines, quoted, terraformText } from "../../export/expressible";
import { Names } from "../../export/names";
import { appSource, type Cdk } from "../../export/typescript-source";
import { type RouterChoice, routerOf, type WrittenNetwork, writtenNetworks } from "../devices";
import { dynamicRangeId, fabricId, idOf, markOf, netplanId, otherRangeId, staticRangeId, vlanId } from "../ids";
import type { Rollout, RolloutRack, RolloutRange } from "../rollout";

/** The key of a live object is its id; that of an exported one is none that Terraform could import. */
const importId = (key: string | undefined): string | undefined => (/^\d+$/.test(key ?? "") ? key : undefined);

const INDENT = "    ";

/** What a source says beside the networks. */
export interface WriteOptions {
  /** `cdktf` unless it is set. */
  readonly cdk?: Cdk | undefined;
  /** URL of the region's API; undefined = from the environment. */
  readonly apiUrl: string | undefined;
  /** Id of the stack. */
  readonly stackName: string;
  readonly choice: RouterChoice;
}

/** Statements of a constructor, and the classes that they name. */
class Statements {
  readonly classes = new Set<string>();
  readonly lines: string[] = [];
  readonly #names = new Names();

  /** A name for what goes by the id. */
  variable(id: string): string {
    return this.#names.next({ words: [id], noun: "Network" }).variable;
  }

  comment(text: string): void {
    this.lines.push("", ...commentLines(text, INDENT));
  }

  /** `new Class(this, "id", { … })`, kept in a variable if there is one. */
  make(
    className: string,
    id: string,
    properties: readonly (readonly [string, string | readonly string[]])[],
    kept?: string,
    imported?: string,
  ): void {
    this.classes.add(className);
    const start = kept === undefined ? "" : `const ${kept} = `;
    const taken = imported === undefined ? "" : `.importFrom(${quoted(imported)});`;
    this.lines.push(
      ...callLines(
        {
          head: `${start}new ${className}`,
          args: ["this", quoted(id)],
          properties: properties.map(([name, code]) => ({ name, code })),
          tail: kept === undefined && taken !== "" ? taken : ";",
        },
        INDENT,
      ),
      ...(kept !== undefined && taken !== "" ? [`${INDENT}${kept}${taken}`] : []),
    );
  }

  /** A look-up, kept in a variable. */
  lookUp(kept: string, make: string, args: readonly string[]): void {
    this.classes.add(make.replace(/\..*/, ""));
    this.lines.push(...callLines({ head: `const ${kept} = ${make}`, args: ["this", ...args], tail: ";" }, INDENT));
  }
}

const literals = (texts: readonly string[]): string[] => texts.map(terraformText);

const rangeProperties = (subnet: string, { startIp, endIp }: RolloutRange): (readonly [string, string])[] => [
  ["subnet", subnet],
  ["startIp", quoted(startIp)],
  ["endIp", quoted(endIp)],
];

/** What is there already, as after a lost state, is taken over as it is. */
const ADOPTED = ["adoptExisting", "true"] as const;

const OTHER_RANGES = { dynamic: "DynamicRange", reserved: "ReservedRange" } as const;

function advertisementProperties(
  settings: RadvdInterface,
  subnet: string,
  router: string,
): (readonly [string, string | readonly string[]])[] {
  const { interfaceName, otherConfig, managedAddress, dnsServers, routerLifetime } = settings;
  const [lifetimes] = settings.prefixes;
  return [
    ["subnet", subnet],
    ["router", quoted(router)],
    ["interfaceName", quoted(interfaceName)],
    ...(otherConfig ? [["otherConfigFromDhcp", "true"] as const] : []),
    ...(managedAddress ? [["addressesFromDhcp", "true"] as const] : []),
    ["routerLifetime", String(routerLifetime)],
    ["validLifetime", String(lifetimes?.validLifetime)],
    ["preferredLifetime", String(lifetimes?.preferredLifetime)],
    ...(dnsServers.length > 0 ? [["dnsServers", literals(dnsServers)] as const] : []),
  ];
}

/** Ids of the constructs of a network: they follow from the fabric's name and the VID. */
export const constructIds = (network: WrittenNetwork) => {
  const base = vlanId(network);
  return {
    ...{ vlan: base, subnet: `${base}-v6`, staticRange: staticRangeId(network), dynamicRange: dynamicRangeId(network) },
    otherRange: ({ startIp }: RolloutRange): string =>
      otherRangeId(network, IpAddress.parse(startIp).value - Cidr.parse(network.ipv6.cidr).first.value),
    advertisement: `${base}-advertisement`,
    netplan: ({ rack, interfaceName }: RolloutRack): string => netplanId(rack, interfaceName),
  };
};

/** Whether the range is one that this stack makes: a new one, or one that it has made in an earlier run. */
export const isOwnRange = (range: RolloutRange | undefined, id: string): range is RolloutRange =>
  range !== undefined && (range.standing === "planned" || range.madeBy === id);

const TYPES: Readonly<Record<NetplanSection, string>> = {
  ...{ ethernets: "ETHERNET", bonds: "BOND", bridges: "BRIDGE", vlans: "VLAN" },
};

/** What a rack's interface is, where its name does not say so. */
function kindProperties({ interfaceName, kind }: RolloutRack, { classes }: Statements): (readonly [string, string])[] {
  const { section, vlan } = interfaceByName(interfaceName);
  if (section === kind.section && vlan?.link === kind.vlan?.link && vlan?.id === kind.vlan?.id) return [];
  classes.add("RackInterfaceType");
  return [
    ["type", `RackInterfaceType.${TYPES[kind.section]}`],
    ...(kind.vlan === undefined
      ? []
      : [["link", quoted(kind.vlan.link)] as const, ["vid", String(kind.vlan.id)] as const]),
  ];
}

/** The statements that add IPv6 to a network. */
function addNetwork(
  network: WrittenNetwork,
  fabricOf: () => string,
  statements: Statements,
  { choice, stackName }: WriteOptions,
): void {
  const { ipv6, title, vid, name, advertiser, racks } = network;
  const ids = constructIds(network);
  statements.comment(`${title}${name === undefined ? "" : ` (${name})`}`);
  const subnet = statements.variable(ids.subnet);
  if (ipv6.isOwn) {
    const fabric = fabricOf();
    let vlan = `${fabric}.untagged`;
    if (vid !== 0) {
      vlan = statements.variable(ids.vlan);
      statements.lookUp(vlan, "Vlan.fromVid", [quoted(ids.vlan), fabric, String(vid)]);
    }
    statements.make(
      "Ipv6Subnet",
      ids.subnet,
      [
        ["vlan", vlan],
        ["cidr", quoted(ipv6.cidr)],
        ...(ipv6.gateway === null ? [] : [["gatewayIp", quoted(ipv6.gateway)] as const]),
        ["description", quoted(markOf(stackName, ids.subnet))],
      ],
      subnet,
      importId(ipv6.key),
    );
  } else statements.lookUp(subnet, "Ipv6Subnet.fromCidr", [quoted(ids.subnet), quoted(ipv6.cidr)]);
  if (isOwnRange(ipv6.staticRange, ids.staticRange))
    statements.make("StaticRange", ids.staticRange, [...rangeProperties(subnet, ipv6.staticRange), ADOPTED]);
  if (isOwnRange(ipv6.staticRange, ids.staticRange))
    for (const other of ipv6.besides)
      statements.make(OTHER_RANGES[other.type], ids.otherRange(other), [...rangeProperties(subnet, other), ADOPTED]);
  if (isOwnRange(ipv6.dynamicRange, ids.dynamicRange))
    statements.make(
      "DynamicRange",
      ids.dynamicRange,
      [...rangeProperties(subnet, ipv6.dynamicRange), ["comment", quoted(markOf(stackName, ids.dynamicRange))]],
      undefined,
      importId(ipv6.dynamicRange.key),
    );
  if (advertiser === undefined) {
    const { router, settings } = routerOf(network, choice);
    statements.make("RouterAdvertisement", ids.advertisement, advertisementProperties(settings, subnet, router));
  } else {
    statements.classes.add("RouterAdvertisement");
    statements.lines.push(
      ...callLines(
        {
          head: "RouterAdvertisement.fromRouter",
          args: ["this", quoted(ids.advertisement)],
          properties: [
            { name: "subnet", code: subnet },
            { name: "router", code: terraformText(advertiser.router) },
          ],
          tail: ";",
        },
        INDENT,
      ),
    );
  }
  for (const rack of racks)
    if (rack.ipv6 !== undefined)
      statements.make("RackNetplan", ids.netplan(rack), [
        ["rack", quoted(rack.rack)],
        ["interfaceName", quoted(rack.interfaceName)],
        ...kindProperties(rack, statements),
        ["addresses", literals([rack.ipv6.address])],
      ]);
}

/** What the source can't do, in comments at its start. */
function notes(rollout: Rollout): string[] {
  const blocked = rollout.networks.filter(({ state }) => state === "blocked");
  return [
    `IPv6 for networks of a MAAS region, by \`cdktf-maas ipv6 write\`. What the region has is looked up and stays as it is; the first plan adds only. Run it again when the region has grown, with the same stack and state: ids follow from fabrics and VIDs.`,
    "Per rack there is a netplan file in netplan/ of the stack's folder, per router a radvd.conf in radvd/.",
    ...blocked.map(({ title, problems }) => {
      const first = problems.find(({ severity }) => severity === "error");
      return `Not here: ${title}: ${first?.what ?? ""}. Fix: ${first?.fix ?? ""}`;
    }),
  ];
}

/**
 * A TypeScript source of an app with one stack that adds IPv6 to what a region has. Guarantees: strict TypeScript, laid out
 * as Prettier does at 120 columns, synthesises without errors, and its plan changes nothing that exists.
 */
export function rolloutSource(rollout: Rollout, options: WriteOptions): string {
  const statements = new Statements();
  const fabrics = new Map<string, string>();
  const fabricOf = (name: string): string => {
    const known = fabrics.get(name);
    if (known !== undefined) return known;
    const variable = statements.variable(idOf(name));
    fabrics.set(name, variable);
    statements.lookUp(variable, "Fabric.fromName", [quoted(fabricId(name)), terraformText(name)]);
    return variable;
  };
  for (const network of writtenNetworks(rollout))
    addNetwork(network, () => fabricOf(network.fabric), statements, options);
  return appSource({
    ...{ cdk: options.cdk, head: notes(rollout), constants: [], statements: statements.lines },
    ...{ classes: [...statements.classes], apiUrl: options.apiUrl, stackName: options.stackName },
  });
}
