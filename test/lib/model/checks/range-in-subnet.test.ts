import { IpAddress } from "../../../../lib/model/address";
import { checkRangeInSubnet } from "../../../../lib/model/checks/ip-range";
import { Cidr } from "../../../../lib/model/cidr";
import { AddressRange } from "../../../../lib/model/address-range";
import { sentence } from "../../../../lib/model/problem";

const check = (subnet: string, start: string, end: string): string[] =>
  checkRangeInSubnet(new AddressRange(IpAddress.parse(start), IpAddress.parse(end)), Cidr.parse(subnet)).map(
    (problem) => sentence(problem).replace(/ \[MAAS-OBJ-0[678]\]$/, ""),
  );

describe("checkRangeInSubnet", () => {
  it("says which end is outside, and from where to where it may be", () => {
    expect(check("10.0.0.0/24", "10.0.0.200", "10.0.1.10")).toEqual([
      expect.stringMatching(/^end_ip: 10\.0\.1\.10 is outside .*from 10\.0\.0\.1 to 10\.0\.0\.254/),
    ]);
    expect(check("10.0.0.0/24", "2001:db8::1", "2001:db8::2")).toHaveLength(2);
  });

  it.each([
    ["10.0.0.0/24", "10.0.0.0", "10.0.0.9", /network address.*Start at 10\.0\.0\.1/],
    ["10.0.0.0/24", "10.0.0.9", "10.0.0.255", /broadcast.*End at 10\.0\.0\.254/],
    ["2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff", /Start at 2001:db8::1:0:0 or later/],
    ["2001:db8::/64", "2001:db8::1000", "2001:db8::1fff", /keeps for itself.*Start at 2001:db8::1:0:0/],
    ["2001:db8::/56", "2001:db8::", "2001:db8::ff", /network address.*Start at 2001:db8::1 /],
  ])("refuses on %s the range %s-%s", (subnet, start, end, message) => {
    expect(check(subnet, start, end)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ["10.0.0.0/24", "10.0.0.1", "10.0.0.254"],
    ["2001:db8::/64", "2001:db8:0:0:0:1::", "2001:db8::ffff:ffff:ffff:ffff"],
    ["2001:db8::/56", "2001:db8::1", "2001:db8:0:ff:ffff:ffff:ffff:ffff"],
    ["2001:db8::/127", "2001:db8::1", "2001:db8::1"],
  ])("takes on %s the range %s-%s", (subnet, start, end) => {
    expect(check(subnet, start, end)).toEqual([]);
  });
});
