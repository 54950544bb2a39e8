import { IpAddress } from "../../../lib/model/address";
import { advertisementInterval, dnsLifetime } from "../../../lib/model/radvd";
import { shown } from "../../../lib/model/text";
import type { RouterInterface } from "../devices";

/** The address that a router has on a network, with its prefix length; undefined where none is known. */
function addressOf({ network }: RouterInterface): { readonly text: string; readonly isLinkLocal: boolean } | undefined {
  const { gateway, cidr } = network.ipv6;
  const address = gateway === null ? undefined : IpAddress.tryParse(gateway);
  if (address === undefined) return undefined;
  const isLinkLocal = address.isLinkLocal();
  return {
    text: isLinkLocal ? address.toString() : `${address.toString()}${cidr.slice(cidr.indexOf("/"))}`,
    isLinkLocal,
  };
}

const titleOf = ({ network: { title, name, ipv6 } }: RouterInterface): string =>
  shown(`${title}${name === undefined ? "" : ` (${name})`}: ${ipv6.cidr}`);

/** What is said of a router without an address on the network. */
const NO_ADDRESS = "the subnet has no gateway in MAAS: add the address of this router";

/** Lines about each interface, with one empty line between. */
const sections = (interfaces: readonly RouterInterface[], linesOf: (one: RouterInterface) => string[]): string =>
  `${interfaces.map((one) => linesOf(one).join("\n")).join("\n")}\n`;

/** The prefixes of an interface, which FRR and Cisco say in the same way. */
const prefixLines = ({ settings }: RouterInterface): string[] =>
  settings.prefixes.map(
    ({ prefix, validLifetime, preferredLifetime, autonomous }) =>
      ` ipv6 nd prefix ${prefix} ${validLifetime} ${preferredLifetime}${autonomous ? "" : " no-autoconfig"}`,
  );

/** FRR's configuration of a router, to be read by vtysh. @see FRR 8.4, zebra, router advertisements */
export const frr = (interfaces: readonly RouterInterface[]): string =>
  sections(interfaces, (one) => {
    const { settings } = one;
    const address = addressOf(one);
    return [
      `! ${titleOf(one)}`,
      ...(address === undefined ? [`! ${NO_ADDRESS}`] : []),
      `interface ${settings.interfaceName}`,
      ...(address === undefined ? [] : [` ipv6 address ${address.isLinkLocal ? `${address.text}/64` : address.text}`]),
      " no ipv6 nd suppress-ra",
      ` ipv6 nd ra-interval ${advertisementInterval(settings.routerLifetime)}`,
      ` ipv6 nd ra-lifetime ${settings.routerLifetime}`,
      ` ipv6 nd router-preference ${settings.preference}`,
      ...(settings.managedAddress ? [" ipv6 nd managed-config-flag"] : []),
      ...(settings.otherConfig ? [" ipv6 nd other-config-flag"] : []),
      ...prefixLines(one),
      ...settings.dnsServers.map((server) => ` ipv6 nd rdnss ${server} ${dnsLifetime(settings.routerLifetime)}`),
      "exit",
      "!",
    ];
  });

const CISCO_PREFERENCE = { low: "Low", medium: "Medium", high: "High" } as const;

/** The same for Cisco IOS and IOS XE, to copy. @see Cisco IOS IPv6 command reference, `ipv6 nd` */
export const cisco = (interfaces: readonly RouterInterface[]): string =>
  `${sections(interfaces, (one) => {
    const { settings } = one;
    const address = addressOf(one);
    return [
      `! ${titleOf(one)}`,
      ...(address === undefined ? [`! ${NO_ADDRESS}`] : []),
      `interface ${settings.interfaceName}`,
      " ipv6 enable",
      ...(address === undefined ? [] : [` ipv6 address ${address.text}${address.isLinkLocal ? " link-local" : ""}`]),
      ` ipv6 nd ra interval ${advertisementInterval(settings.routerLifetime)}`,
      ` ipv6 nd ra lifetime ${settings.routerLifetime}`,
      ` ipv6 nd router-preference ${CISCO_PREFERENCE[settings.preference]}`,
      ` ${settings.managedAddress ? "" : "no "}ipv6 nd managed-config-flag`,
      ` ${settings.otherConfig ? "" : "no "}ipv6 nd other-config-flag`,
      ...prefixLines(one),
      ...settings.dnsServers.map(
        (server) => ` ipv6 nd ra dns server ${server} ${dnsLifetime(settings.routerLifetime)}`,
      ),
      "!",
    ];
  })}! Once per router: ipv6 unicast-routing\n`;

/** Junos names a logical interface by its unit: eth0.110 is unit 110 of eth0. */
function unitOf(interfaceName: string): { readonly name: string; readonly unit: string } {
  const [, name = interfaceName, unit = "0"] = /^(.*)\.(\d+)$/.exec(interfaceName) ?? [];
  return { name, unit };
}

/** The same for Juniper's Junos, as `set` commands to copy. @see Junos, protocols router-advertisement */
export const juniper = (interfaces: readonly RouterInterface[]): string =>
  sections(interfaces, (one) => {
    const { settings } = one;
    const address = addressOf(one);
    const { name, unit } = unitOf(settings.interfaceName);
    const own = `set protocols router-advertisement interface ${name}.${unit}`;
    const flag = (isSet: boolean, on: string): string => `${own} ${isSet ? "" : "no-"}${on}`;
    return [
      `# ${titleOf(one)}`,
      address === undefined
        ? `# ${NO_ADDRESS}`
        : `set interfaces ${name} unit ${unit} family inet6 address ${address.isLinkLocal ? `${address.text}/64` : address.text}`,
      flag(settings.managedAddress, "managed-configuration"),
      flag(settings.otherConfig, "other-stateful-configuration"),
      `${own} max-advertisement-interval ${advertisementInterval(settings.routerLifetime)}`,
      `${own} default-lifetime ${settings.routerLifetime}`,
      ...(settings.preference === "medium" ? [] : [`${own} preference ${settings.preference}`]),
      ...settings.prefixes.flatMap(({ prefix, validLifetime, preferredLifetime, autonomous }) => [
        `${own} prefix ${prefix} valid-lifetime ${validLifetime}`,
        `${own} prefix ${prefix} preferred-lifetime ${preferredLifetime}`,
        `${own} prefix ${prefix} ${autonomous ? "" : "no-"}autonomous`,
      ]),
      ...settings.dnsServers.map(
        (server) => `${own} dns-server-address ${server} lifetime ${dnsLifetime(settings.routerLifetime)}`,
      ),
    ];
  });
