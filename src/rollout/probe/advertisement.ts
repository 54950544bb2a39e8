import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { INFINITE_LIFETIME } from "../../../lib/model/radvd";

/** A prefix in a router advertisement. Times are in seconds. */
export interface SeenPrefix {
  /** In CIDR form. */
  readonly prefix: string;
  readonly onLink: boolean;
  /** The flag A. */
  readonly autonomous: boolean;
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

/** A router advertisement as a host sees it. Times are in seconds. */
export interface SeenAdvertisement {
  /** The link-local address that it came from, and the router's MAC address where it says that. */
  readonly router: { readonly address: string; readonly mac?: string };
  /** The flag M. */
  readonly managedAddress: boolean;
  /** The flag O. */
  readonly otherConfig: boolean;
  readonly routerLifetime: number;
  readonly prefixes: readonly SeenPrefix[];
  readonly dnsServers: readonly { readonly address: string; readonly lifetime: number }[];
}

/** The text as an IPv6 address in its one spelling; none for what is no such address: what is on the link may be anything. */
function addressesIn(text: string): string[] {
  const address = IpAddress.tryParse(text);
  return address?.family === 6 ? [address.toString()] : [];
}

/** The prefix of an option, without host bits, which hosts ignore; none where hosts ignore the option. */
function prefixesIn(text: string): string[] {
  const [, address = "", length = ""] = /^(\S+)\/(\d{1,3})$/.exec(text) ?? [];
  const first = IpAddress.tryParse(address);
  return first?.family === 6 && Number(length) <= 128 ? [Cidr.of(first, Number(length)).toString()] : [];
}

/**
 * Each advertisement once. Two of one router that differ are both kept: a router can put its options into several, and what
 * comes under its address may be somebody else's.
 */
const distinct = (seen: readonly SeenAdvertisement[]): SeenAdvertisement[] => [
  ...new Map(seen.map((one) => [JSON.stringify(one), one])).values(),
];

/** A line `label : value` of rdisc6. */
const LINE = /^\s*([^:]*?)\s*:\s+(.*?)\s*$/;

/** The number in `1800 (0x00000708) seconds` and `infinite (0xffffffff)`. */
const secondsIn = (value: string): number => Number(/\((0x[\da-f]+)\)/i.exec(value)?.[1] ?? "NaN");

/** The advertisements in what `rdisc6` of ndisc6 1.0 prints, each once. What is no address or prefix is left out. */
export function readRdisc6(output: string): SeenAdvertisement[] {
  // Each advertisement ends with the line that says where it came from.
  const parts = output.split(/^ from (\S+)$/m);
  const found: SeenAdvertisement[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const lines = (parts[at] ?? "").split("\n").flatMap((line) => {
      const [, label, value] = LINE.exec(line) ?? [];
      return label === undefined || value === undefined ? [] : [[label, value] as const];
    });
    const valueOf = (label: string, from = 0): string => lines.slice(from).find(([name]) => name === label)?.[1] ?? "";
    const indexesOf = (label: string): number[] => lines.flatMap(([name], index) => (name === label ? [index] : []));
    const [address] = addressesIn(parts[at + 1] ?? "");
    if (address === undefined) continue;
    const [mac] = /^([\da-f]{2}:)*[\da-f]{2}$/.exec(valueOf("Source link-layer address").toLowerCase()) ?? [];
    found.push({
      router: { address, ...(mac !== undefined && { mac }) },
      managedAddress: valueOf("Stateful address conf.") === "Yes",
      otherConfig: valueOf("Stateful other conf.") === "Yes",
      routerLifetime: secondsIn(valueOf("Router lifetime")),
      prefixes: indexesOf("Prefix").flatMap((index) =>
        prefixesIn(lines[index]?.[1] ?? "").map((prefix) => ({
          prefix,
          onLink: valueOf("On-link", index) === "Yes",
          autonomous: valueOf("Autonomous address conf.", index) === "Yes",
          validLifetime: secondsIn(valueOf("Valid time", index)),
          preferredLifetime: secondsIn(valueOf("Pref. time", index)),
        })),
      ),
      dnsServers: indexesOf("Recursive DNS server").flatMap((index) =>
        addressesIn(lines[index]?.[1] ?? "").map((server) => ({
          address: server,
          lifetime: secondsIn(lines.slice(index).find(([label]) => /^DNS servers? lifetime$/.test(label))?.[1] ?? ""),
        })),
      ),
    });
  }
  return distinct(found);
}

const lifetimeIn = (text: string | undefined): number =>
  text === undefined ? NaN : text === "infinity" ? INFINITE_LIFETIME : Number(text);

/** The advertisements in what `radvdump` of radvd 2 prints, as {@link readRdisc6} reads the other. */
export function readRadvdump(output: string): SeenAdvertisement[] {
  const found: SeenAdvertisement[] = [];
  for (const [, from = "", body = ""] of output.matchAll(
    /based on Router Advertisement from (\S+)\n([\s\S]*?)^\}; # End of interface definition/gm,
  )) {
    const setting = (name: string, text = body): string | undefined =>
      new RegExp(`\\b${name} ([^;\\s]+);`).exec(text)?.[1];
    const blocks = (word: string): RegExpMatchArray[] => [
      ...body.matchAll(new RegExp(`^\\t${word} ([^\\n]+)\\n\\t\\{([\\s\\S]*?)^\\t\\};`, "gm")),
    ];
    const [address] = addressesIn(from);
    if (address === undefined) continue;
    found.push({
      router: { address },
      managedAddress: setting("AdvManagedFlag") === "on",
      otherConfig: setting("AdvOtherConfigFlag") === "on",
      routerLifetime: lifetimeIn(setting("AdvDefaultLifetime")),
      prefixes: blocks("prefix").flatMap(([, text = "", inner = ""]) =>
        prefixesIn(text.trim()).map((prefix) => ({
          prefix,
          onLink: setting("AdvOnLink", inner) === "on",
          autonomous: setting("AdvAutonomous", inner) === "on",
          validLifetime: lifetimeIn(setting("AdvValidLifetime", inner)),
          preferredLifetime: lifetimeIn(setting("AdvPreferredLifetime", inner)),
        })),
      ),
      dnsServers: blocks("RDNSS").flatMap(([, servers = "", inner = ""]) =>
        servers
          .trim()
          .split(/\s+/)
          .flatMap(addressesIn)
          .map((server) => ({ address: server, lifetime: lifetimeIn(setting("AdvRDNSSLifetime", inner)) })),
      ),
    });
  }
  return distinct(found);
}
