import * as fc from "fast-check";
import { NetworkBuilder } from "../../../lib/model/network";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";
import { errorsOf, sentenceOf } from "../../../lib/rules/report";
import { COMPLIANT, defineRule, NOT_APPLICABLE, unknown } from "../../../lib/rules/verdict";
import { type Changes, lab, labObjects, networkOf, NOW, reportOn, UNKNOWN } from "./lab";

const BROKEN: Changes = {
  subnet: {
    v6: { gatewayIp: UNKNOWN },
    second: { vlan: "pxe", cidr: "2001:db8:20:0:8000::/65", gatewayIp: null, dnsServers: ["10.0.0.1"], managed: true },
  },
  ip_range: { pool6: { startIp: "2001:db8:20:0:1::", endIp: "2001:db8:20:0:1::9" } },
  rack_controller: { rack1: { regionUrl: "http://[::1]:5240/MAAS" } },
  rack_interface: { eth1: { links: UNKNOWN } },
};

const INFO = {
  id: "MAAS6-NET-99",
  name: "NothingThrows",
  level: "warning",
  kind: "documented",
  info: "I.",
  explanation: "E.",
  remediation: "R.",
  sources: [{ at: "somewhere", verified: "2026-11-22" }],
} as const;

const throwing = (message: string) =>
  defineRule({
    ...INFO,
    scope: "subnet",
    check: ({ key }) => {
      if (key === "v4") return COMPLIANT;
      throw new TypeError(message);
    },
  });

test("a network as the manual wants it has no finding but the information on DHCPv6, and nothing unknown", () => {
  const { findings, unjudged } = reportOn(lab());
  expect(findings.map(({ id, where }) => `${id} ${where.path}`)).toEqual(["MAAS6-RNG-07 lab/pool6"]);
  expect(unjudged).toEqual([]);
});

test("findings are in natural order of their places: VLAN 2 before VLAN 10", () => {
  const places = ["VLAN lab:2", "VLAN lab:10", "VLAN lab:100"];
  const network = new NetworkBuilder();
  for (const [index, path] of [...places].reverse().entries())
    network.add("vlan", { key: `${index}`, at: { path }, fabric: "lab", vid: index });
  const rule = defineRule({ ...INFO, scope: "vlan", check: () => unknown("it") });
  const { unjudged } = evaluate({ rules: [rule], network: network.build(), now: NOW });
  expect(unjudged.map(({ where }) => where.path)).toEqual(places);
});

test("an empty network has nothing to report", () => {
  const { findings, unjudged, results } = reportOn(networkOf([]));
  expect([findings, unjudged]).toEqual([[], []]);
  expect(results).toHaveLength(IPV6_RULES.length);
});

test("a network of which nothing is known passes no rule that applies to it", () => {
  const hidden: Changes = {
    vlan: { pxe: { fabric: UNKNOWN, vid: UNKNOWN } },
    vlan_dhcp: { dhcp: { vlan: UNKNOWN, on: UNKNOWN, primary: UNKNOWN, secondary: UNKNOWN, relayTo: UNKNOWN } },
    subnet: {
      v4: { vlan: UNKNOWN, cidr: UNKNOWN, gatewayIp: UNKNOWN, dnsServers: UNKNOWN, managed: UNKNOWN },
      v6: {
        vlan: UNKNOWN,
        cidr: UNKNOWN,
        stated: undefined,
        gatewayIp: UNKNOWN,
        dnsServers: UNKNOWN,
        managed: UNKNOWN,
      },
    },
    ip_range: {
      pool: { subnet: UNKNOWN, type: UNKNOWN, startIp: UNKNOWN, endIp: UNKNOWN },
      pool6: { subnet: UNKNOWN, type: UNKNOWN, startIp: UNKNOWN, endIp: UNKNOWN },
      nodes: { subnet: UNKNOWN, type: UNKNOWN, startIp: UNKNOWN, endIp: UNKNOWN },
    },
    rack_controller: { rack1: { hostname: UNKNOWN, regionUrl: UNKNOWN } },
    rack_interface: { eth1: { rack: UNKNOWN, name: UNKNOWN, vlan: UNKNOWN, links: UNKNOWN } },
    machine_interface: { nic: { name: UNKNOWN, vlan: UNKNOWN, links: UNKNOWN, acceptRa: UNKNOWN } },
    router_advertisement: {
      ra: { subnet: UNKNOWN, autonomous: UNKNOWN, otherConfig: UNKNOWN, managedAddress: UNKNOWN },
    },
    url: { api: { url: UNKNOWN } },
  };
  const { findings, results } = reportOn(lab(hidden));
  expect(findings).toEqual([]);
  expect(results.filter(({ compliant, notApplicable }) => compliant + notApplicable > 0)).toEqual([]);
});

test("references that lead out of the network are unknown, not a crash", () => {
  const astray: Changes = {
    subnet: { v6: { vlan: "nowhere" } },
    ip_range: { pool: { subnet: "nowhere" } },
    vlan_dhcp: { dhcp: { vlan: "nowhere", primary: "nobody", relayTo: "nowhere" } },
    rack_interface: { eth1: { rack: "nobody", vlan: "nowhere" } },
    router_advertisement: { ra: { subnet: "nowhere" } },
  };
  const { findings, unjudged } = reportOn(lab(astray));
  expect(findings.map(({ id }) => id)).not.toContain("MAAS6-ENG-01");
  expect(unjudged.map(({ missing }) => missing).flat()).toEqual(
    expect.arrayContaining(["VLAN of lab/v6", "subnet of lab/pool"]),
  );
});

test("a finding says id, where, what, why, fix and source", () => {
  const [finding] = errorsOf(reportOn(lab({ ip_range: { pool6: { endIp: "2001:db8:20:0:2::fe" } } })));
  expect(finding).toMatchObject({
    id: "MAAS6-RNG-03",
    where: { path: "lab/pool6" },
    key: "pool6",
    attribute: "end_ip",
    related: [],
  });
  expect(finding && sentenceOf(finding)).toBe(
    "MAAS6-RNG-03[lab/pool6]: the IPv6 dynamic range 2001:db8:20:0:2::-2001:db8:20:0:2::fe holds 255 addresses. " +
      "MAAS refuses a smaller one, so that the deployment would stop halfway. " +
      "Fix: MAAS needs at least 256. End it at 2001:db8:20:0:2::ff or later. " +
      "Source: MAAS 3.6.4 src/maasserver/models/iprange.py IPRange.clean (2026-11-22).",
  );
});

test("a rule that crashes is one finding, names the rule and what it crashed on, and hides no other verdict", () => {
  const rules = [throwing("no such thing"), ...IPV6_RULES];
  const { findings, results } = evaluate({ rules, network: lab({ subnet: { v7: { ...emptySubnet } } }), now: NOW });
  const crashes = findings.filter(({ id }) => id === "MAAS6-ENG-01");
  expect(crashes).toHaveLength(1);
  expect(crashes[0]).toMatchObject({
    level: "error",
    where: { path: "lab/v6" },
    what: "rule MAAS6-NET-99 (NothingThrows) crashed on lab/v6, and on 1 more: TypeError: no such thing",
  });
  expect(results[0]).toMatchObject({ compliant: 1, violating: 0, unknown: 0, notApplicable: 0 });
});

const emptySubnet = { vlan: "pxe", cidr: UNKNOWN, gatewayIp: null, dnsServers: [], managed: true };

test("a crash can't be suppressed", () => {
  const rules = [throwing("no such thing")];
  const suppressions = [{ id: "MAAS6-ENG-01", reason: "we know about this one", where: "lab" }];
  const { findings } = evaluate({ rules, network: lab(), suppressions, now: NOW });
  expect(findings.map(({ id, suppressed }) => [id, suppressed])).toEqual([
    ["MAAS6-ENG-01", undefined],
    ["MAAS6-SUP-02", undefined],
  ]);
});

test("every verdict is counted once", () => {
  const verdicts = [COMPLIANT, NOT_APPLICABLE, unknown("x")];
  const rule = { ...throwing(""), scope: "ip_range" as const, check: () => verdicts.shift() ?? COMPLIANT };
  const { results } = evaluate({ rules: [rule], network: lab(), now: NOW });
  expect(results[0]).toMatchObject({ compliant: 1, violating: 0, notApplicable: 1, unknown: 1 });
});

test("the order in which objects and suppressions were added never shows", () => {
  const objects = labObjects(BROKEN);
  const suppressions = [
    { id: "MAAS6-DUA-06", reason: "both are announced by one router", where: "lab" },
    { id: "MAAS6-DUA-06", reason: "another reason for the same", where: "lab/pxe" },
    { id: "MAAS6-RTR-01", reason: "matches nothing in this lab", where: "lab/v4" },
    { id: "MAAS6-RNG-03", reason: "enforced by MAAS itself", where: "lab" },
  ];
  const expected = reportOn(networkOf(objects), suppressions);
  expect(expected.findings.length).toBeGreaterThan(5);
  fc.assert(
    fc.property(
      fc.shuffledSubarray(objects, { minLength: objects.length }),
      fc.shuffledSubarray(suppressions, { minLength: suppressions.length }),
      (shuffled, mixed) => {
        expect(reportOn(networkOf(shuffled), mixed)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});
