import fc from "fast-check";
import { Cidr } from "../../../lib/model/cidr";
import { checkRadvdInterface } from "../../../lib/model/checks/radvd";
import {
  advertisementInterval,
  dnsLifetime,
  RADVD_DEFAULTS,
  RADVD_PREFIX_DEFAULTS,
  type RadvdInterface,
  type RadvdPrefix,
  renderRadvd,
} from "../../../lib/model/radvd";
import { addressesOf } from "../../support/arbitraries";
import { askRadvd, radvdIsMissing } from "../../support/radvd";

const PREFIX: RadvdPrefix = { prefix: "2001:db8:20::/64", autonomous: false, ...RADVD_PREFIX_DEFAULTS };

const LAB: RadvdInterface = {
  interfaceName: "eth1",
  prefixes: [PREFIX],
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

const prefixes: fc.Arbitrary<RadvdPrefix> = fc
  .record({
    prefix: fc
      .tuple(addressesOf(6), fc.integer({ min: 1, max: 128 }))
      .map(([address, length]) => Cidr.of(address, length).toString()),
    autonomous: fc.boolean(),
    validLifetime: lifetimes,
    preferredLifetime: lifetimes,
  })
  .map((any) => ({ ...any, preferredLifetime: Math.min(any.preferredLifetime, any.validLifetime) }));

const settings: fc.Arbitrary<RadvdInterface> = fc.record(
  {
    interfaceName: word("abcxyz019_.:-@+ABC", 15),
    prefixes: fc.uniqueArray(prefixes, { selector: ({ prefix }) => prefix, minLength: 1, maxLength: 3 }),
    otherConfig: fc.boolean(),
    managedAddress: fc.boolean(),
    routerLifetime: fc.integer({ min: 0, max: 9001 }),
    preference: fc.constantFrom("low", "medium", "high"),
    mtu: fc.integer({ min: 1200, max: 140_000 }),
    dnsServers: fc.array(
      addressesOf(6).map((address) => address.toString()),
      { maxLength: 7 },
    ),
    dnsServersLifetime: lifetimes,
    dnsSearch: fc.array(domains, { maxLength: 3 }),
    dnsSearchLifetime: lifetimes,
  },
  {
    requiredKeys: [
      "interfaceName",
      "prefixes",
      "otherConfig",
      "managedAddress",
      "routerLifetime",
      "preference",
      "dnsServers",
      "dnsSearch",
    ],
  },
);

/** Settings that pass the checks. */
const valid = settings.filter((any) => checkRadvdInterface(any).length === 0);

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
    AdvDefaultPreference medium;
    prefix 2001:db8:20::/64 {
        AdvOnLink on;
        AdvAutonomous off;
        AdvValidLifetime 86400;
        AdvPreferredLifetime 14400;
    };
    RDNSS 2001:db8:20::53 {
        AdvRDNSSLifetime 1800;
    };
    DNSSL lab.example {
        AdvDNSSLLifetime 1800;
    };
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
      const lifetime = dnsLifetime(one.routerLifetime);
      const order = valuesOf(text, "prefix");
      const sorted = [...one.prefixes].sort((a, b) => order.indexOf(a.prefix) - order.indexOf(b.prefix));
      expect({
        prefixes: valuesOf(text, "prefix"),
        A: valuesOf(text, "AdvAutonomous"),
        O: valuesOf(text, "AdvOtherConfigFlag"),
        M: valuesOf(text, "AdvManagedFlag"),
        router: valuesOf(text, "AdvDefaultLifetime"),
        valid: valuesOf(text, "AdvValidLifetime"),
        preferred: valuesOf(text, "AdvPreferredLifetime"),
        preference: valuesOf(text, "AdvDefaultPreference"),
        mtu: valuesOf(text, "AdvLinkMTU"),
        servers: valuesOf(text, "RDNSS"),
        serversLifetimes: [...new Set(valuesOf(text, "AdvRDNSSLifetime"))],
        domains: valuesOf(text, "DNSSL"),
        domainsLifetimes: valuesOf(text, "AdvDNSSLLifetime"),
      }).toEqual({
        prefixes: sorted.map(({ prefix }) => prefix),
        A: sorted.flatMap(({ autonomous }) => flag(autonomous)),
        O: flag(one.otherConfig),
        M: flag(one.managedAddress),
        router: [String(one.routerLifetime)],
        valid: sorted.map(({ validLifetime }) => String(validLifetime)),
        preferred: sorted.map(({ preferredLifetime }) => String(preferredLifetime)),
        preference: [one.preference],
        mtu: one.mtu === undefined ? [] : [String(one.mtu)],
        servers: one.dnsServers,
        serversLifetimes: one.dnsServers.length === 0 ? [] : [String(one.dnsServersLifetime ?? lifetime)],
        domains: one.dnsSearch,
        domainsLifetimes: one.dnsSearch.length === 0 ? [] : [String(one.dnsSearchLifetime ?? lifetime)],
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

test("DNS servers and domains outlive two advertisements that get lost, as RFC 8106 has it", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constant(0), fc.integer({ min: 12, max: 9000 })), (lifetime) => {
      expect(dnsLifetime(lifetime)).toBeGreaterThanOrEqual(3 * advertisementInterval(lifetime));
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
    [
      "a preferred lifetime beyond the valid one",
      { prefixes: [{ ...PREFIX, validLifetime: 900, preferredLifetime: 901 }] },
    ],
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
