import { jsonText } from "./escape";

/** What netplan calls the sections of its kinds of interfaces. */
export type NetplanSection = "ethernets" | "bonds" | "bridges" | "vlans";

/** What netplan sets on one interface of a host. */
export interface NetplanInterface {
  readonly name: string;
  readonly section: NetplanSection;
  /** Of a VLAN interface: the interface that it is on, and its VID. */
  readonly vlan?: { readonly link: string; readonly id: number };
  /** With prefix lengths: `2001:db8:20::a/64`. */
  readonly addresses: readonly string[];
  /** Address of the default router; absent = none is set. */
  readonly gateway?: string;
  /** Whether the interface takes router advertisements. */
  readonly acceptRa: boolean;
}

/** The order of netplan's reference; a link is known before the VLAN that is on it. */
const SECTIONS: readonly NetplanSection[] = ["ethernets", "bonds", "bridges", "vlans"];

/**
 * What an interface is, as far as its name says so: `bond0.110` a VLAN on `bond0`, `bond0` a bond, `br-lan` a bridge, all
 * else a network card. MAAS names interfaces so when it deploys.
 */
export function interfaceByName(name: string): Pick<NetplanInterface, "section" | "vlan"> {
  const [, link, id] = /^(.+)\.(\d{1,4})$/.exec(name) ?? [];
  if (link !== undefined) return { section: "vlans", vlan: { link, id: Number(id) } };
  if (name.startsWith("bond")) return { section: "bonds" };
  return { section: name.startsWith("br") ? "bridges" : "ethernets" };
}

function interfaceLines({ name, vlan, addresses, gateway, acceptRa }: NetplanInterface): string[] {
  return [
    `    ${jsonText(name)}:`,
    ...(vlan === undefined ? [] : [`      id: ${vlan.id}`, `      link: ${jsonText(vlan.link)}`]),
    `      accept-ra: ${acceptRa}`,
    "      addresses:",
    ...addresses.map((address) => `        - ${jsonText(address)}`),
    ...(gateway === undefined ? [] : ["      routes:", '        - to: "::/0"', `          via: ${jsonText(gateway)}`]),
  ];
}

/**
 * A netplan file with these interfaces, in the order of sections and names. Netplan puts it together with the host's other
 * files: it adds the addresses to what they say. A VLAN's link is named too, without settings, so that the file holds by itself.
 */
export function renderNetplan(interfaces: readonly NetplanInterface[]): string {
  const named = new Set(interfaces.map(({ name }) => name));
  const links = interfaces.flatMap(({ vlan }) => (vlan === undefined || named.has(vlan.link) ? [] : [vlan.link]));
  const sections = SECTIONS.flatMap((section) => {
    const own = interfaces
      .filter((one) => one.section === section)
      .map((one) => ({ name: one.name, lines: interfaceLines(one) }));
    const bare = [...new Set(links)]
      .filter((link) => interfaceByName(link).section === section)
      .map((name) => ({ name, lines: [`    ${jsonText(name)}: {}`] }));
    const all = [...own, ...bare].sort((a, b) => (a.name < b.name ? -1 : 1));
    return all.length === 0 ? [] : [`  ${section}:`, ...all.flatMap(({ lines }) => lines)];
  });
  return `${["network:", "  version: 2", ...sections].join("\n")}\n`;
}
