import fc from "fast-check";
import { AddressPlan, type AddressPlanProps, type PlannedSegment } from "../../../lib/model/address-plan";
import { IpAddress } from "../../../lib/model/address";
import { AddressBlock } from "../../../lib/model/address-block";
import { Cidr } from "../../../lib/model/cidr";
import { addressesOf } from "../../support/arbitraries";
import { messageOf } from "../../support/synth";

interface Places {
  readonly props: AddressPlanProps;
  /** Pairs of site and segment, each once. */
  readonly pairs: readonly (readonly [number, number])[];
}

const log2 = (max: number) => fc.integer({ min: 0, max });

/** A plan of any shape, with pairs of indexes that it has room for. */
const places: fc.Arbitrary<Places> = fc
  .record({
    ipv6: addressesOf(6),
    ipv4: addressesOf(4),
    siteBits: log2(6),
    segmentBits: log2(8),
    spare: log2(4),
    ipv4PrefixLength: fc.integer({ min: 20, max: 30 }),
    hasIpv4: fc.boolean(),
  })
  .chain(({ ipv6, ipv4, siteBits, segmentBits, spare, ipv4PrefixLength, hasIpv4 }) => {
    const props = {
      ipv6: Cidr.of(ipv6, 64 - siteBits - segmentBits - spare).toString(),
      ...(hasIpv4 && { ipv4: Cidr.of(ipv4, ipv4PrefixLength - siteBits - segmentBits).toString(), ipv4PrefixLength }),
      sites: 2 ** siteBits,
    };
    const pair = fc.tuple(
      fc.integer({ min: 0, max: 2 ** siteBits - 1 }),
      fc.integer({ min: 0, max: 2 ** segmentBits - 1 }),
    );
    return fc
      .uniqueArray(pair, { selector: String, minLength: 1, maxLength: 12 })
      .map((pairs): Places => ({ props, pairs }));
  });

function segmentsOf({ props, pairs }: Places): PlannedSegment[] {
  const plan = new AddressPlan(props);
  return pairs.map(([site, segment]) => (props.sites === 1 ? plan : plan.site(site)).segment(segment));
}

/** All pairs of different items. */
const combinations = <T>(items: readonly T[]): [T, T][] =>
  items.flatMap((a, index) => items.slice(index + 1).map((b): [T, T] => [a, b]));

test("no two segments share an address, and all lie in the plan", () => {
  fc.assert(
    fc.property(places, (given) => {
      const segments = segmentsOf(given);
      for (const family of ["ipv6Cidr", "ipv4Cidr"] as const) {
        const networks = segments.flatMap(({ [family]: cidr }) => (cidr === undefined ? [] : [Cidr.parse(cidr)]));
        for (const [a, b] of combinations(networks)) expect([a, b, a.overlaps(b)]).toEqual([a, b, false]);
        const text = family === "ipv6Cidr" ? given.props.ipv6 : given.props.ipv4;
        for (const network of networks) {
          expect(Cidr.parse(text ?? "").contains(network.first)).toBe(true);
          expect(Cidr.parse(text ?? "").contains(network.last)).toBe(true);
        }
      }
    }),
  );
});

test("a segment keeps its networks when others are added, removed or asked for in another order", () => {
  fc.assert(
    fc.property(
      places.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray([...given.pairs], { minLength: 1 }))),
      ([given, fewer]) => {
        const before = new Map(segmentsOf({ ...given, pairs: fewer }).map((segment, i) => [String(fewer[i]), segment]));
        const after = new Map(segmentsOf(given).map((segment, i) => [String(given.pairs[i]), segment]));
        for (const [pair, segment] of before) expect(after.get(pair)).toEqual(segment);
      },
    ),
  );
});

test("every segment is a /64 with its router's address, and an IPv4 network of the length asked for", () => {
  fc.assert(
    fc.property(places, (given) => {
      for (const { ipv6Cidr, ipv6Gateway, ipv4Cidr, ipv4Gateway } of segmentsOf(given)) {
        const ipv6 = Cidr.parse(ipv6Cidr);
        expect([ipv6.prefixLength, Cidr.hasHostBits(ipv6Cidr)]).toEqual([64, false]);
        expect(ipv6Gateway).toBe(ipv6.first.plus(1).toString());
        expect(ipv4Cidr === undefined).toBe(given.props.ipv4 === undefined);
        if (ipv4Cidr === undefined) continue;
        const ipv4 = Cidr.parse(ipv4Cidr);
        expect(ipv4.prefixLength).toBe(given.props.ipv4PrefixLength);
        expect(ipv4Gateway).toBe(ipv4.first.plus(1).toString());
      }
    }),
  );
});

/** The indexes of a lease and of a router that the network surely has room for: of a /28 and wider ones, more than three. */
const some = fc.record({ lease: fc.integer({ min: 0, max: 2 }), router: fc.integer({ min: 0, max: 2 }) });

/** The plan of each pair's site, with the index of the segment. */
const sitesOf = ({ props, pairs }: Places): [AddressPlan, number][] => {
  const plan = new AddressPlan(props);
  return pairs.map(([site, segment]) => [props.sites === 1 ? plan : plan.site(site), segment]);
};

const isWide = (cidr: string | undefined): cidr is string => cidr !== undefined && Cidr.parse(cidr).prefixLength <= 28;

test("a lease and a router are usable addresses of their segment, and share none with another or with the usual ranges", () => {
  fc.assert(
    fc.property(places, fc.uniqueArray(some, { selector: ({ lease }) => lease, minLength: 1 }), (given, indexes) => {
      for (const [plan, segment] of sitesOf(given)) {
        const { ipv6Cidr, ipv4Cidr } = plan.segment(segment);
        if (ipv4Cidr !== undefined && !isWide(ipv4Cidr)) continue;
        const to = { ipv6Cidr: "2001:db8:ffff::/64", ipv6Gateway: "", ipv4Cidr: "203.0.113.0/24", ipv4Gateway: "" };
        const leases = indexes.map(({ lease }) => plan.lease(segment, lease));
        const routes = indexes.map(({ router }) => plan.route(segment, to, router));
        const families = [
          ["ipv6", ipv6Cidr, [AddressBlock.staticRange(ipv6Cidr), AddressBlock.dynamicRange(ipv6Cidr)]],
          ...(isWide(ipv4Cidr) ? [["ipv4", ipv4Cidr, [AddressBlock.ipv4DynamicRange(ipv4Cidr)]] as const] : []),
        ] as const;
        for (const [family, cidr, ranges] of families) {
          const network = Cidr.parse(cidr);
          const addresses = leases.map(({ [family]: address = "" }) => IpAddress.parse(address));
          const gateways = new Set(routes.map(({ [`${family}Gateway` as const]: address = "" }) => address));
          const all = [...addresses.map(String), ...gateways];
          expect(new Set(all).size).toBe(indexes.length + gateways.size);
          for (const address of all.map((one) => IpAddress.parse(one))) {
            expect([network.contains(address), address.equals(network.first)]).toEqual([true, false]);
            expect(family === "ipv4" && address.equals(network.last)).toBe(false);
            for (const { startIp, endIp } of ranges) {
              const isIn =
                address.compare(IpAddress.parse(startIp)) >= 0 && address.compare(IpAddress.parse(endIp)) <= 0;
              expect(isIn).toBe(false);
            }
          }
        }
        // The same whatever else is asked for.
        expect(new AddressPlan(planOf(plan, given)).lease(segment, 1)).toEqual(plan.lease(segment, 1));
      }
    }),
    { numRuns: 40 },
  );
});

const planOf = (plan: AddressPlan, { props }: Places): AddressPlanProps => ({
  ipv6: plan.ipv6,
  ...(plan.ipv4 !== undefined && { ipv4: plan.ipv4, ipv4PrefixLength: props.ipv4PrefixLength ?? 24 }),
});

test("leases have their place in each network: host part 3:: on, and the last quarter of IPv4", () => {
  const plan = new AddressPlan({ ipv6: "2001:db8:40::/56", ipv4: "10.40.0.0/16" });
  expect(plan.lease(20, 0)).toEqual({ ipv6: "2001:db8:40:14:3::", ipv4: "10.40.20.192" });
  expect(plan.lease(20, 62)).toEqual({ ipv6: "2001:db8:40:14:3::3e", ipv4: "10.40.20.254" });
  expect(new AddressPlan({ ipv6: "2001:db8:40::/56" }).lease(0, 2 ** 32 - 1)).toEqual({
    ipv6: "2001:db8:40:0:3:0:ffff:ffff",
  });
});

test("a route leads to a segment of any site, by the gateway or another router, in each family that both have", () => {
  const plan = new AddressPlan({ ipv6: "2001:db8:40::/52", ipv4: "10.40.0.0/16", sites: 4 });
  const [north, south] = [plan.site(0), plan.site(1)];
  expect(north.route(20, south.segment(30))).toEqual({
    ...{ ipv6Source: "2001:db8:40:14::/64", ipv6Destination: "2001:db8:40:41e::/64", ipv6Gateway: "2001:db8:40:14::1" },
    ...{ ipv4Source: "10.40.20.0/24", ipv4Destination: "10.40.94.0/24", ipv4Gateway: "10.40.20.1" },
  });
  expect(north.route(20, north.segment(30), 2)).toMatchObject({
    ipv6Gateway: "2001:db8:40:14::3",
    ipv4Gateway: "10.40.20.3",
  });
  const { ipv6Cidr, ipv6Gateway } = south.segment(30);
  expect(Object.keys(north.route(20, { ipv6Cidr, ipv6Gateway }))).toEqual([
    "ipv6Source",
    "ipv6Destination",
    "ipv6Gateway",
  ]);
});

test("a VID can be the index of a segment: sixteen sites of a /48 have room for all of them", () => {
  const plan = new AddressPlan({ ipv6: "2001:db8:40::/48", sites: 16 });
  expect(plan.site(2).segment(4094).ipv6Cidr).toBe("2001:db8:40:2ffe::/64");
  expect(plan.site(2).ipv6).toBe("2001:db8:40:2000::/52");
  expect(plan.ipv4).toBeUndefined();
});

test("IPv4 networks go beside the /64s, /24 unless told otherwise", () => {
  const plan = new AddressPlan({ ipv6: "2001:db8:40::/56", ipv4: "10.40.0.0/16", sites: 4 });
  expect(plan.site(1).ipv4).toBe("10.40.64.0/18");
  expect(plan.site(1).segment(2)).toEqual({
    ipv6Cidr: "2001:db8:40:42::/64",
    ipv6Gateway: "2001:db8:40:42::1",
    ipv4Cidr: "10.40.66.0/24",
    ipv4Gateway: "10.40.66.1",
  });
});

const PLAN = { ipv6: "2001:db8:40::/56", ipv4: "10.40.0.0/16" };

test.each<[string, () => unknown, string]>([
  ["an index beyond the plan", () => new AddressPlan(PLAN).segment(256), "It has room for 256: use 0 to 255"],
  [
    "an index that only IPv4 has no room for",
    () => new AddressPlan({ ...PLAN, ipv4: "10.40.0.0/20" }).segment(16),
    "10.40.0.0/20: there is no segment 16",
  ],
  ["a negative index", () => new AddressPlan(PLAN).segment(-1), "use 0 to 255"],
  ["a fraction as index", () => new AddressPlan(PLAN).segment(1.5), "use 0 to 255"],
  ["a site beyond the plan", () => new AddressPlan({ ...PLAN, sites: 4 }).site(4), "there is no site 4"],
  ["a segment of no site", () => new AddressPlan({ ...PLAN, sites: 4 }).segment(1), "Ask for site(0).segment(1)"],
  ["three sites", () => new AddressPlan({ ...PLAN, sites: 3 }), "a power of two, such as 16"],
  ["no sites", () => new AddressPlan({ ...PLAN, sites: 0 }), "a power of two"],
  ["more sites than /64s", () => new AddressPlan({ ...PLAN, sites: 512 }), "Give 256 sites or less"],
  ["an IPv6 prefix without room", () => new AddressPlan({ ipv6: "2001:db8::/65" }), "such as 2001:db8::/48"],
  ["an IPv4 prefix without room", () => new AddressPlan({ ...PLAN, ipv4: "10.40.0.0/25" }), "into /24"],
  ["families the wrong way round", () => new AddressPlan({ ipv6: "10.40.0.0/16" }), "Give it as ipv4"],
  ["text that is no network", () => new AddressPlan({ ipv6: "2001:db8:40::" }), "2001:db8:40::/64"],
  ["host bits", () => new AddressPlan({ ipv6: "2001:db8:40::1/48" }), "Write 2001:db8:40::/48"],
  [
    "a lease beyond its segment",
    () => new AddressPlan(PLAN).lease(20, 63),
    "10.40.20.0/24, segment 20: there is no lease 63. It has room for 63: use 0 to 62",
  ],
  [
    "a lease of a segment without room",
    () => new AddressPlan({ ...PLAN, ipv4PrefixLength: 30 }).lease(0, 0),
    "10.40.0.0/30, segment 0: there is no lease 0. It has room for none",
  ],
  ["a lease of no segment", () => new AddressPlan(PLAN).lease(256, 0), "there is no segment 256"],
  [
    "a lease in a dynamic range",
    () => new AddressPlan(PLAN).lease(20, 8, [AddressBlock.between("10.40.20.200", "10.40.20.220")]),
    "10.40.20.0/24, segment 20, lease 8: 10.40.20.200 is in the dynamic range 10.40.20.200-10.40.20.220",
  ],
  [
    "an IPv6 lease in a dynamic range",
    () => new AddressPlan(PLAN).lease(20, 5, [AddressBlock.of("2001:db8:40:14::/64", 3, 48)]),
    "2001:db8:40:14::/64, segment 20, lease 5: 2001:db8:40:14:3::5 is in the dynamic range",
  ],
  [
    "a router beyond its quarter",
    () => new AddressPlan(PLAN).route(20, new AddressPlan(PLAN).segment(21), 63),
    "10.40.20.0/24, segment 20: there is no router 63. It has room for 63: use 0 to 62",
  ],
  [
    "a route to where it is from",
    () => new AddressPlan(PLAN).route(20, new AddressPlan(PLAN).segment(20)),
    "segment 20: a route leads from the segment to itself",
  ],
  ["an impossible length", () => new AddressPlan({ ...PLAN, ipv4PrefixLength: 33 }), "33 is no prefix length"],
])("%s: refused with a fix", (_, act, fix) => {
  expect(messageOf(act)).toContain(fix);
});
