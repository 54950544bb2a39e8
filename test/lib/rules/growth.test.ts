import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { AddressRange } from "../../../lib/model/address-range";
import { NetworkBuilder } from "../../../lib/model/network";
import { evaluate } from "../../../lib/rules/evaluate";
import { IPV6_RULES } from "../../../lib/rules/ipv6";

jest.setTimeout(60_000);

/** Subnets of both families without DHCP, so that each IPv6 one breaks rules whose fix looks at its surroundings. */
function subnets(count: number, subnetsPerVlan: number, length: 64 | 80): NetworkBuilder {
  const builder = new NetworkBuilder();
  builder.add("fabric", { key: "f", at: { path: "f" }, name: "f" });
  for (let n = 0; n < count; n += 1) {
    const vlan = `v${Math.floor(n / subnetsPerVlan)}`;
    if (n % subnetsPerVlan === 0)
      builder.add("vlan", { key: vlan, at: { path: vlan }, fabric: "f", vid: Math.floor(n / subnetsPerVlan) });
    const cidr = n % 2 === 0 ? `10.${n >> 8}.${n & 255}.0/24` : `2001:db8:0:${n.toString(16)}::/${length}`;
    const base = { key: `s${n}`, at: { path: `s${n}` }, vlan, cidr };
    builder.add("subnet", { ...base, gatewayIp: null, dnsServers: [], managed: true });
  }
  return builder;
}

/** How often addresses and networks are compared while all rules are judged, and how long the report is. */
function costOf(builder: NetworkBuilder): { readonly comparisons: number; readonly length: number } {
  const network = builder.build({ maasVersion: "3.6.5" });
  const spies = [
    jest.spyOn(IpAddress.prototype, "compare"),
    jest.spyOn(Cidr.prototype, "overlaps"),
    jest.spyOn(Cidr.prototype, "contains"),
    jest.spyOn(AddressRange.prototype, "overlaps"),
  ];
  const evaluation = { rules: IPV6_RULES, network, now: new Date(0) };
  const { findings } = evaluate(evaluation);
  const comparisons = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  jest.restoreAllMocks();
  const suppressions = findings.map(({ id, where }) => ({ id, where: where.path, reason: "as it is found" }));
  return { comparisons, length: JSON.stringify(evaluate({ ...evaluation, suppressions })).length };
}

test.each([
  ["subnets all on one VLAN", (size: number) => subnets(size, size, 64)],
  ["subnets on a VLAN each", (size: number) => subnets(size, 1, 64)],
  ["subnets of an unusual length, all on one VLAN", (size: number) => subnets(size, size, 80)],
] as const)("judging 8 times the %s compares addresses, and tells, at most 10 times as much", (_, builderOf) => {
  const [small, large] = [costOf(builderOf(125)), costOf(builderOf(1000))];
  expect(small.length).toBeGreaterThan(1000);
  expect(large.comparisons / Math.max(small.comparisons, 1)).toBeLessThanOrEqual(10);
  expect(large.length / small.length).toBeLessThanOrEqual(10);
});
