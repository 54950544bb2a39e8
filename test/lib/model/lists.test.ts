import * as fc from "fast-check";
import { Cidr } from "../../../lib/model/cidr";
import { inNaturalOrder } from "../../../lib/model/lists";

const sorted = (...texts: string[]): string[] => inNaturalOrder(texts, (text) => text);

test.each([
  ["VIDs in keys", ["lab:untagged", "lab:2", "lab:10", "lab:100"]],
  ["VIDs of objects on a region", ["VLAN lab:untagged (id 9)", "VLAN lab:2 (id 12)", "VLAN lab:10 (id 7)"]],
  ["numbered names", ["fabric-2", "fabric-10", "fabric-10a", "rack1", "rack9", "rack10"]],
  ["interfaces", ["rack1/eth0.2", "rack1/eth0.10", "rack1/eth1", "rack1/eth10"]],
  ["subnets", ["9.0.0.0/8", "10.0.2.0/24", "10.0.10.0/24", "2001:db8:a::/64", "2001:db8:10::/64", "fd00::/8"]],
  ["ranges", ["2001:db8::9-2001:db8::a", "2001:db8::a-2001:db8::b", "2001:db8::10-2001:db8::11"]],
  ["numbers that no machine can count", ["v8", "v9007199254740993", "v9007199254740994"]],
  ["MAC addresses, which are no IP addresses", ["00:16:3e:00:00:02", "00:16:3e:00:00:10"]],
  ["different spellings of one number", ["a01", "a1", "a02"]],
])("%s are in natural order", (_, texts) => {
  expect(sorted(...[...texts].reverse())).toEqual(texts);
});

test("the order does not depend on the order of the items, and agrees with itself", () => {
  const part = fc.constantFrom(
    "lab",
    ":",
    "2",
    "10",
    "0",
    "untagged",
    "2001:db8::",
    "a",
    "::",
    ".",
    "-",
    "/",
    "é",
    "١",
  );
  const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
      const order = sorted(...texts);
      expect(sorted(...[...texts].reverse())).toEqual(order);
      expect(order.filter((one, index) => sorted(one, order[index + 1] ?? one)[0] !== one)).toEqual([]);
    }),
  );
});

test("CIDRs of a family are in order of their addresses", () => {
  const cidr = fc
    .tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }))
    .map(([ip, bits]) => Cidr.tryParse(`${ip}/${bits}`));
  const cidrs = fc.array(cidr).map((list) => list.filter((one) => one !== undefined));
  fc.assert(
    fc.property(cidrs, (list) => {
      const order = inNaturalOrder(list, (one) => one.toString());
      for (const [index, one] of order.slice(1).entries())
        expect(order[index]?.first.compare(one.first) ?? 1).toBeLessThanOrEqual(0);
    }),
  );
});

test("a later criterion decides where an earlier one is the same", () => {
  const items: [number, string][] = [
    [2, "b10"],
    [2, "b9"],
    [1, "z"],
  ];
  const order = inNaturalOrder(
    items,
    ([rank]) => rank,
    ([, name]) => name,
  );
  expect(order.map(([, name]) => name)).toEqual(["z", "b9", "b10"]);
});
