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

/** A line `label : value` of rdisc6. */
const LINE = /^\s*([^:]*?)\s*:\s+(.*?)\s*$/;

/** The number in `1800 (0x00000708) seconds` and `infinite (0xffffffff)`. */
const secondsIn = (value: string): number => Number(/\((0x[\da-f]+)\)/i.exec(value)?.[1] ?? "NaN");

/** The advertisements in what `rdisc6` of ndisc6 1.0 prints, each once. */
export function readRdisc6(output: string): SeenAdvertisement[] {
  // Each advertisement ends with the line that says where it came from.
  const parts = output.split(/^ from (\S+)$/m);
  const found = new Map<string, SeenAdvertisement>();
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const lines = (parts[at] ?? "").split("\n").flatMap((line) => {
      const [, label, value] = LINE.exec(line) ?? [];
      return label === undefined || value === undefined ? [] : [[label, value] as const];
    });
    const valueOf = (label: string, from = 0): string => lines.slice(from).find(([name]) => name === label)?.[1] ?? "";
    const indexesOf = (label: string): number[] => lines.flatMap(([name], index) => (name === label ? [index] : []));
    const address = parts[at + 1] ?? "";
    const mac = valueOf("Source link-layer address").toLowerCase();
    found.set(address, {
      router: { address, ...(mac !== "" && { mac }) },
      managedAddress: valueOf("Stateful address conf.") === "Yes",
      otherConfig: valueOf("Stateful other conf.") === "Yes",
      routerLifetime: secondsIn(valueOf("Router lifetime")),
      prefixes: indexesOf("Prefix").map((index) => ({
        prefix: Cidr.tryParse(lines[index]?.[1] ?? "")?.toString() ?? lines[index]?.[1] ?? "",
        onLink: valueOf("On-link", index) === "Yes",
        autonomous: valueOf("Autonomous address conf.", index) === "Yes",
        validLifetime: secondsIn(valueOf("Valid time", index)),
        preferredLifetime: secondsIn(valueOf("Pref. time", index)),
      })),
      dnsServers: indexesOf("Recursive DNS server").map((index) => ({
        address: lines[index]?.[1] ?? "",
        lifetime: secondsIn(valueOf("DNS server lifetime", index)) || secondsIn(valueOf("DNS servers lifetime", index)),
      })),
    });
  }
  return [...found.values()];
}

const lifetimeIn = (text: string | undefined): number =>
  text === undefined ? NaN : text === "infinity" ? INFINITE_LIFETIME : Number(text);

/** The advertisements in what `radvdump` of radvd 2 prints, the last one of each router. */
export function readRadvdump(output: string): SeenAdvertisement[] {
  const found = new Map<string, SeenAdvertisement>();
  for (const [, address = "", body = ""] of output.matchAll(
    /based on Router Advertisement from (\S+)\n([\s\S]*?)^\}; # End of interface definition/gm,
  )) {
    const setting = (name: string, text = body): string | undefined =>
      new RegExp(`\\b${name} ([^;\\s]+);`).exec(text)?.[1];
    const blocks = (word: string): RegExpMatchArray[] => [
      ...body.matchAll(new RegExp(`^\\t${word} ([^\\n]+)\\n\\t\\{([\\s\\S]*?)^\\t\\};`, "gm")),
    ];
    found.set(address, {
      router: { address },
      managedAddress: setting("AdvManagedFlag") === "on",
      otherConfig: setting("AdvOtherConfigFlag") === "on",
      routerLifetime: lifetimeIn(setting("AdvDefaultLifetime")),
      prefixes: blocks("prefix").map(([, prefix = "", inner = ""]) => ({
        prefix: Cidr.tryParse(prefix.trim())?.toString() ?? prefix.trim(),
        onLink: setting("AdvOnLink", inner) === "on",
        autonomous: setting("AdvAutonomous", inner) === "on",
        validLifetime: lifetimeIn(setting("AdvValidLifetime", inner)),
        preferredLifetime: lifetimeIn(setting("AdvPreferredLifetime", inner)),
      })),
      dnsServers: blocks("RDNSS").flatMap(([, servers = "", inner = ""]) =>
        servers
          .trim()
          .split(/\s+/)
          .map((server) => ({ address: server, lifetime: lifetimeIn(setting("AdvRDNSSLifetime", inner)) })),
      ),
    });
  }
  return [...found.values()];
}
