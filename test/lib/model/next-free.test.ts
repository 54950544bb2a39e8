import * as fc from "fast-check";
import { IpAddress } from "../../../lib/model/address";
import { Cidr } from "../../../lib/model/cidr";
import { UNKNOWN, type Values } from "../../../lib/model/known";
import {
  answerText,
  checkNextFree,
  largestFree,
  nextFreeNetwork,
  nextFreeRange,
  parseAnswer,
  rangeOf,
} from "../../../lib/model/next-free";
import { spell } from "../../../lib/model/problem";
import { AddressRange } from "../../../lib/model/address-range";
import { coverable } from "../../../lib/model/static-range";
import { addresses, cidrs, closeRanges } from "../../support/arbitraries";

/** Small networks of either family, with ranges in and around them. */
const networks = fc
  .tuple(fc.constantFrom("10.1.2.0", "2001:db8:1::"), fc.integer({ min: 0, max: 7 }))
  .map(([network, bits]) => {
    const address = IpAddress.parse(network);
    return Cidr.of(address, IpAddress.bits(address.family) - bits);
  })
  .chain((network) => fc.tuple(fc.constant(network), fc.array(closeRanges(network.first, 140), { maxLength: 8 })));

const each = ({ start, end }: AddressRange): IpAddress[] =>
  Array.from({ length: Number(end.value - start.value) + 1 }, (_, at) => start.plus(at));

describe("the next free range of a subnet", () => {
  it("is the lowest one that there is, tried address by address", () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: 12 }), ([subnet, used], size) => {
        const within = subnet.size <= 2n ? rangeOf(subnet) : coverable(subnet);
        const isFree = (address: IpAddress): boolean =>
          within?.contains(address) === true && !used.some((taken) => taken.contains(address));
        const starts = each(rangeOf(subnet)).filter((start) =>
          Array.from({ length: size }, (_, at) => start.plus(at)).every(isFree),
        );
        const found = nextFreeRange(subnet, BigInt(size), used);
        expect(found?.toString()).toBe(starts[0] && `${starts[0].toString()}-${starts[0].plus(size - 1).toString()}`);
        expect(largestFree(subnet, used) >= BigInt(size)).toBe(found !== undefined);
      }),
    );
  });

  it("gives every free address once, when each answer is taken before the next one is asked for", () => {
    fc.assert(
      fc.property(networks, ([subnet, used]) => {
        const taken = [...used];
        const given: string[] = [];
        for (;;) {
          const found = nextFreeRange(subnet, 1n, taken);
          if (found === undefined) break;
          given.push(found.start.toString());
          taken.push(found);
        }
        expect(new Set(given).size).toBe(given.length);
        expect(largestFree(subnet, taken)).toBe(0n);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves out what nobody may have: the ends of an IPv4 network, and what MAAS keeps of a /64", () => {
    expect(String(nextFreeRange(Cidr.parse("10.0.0.0/30"), 2n, []))).toBe("10.0.0.1-10.0.0.2");
    expect(nextFreeRange(Cidr.parse("10.0.0.0/30"), 3n, [])).toBeUndefined();
    expect(String(nextFreeRange(Cidr.parse("10.0.0.0/31"), 2n, []))).toBe("10.0.0.0-10.0.0.1");
    expect(String(nextFreeRange(Cidr.parse("2001:db8::/64"), 1n, []))).toMatch(/^2001:db8::1:0:0-/);
    expect(String(nextFreeRange(Cidr.parse("2001:db8::/127"), 2n, []))).toBe("2001:db8::-2001:db8::1");
  });
});

describe("the next free network of a prefix", () => {
  it("is the lowest one that there is, tried network by network", () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 0, max: 7 }), ([prefix, used], longer) => {
        const length = Math.min(prefix.prefixLength + longer, IpAddress.bits(prefix.family));
        const candidates = each(rangeOf(prefix))
          .map((address) => Cidr.of(address, length))
          .filter((network) => !used.some((taken) => taken.overlaps(rangeOf(network))));
        expect(nextFreeNetwork(prefix, length, used)?.toString()).toBe(candidates[0]?.toString());
      }),
    );
  });

  it("skips whatever overlaps it, smaller or larger, and starts with the first", () => {
    const site = Cidr.parse("2001:db8:40::/48");
    expect(nextFreeNetwork(site, 64, [])?.toString()).toBe("2001:db8:40::/64");
    const taken = ["2001:db8:40::/64", "2001:db8:40:1:8000::/96", "2001:db8:40:2::/63"].map((cidr) =>
      rangeOf(Cidr.parse(cidr)),
    );
    expect(nextFreeNetwork(site, 64, taken)?.toString()).toBe("2001:db8:40:4::/64");
    expect(nextFreeNetwork(site, 64, [rangeOf(Cidr.parse("2001:db8::/32"))])).toBeUndefined();
  });
});

test("the text of an answer stands for it, and no other text does", () => {
  const ranges = addresses.chain((start) =>
    fc.nat(1000).map((more) => {
      const end = start.value + BigInt(more);
      return new AddressRange(start, end >> BigInt(IpAddress.bits(start.family)) === 0n ? start.plus(more) : start);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(cidrs, ranges), (answer) => {
      const again = parseAnswer(answerText(answer));
      expect(again && answerText(again)).toBe(answerText(answer));
      expect(again instanceof Cidr).toBe(answer instanceof Cidr);
    }),
  );
  for (const text of ["", "lab", "10.0.0.1/24", "10.0.0.2-10.0.0.1", "10.0.0.1-2001:db8::1", "10.0.0.1-2-3", "7", "-"])
    expect([text, parseAnswer(text)]).toEqual([text, undefined]);
});

describe("what is asked for", () => {
  const faults = (values: Values) =>
    checkNextFree(values).map(({ code, attribute, fix }) => [code, attribute, spell(fix ?? "")] as const);

  it.each<[string, Values]>([
    ["an address", { subnet: "10.20.0.0/24", size: null }],
    ["a range", { subnet: "3", size: 16 }],
    ["a /64", { prefix: "2001:db8:40::/48" }],
    ["an IPv4 network", { prefix: "10.20.0.0/16", prefix_length: 26 }],
    ["what is not known yet", { subnet: UNKNOWN, size: UNKNOWN }],
    ["either, when it is known", { subnet: UNKNOWN, prefix: "10.20.0.0/16" }],
    ["a prefix of a length not known yet", { prefix: "2001:db8::/96", prefix_length: UNKNOWN }],
  ])("may be %s", (_, values) => {
    expect(faults(values)).toEqual([]);
  });

  it.each<[string, Values, string, string | undefined, string]>([
    ["nothing", {}, "MAAS-VAL-17", undefined, 'such as "10.20.0.0/24"'],
    ["both", { subnet: "3", prefix: "10.0.0.0/8" }, "MAAS-VAL-17", "prefix", "Set subnet for an address"],
    ["a size of a prefix", { prefix: "10.0.0.0/8", size: 2 }, "MAAS-VAL-17", "size", "or set subnet"],
    ["a length of a subnet", { subnet: "3", prefix_length: 64 }, "MAAS-VAL-17", "prefix_length", "or set prefix"],
    ["no address", { subnet: "3", size: 0 }, "MAAS-VAL-02", "size", "from 1 to"],
    ["half an address", { subnet: "3", size: 1.5 }, "MAAS-VAL-01", "size", "whole number"],
    ["host bits", { prefix: "2001:db8:40::1/48" }, "MAAS-VAL-08", "prefix", "2001:db8:40::/48"],
    ["no network", { prefix: "lab" }, "MAAS-VAL-06", "prefix", ""],
    [
      "a shorter network",
      { prefix: "2001:db8::/48", prefix_length: 40 },
      "MAAS-VAL-02",
      "prefix_length",
      "from 48 to 128",
    ],
    ["no room", { prefix: "10.20.0.0/26" }, "MAAS-VAL-02", "prefix", "from 26 to 32"],
  ])("can't be %s", (_, values, code, attribute, fix) => {
    expect(faults(values)).toEqual([[code, attribute, expect.stringContaining(fix) as string]]);
  });
});
