import fc from "fast-check";
import { Cidr } from "../../../lib/model/cidr";
import { checkRadvdInterface } from "../../../lib/model/checks/radvd";
import { advertisementInterval, RADVD_DEFAULTS, type RadvdInterface, renderRadvd } from "../../../lib/model/radvd";
import { addressesOf } from "../../support/arbitraries";
import { askRadvd, radvdIsMissing } from "../../support/radvd";

const LAB: RadvdInterface = {
  interfaceName: "eth1",
  prefix: "2001:db8:20::/64",
  autonomous: false,
  otherConfig: true,
  managedAddress: true,
  ...RADVD_DEFAULTS,
  dnsServers: ["2001:db8:20::53"],
  dnsSearch: ["lab.example"],
};

const word = (characters: string, maxLength: number) =>
  fc
    .array(fc.constantFrom(...characters), { minLength: 1, maxLength })
    .map((letters) => letters.join(""))
    // Words of radvd.conf must come up too.
    .chain((text) => fc.constantFrom(text, text, text, "on", "prefix", "AdvOnLink", "42"));

const domains = fc.array(word("abcxyz019-ABC", 9), { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));

const lifetimes = fc.oneof(fc.integer({ min: 0, max: 10_000 }), fc.constant(0xffffffff));

const settings: fc.Arbitrary<RadvdInterface> = fc.record({
  interfaceName: word("abcxyz019_.:-@+ABC", 15),
  prefix: fc
    .tuple(addressesOf(6), fc.integer({ min: 1, max: 128 }))
    .map(([address, length]) => Cidr.of(address, length).toString()),
  autonomous: fc.boolean(),
  otherConfig: fc.boolean(),
  managedAddress: fc.boolean(),
  routerLifetime: fc.integer({ min: 0, max: 9001 }),
  validLifetime: lifetimes,
  preferredLifetime: lifetimes,
  dnsServers: fc.array(
    addressesOf(6).map((address) => address.toString()),
    { maxLength: 7 },
  ),
  dnsSearch: fc.array(domains, { maxLength: 3 }),
});

/** Settings that pass the checks. */
const valid = settings
  .map((any) => ({ ...any, preferredLifetime: Math.min(any.preferredLifetime, any.validLifetime) }))
  .filter((any) => checkRadvdInterface(any).length === 0);

const interfaces = fc.uniqueArray(valid, {
  selector: ({ interfaceName }) => interfaceName,
  maxLength: 4,
  minLength: 1,
});

/** What a radvd.conf says, by the first word of each statement. */
const statements = (text: string): string[][] =>
  text
    .split(/[;{}]/)
    .map((statement) => statement.trim().split(/\s+/))
    .filter(([first]) => first !== "");

const valuesOf = (text: string, option: string): string[] =>
  statements(text)
    .filter(([first]) => first === option)
    .flatMap(([, ...values]) => values);

test("says everything that was asked for", () => {
  expect(renderRadvd([LAB])).toBe(`interface eth1 {
    AdvSendAdvert on;
    AdvManagedFlag on;
    AdvOtherConfigFlag on;
    MaxRtrAdvInterval 600;
    AdvDefaultLifetime 1800;
    prefix 2001:db8:20::/64 {
        AdvOnLink on;
        AdvAutonomous off;
        AdvValidLifetime 86400;
        AdvPreferredLifetime 14400;
    };
    RDNSS 2001:db8:20::53 { };
    DNSSL lab.example { };
};
`);
});

test("the same interfaces give the same text, in whatever order they come", () => {
  fc.assert(
    fc.property(
      interfaces.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
      ),
      ([list, shuffled]) => {
        expect(renderRadvd(shuffled)).toBe(renderRadvd(list));
      },
    ),
  );
});

test("flags, lifetimes, servers and domains can be read back", () => {
  fc.assert(
    fc.property(valid, (one) => {
      const text = renderRadvd([one]);
      const flag = (isSet: boolean) => [isSet ? "on" : "off"];
      expect({
        A: valuesOf(text, "AdvAutonomous"),
        O: valuesOf(text, "AdvOtherConfigFlag"),
        M: valuesOf(text, "AdvManagedFlag"),
        router: valuesOf(text, "AdvDefaultLifetime"),
        valid: valuesOf(text, "AdvValidLifetime"),
        preferred: valuesOf(text, "AdvPreferredLifetime"),
        servers: valuesOf(text, "RDNSS"),
        domains: valuesOf(text, "DNSSL"),
      }).toEqual({
        A: flag(one.autonomous),
        O: flag(one.otherConfig),
        M: flag(one.managedAddress),
        router: [String(one.routerLifetime)],
        valid: [String(one.validLifetime)],
        preferred: [String(one.preferredLifetime)],
        servers: one.dnsServers,
        domains: one.dnsSearch,
      });
    }),
  );
});

test("hosts hear of the router at least three times in its lifetime, as RFC 4861 has it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 12, max: 9000 }), (lifetime) => {
      const interval = advertisementInterval(lifetime);
      expect(interval).toBeGreaterThanOrEqual(4);
      expect(interval).toBeLessThanOrEqual(600);
      expect(3 * interval).toBeLessThanOrEqual(lifetime);
    }),
  );
});

const withRadvd = radvdIsMissing() ? describe.skip : describe;

withRadvd("the real radvd", () => {
  test("takes every file whose settings pass the checks", () => {
    fc.assert(
      fc.property(interfaces, (list) => {
        const text = renderRadvd(list);
        expect({ text, ...askRadvd(text) }).toMatchObject({ accepts: true });
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ["a word of its own as interface", { interfaceName: "prefix" }],
    ["a number as interface", { interfaceName: "42" }],
    ["an address as interface", { interfaceName: "BBb::AC:A" }],
    ["a preferred lifetime beyond the valid one", { validLifetime: 900, preferredLifetime: 901 }],
    ["a domain that is one of its words", { dnsSearch: ["on"] }],
    ["a domain of digits", { dnsSearch: ["1.2"] }],
    ["a domain with an underscore", { dnsSearch: ["a_b.example"] }],
    ["a loopback address as DNS server", { dnsServers: ["::1"] }],
  ])("refuses %s, and so do the checks", (_, wrong) => {
    const broken = { ...LAB, ...wrong };
    expect(askRadvd(renderRadvd([broken])).accepts).toBe(false);
    expect(checkRadvdInterface(broken)).not.toEqual([]);
  });

  test("refuses two sections for one interface, which the stack's checks prevent", () => {
    expect(askRadvd(renderRadvd([LAB, LAB])).accepts).toBe(false);
  });
});
