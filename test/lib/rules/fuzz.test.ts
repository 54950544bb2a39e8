import * as fc from "fast-check";
import type { Family } from "../../../lib/model/address";
import { addressesOf, cidrs, families } from "../../support/arbitraries";
import { type Changes, lab, reportOn, UNKNOWN } from "./lab";

/** Any value that a producer may hand over: right, of the other family, no address at all, or unknown. */
const text = (family: Family) =>
  fc.oneof(
    addressesOf(family).map(String),
    fc.constantFrom("", "::", "0.0.0.0", "255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "10.20.0.7"),
    fc.constantFrom("2001:db8:20::", "2001:db8:20::1:0:0", "2001:db8:20:0:ffff:ffff:ffff:ffff", "not an address"),
    fc.constant(UNKNOWN),
  );

const key = (...keys: string[]) => fc.constantFrom(...keys, "nowhere", UNKNOWN);
const keyOrNull = (...keys: string[]) => fc.oneof(fc.constant(null), key(...keys));
const flag = fc.constantFrom(true, false, UNKNOWN);

const subnets = families.chain((family) =>
  fc.record({
    vlan: key("pxe"),
    cidr: fc.oneof(cidrs.map(String), fc.constantFrom("::/0", "255.255.255.255/32", "10.20.0.0", UNKNOWN)),
    gatewayIp: fc.oneof(fc.constant(null), text(family)),
    dnsServers: fc.array(text(family), { maxLength: 2 }),
    managed: flag,
    partial: fc.boolean(),
  }),
);

const ranges = families.chain((family) =>
  fc.record({
    subnet: key("v4", "v6", "s"),
    type: fc.constantFrom("dynamic" as const, "reserved" as const, "static" as const, UNKNOWN),
    startIp: text(family),
    endIp: text(family),
  }),
);

const changes: fc.Arbitrary<Changes> = fc.record({
  subnet: fc.record({ v4: subnets, s: subnets }),
  ip_range: fc.record({ pool: ranges, pool6: ranges, r: ranges }),
  vlan_dhcp: fc.record({
    dhcp: fc.record({
      vlan: key("pxe"),
      on: flag,
      primary: keyOrNull("rack1"),
      secondary: keyOrNull("rack1"),
      relayTo: keyOrNull("pxe"),
    }),
  }),
  rack_controller: fc.record({ rack1: fc.record({ regionUrl: fc.oneof(fc.webUrl(), text(6), fc.constant(null)) }) }),
  url: fc.record({
    api: fc.record({
      url: fc.oneof(
        fc.string(),
        text(6).map((host) => `http://${String(host)}:5240/MAAS`),
      ),
    }),
  }),
});

test("no network makes a rule crash", () => {
  fc.assert(
    fc.property(changes, (change) => {
      const crashes = reportOn(lab(change)).findings.filter(({ id }) => id === "MAAS6-ENG-01");
      expect(crashes.map(({ what }) => what)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
