import { UNKNOWN } from "../../../lib/model/known";
import { type Network, NetworkBuilder, type NetworkInfo } from "../../../lib/model/network";
import type { FactsByKind, NetworkKind, NetworkObject } from "../../../lib/model/network/objects";
import { spell } from "../../../lib/model/problem";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import type { Report } from "../../../lib/rules/report";
import type { Suppression } from "../../../lib/rules/suppression";
import type { Verdict } from "../../../lib/rules/verdict";

type Facts<K extends NetworkKind> = Omit<FactsByKind[K], "key" | "at">;

type FactsByKey = { readonly [K in NetworkKind]: Readonly<Record<string, Facts<K>>> };

/** What a case changes in the lab: facts by kind and key; null takes an object out, all facts of a new key add one. */
export type Changes = { readonly [K in NetworkKind]?: Readonly<Record<string, Partial<Facts<K>> | null>> };

const REGION = "http://region.lab.example:5240/MAAS";

/** A VLAN with IPv4 and IPv6 as the manual wants it, with nothing unknown: every rule holds or does not apply. */
const LAB: FactsByKey = {
  fabric: { lab: { name: "lab" } },
  space: {},
  vlan: { pxe: { fabric: "lab", vid: 0, mtu: 1500 } },
  vlan_dhcp: { dhcp: { vlan: "pxe", on: true, primary: "rack1", secondary: null, relayTo: null } },
  subnet: {
    v4: { vlan: "pxe", cidr: "10.20.0.0/24", gatewayIp: "10.20.0.1", dnsServers: ["10.20.0.2"], managed: true },
    v6: {
      vlan: "pxe",
      cidr: "2001:db8:20::/64",
      stated: 6,
      gatewayIp: "2001:db8:20::1",
      dnsServers: ["2001:db8:20::2"],
      managed: true,
    },
  },
  ip_range: {
    pool: { subnet: "v4", type: "dynamic", startIp: "10.20.0.100", endIp: "10.20.0.199" },
    nodes: { subnet: "v6", type: "static", startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1:ffff:ffff:ffff" },
    pool6: { subnet: "v6", type: "dynamic", startIp: "2001:db8:20:0:2::", endIp: "2001:db8:20:0:2::ffff" },
  },
  rack_controller: { rack1: { hostname: "rack1", regionUrl: REGION } },
  rack_interface: {
    eth1: {
      rack: "rack1",
      name: "eth1",
      vlan: "pxe",
      links: [
        { subnet: "v4", ip: "10.20.0.5", mode: "static" },
        { subnet: "v6", ip: "2001:db8:20::5", mode: "static" },
      ],
    },
  },
  machine_interface: {
    nic: {
      machine: "node1",
      name: "eno1",
      vlan: "pxe",
      acceptRa: null,
      links: [
        { subnet: "v4", mode: "auto" },
        { subnet: "v6", mode: "auto" },
      ],
    },
  },
  taken_address: {},
  static_route: {},
  dns_domain: {},
  dns_record: {},
  reserved_ip: {},
  configuration: {},
  dhcp_snippet: {},
  machine: {},
  network_interface_link: {},
  network_interface_physical: {},
  network_interface_bond: {},
  network_interface_bridge: {},
  network_interface_vlan: {},
  network_interface_tag: {},
  device: {},
  router_advertisement: { ra: { subnet: "v6", autonomous: false, otherConfig: true, managedAddress: true } },
  url: { api: { setting: "apiUrl", url: REGION } },
};

/** The objects of the lab with the changes, each at the path `lab/<key>`, in the order of a list of kinds and keys. */
export function labObjects(changes: Changes = {}): { kind: NetworkKind; object: NetworkObject }[] {
  return (Object.keys(LAB) as NetworkKind[]).flatMap((kind) => {
    const base: Readonly<Record<string, object>> = LAB[kind];
    const changed: Readonly<Record<string, object | null>> = changes[kind] ?? {};
    return [...new Set([...Object.keys(base), ...Object.keys(changed)])]
      .filter((key) => changed[key] !== null)
      .map((key) => ({ kind, object: { key, at: { path: `lab/${key}` }, ...base[key], ...changed[key] } }));
  });
}

export function networkOf(
  objects: readonly { kind: NetworkKind; object: NetworkObject }[],
  info?: NetworkInfo,
): Network {
  const builder = new NetworkBuilder();
  for (const { kind, object } of objects) builder.add(kind, object as FactsByKind[NetworkKind]);
  return builder.build(info);
}

export const lab = (changes?: Changes, info?: NetworkInfo): Network => networkOf(labObjects(changes), info);

/** A day within all suppressions of the tests. */
export const NOW = new Date("2026-11-22T12:00:00Z");

export const reportOn = (network: Network, suppressions: readonly Suppression[] = []): Report =>
  evaluate({ rules: IPV6_RULES, network, suppressions, now: NOW });

/** What a case expects: a verdict; what is missing; or the words of a violation, what and fix, and its level if not the rule's. */
export type Expected =
  | "compliant"
  | "not_applicable"
  | { readonly unknown: string }
  | { readonly what: string; readonly fix: string; readonly level?: string; readonly kind?: string };

/** One line of a rule's table: title, key of the object judged, changes of the lab, expectation, what is known of the whole. */
export type Case = readonly [title: string, key: string, changes: Changes, expected: Expected, info?: NetworkInfo];

function verdictOn(id: string, key: string, network: Network): Verdict {
  const rule = IPV6_RULES.find((candidate) => candidate.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const object = network.tryFind(rule.scope, key);
  if (object === undefined) throw new Error(`no ${rule.scope} ${key} in the network of the case`);
  return rule.check(object as never, network);
}

/** The verdict with its attributes as Terraform spells them. */
const spelledVerdict = (verdict: Verdict): object =>
  verdict.verdict === "violations"
    ? {
        ...verdict,
        violations: verdict.violations.map((one) => ({ ...one, what: spell(one.what), fix: spell(one.fix) })),
      }
    : verdict;

function expectVerdict(verdict: Verdict, expected: Expected): void {
  if (typeof expected === "string") {
    expect(verdict).toEqual({ verdict: expected });
  } else if ("unknown" in expected) {
    expect(verdict).toEqual({ verdict: "unknown", missing: expect.arrayContaining([expected.unknown]) as string[] });
  } else {
    const { what, fix, ...rest } = expected;
    const violation = {
      ...rest,
      what: expect.stringContaining(what) as string,
      fix: expect.stringContaining(fix) as string,
    };
    expect(spelledVerdict(verdict)).toEqual({
      verdict: "violations",
      violations: [expect.objectContaining(violation)],
    });
  }
}

/** Tests one rule on its table. */
export function describeRuleCases(id: string, cases: readonly Case[]): void {
  describe(id, () => {
    for (const [title, key, changes, expected, info] of cases) {
      test(title, () => {
        expectVerdict(verdictOn(id, key, lab(changes, info)), expected);
      });
    }
  });
}

export { UNKNOWN };
