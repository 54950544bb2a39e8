import * as fc from "fast-check";
import type { Field } from "../../../lib/model/field";
import { findField, KINDS } from "../../../lib/model/kinds";
import { UNKNOWN } from "../../../lib/model/known";
import { canonical, isNone, keepSpelling, sameValue, withoutEmptyText } from "../../../lib/model/spelling";
import { addressesOf } from "../../support/arbitraries";

const gateway = findField(KINDS.subnet, "gateway_ip");
const servers = findField(KINDS.subnet, "dns_servers");
const architectures = findField(KINDS.subnet, "disabled_boot_architectures");
const name: Field = findField(KINDS.subnet, "name");

/** The address in a spelling of its own: upper case, all zeros written. */
const longHand = (value: bigint): string =>
  value
    .toString(16)
    .padStart(32, "0")
    .toUpperCase()
    .replace(/(.{4})(?!$)/g, "$1:");

describe("spelling", () => {
  it("takes every spelling of an IPv6 address for the same", () => {
    fc.assert(
      fc.property(addressesOf(6), (address) => {
        expect(sameValue(gateway, longHand(address.value), address.toString())).toBe(true);
        expect(canonical(gateway, longHand(address.value))).toBe(address.toString());
      }),
    );
  });

  it("minds the order of a list and not of a set", () => {
    expect(sameValue(servers, ["10.0.0.1", "10.0.0.2"], ["10.0.0.2", "10.0.0.1"])).toBe(false);
    expect(sameValue(architectures, ["pxe", "ipxe"], ["ipxe", "pxe"])).toBe(true);
    expect(sameValue(architectures, ["0x07", "pxe"], ["pxe", "uefi_amd64_tftp"])).toBe(true);
  });

  it("takes an empty list, empty text and MAAS's own words for none", () => {
    expect(sameValue(servers, [], null)).toBe(true);
    expect(sameValue(name, "", null)).toBe(true);
    expect(sameValue(findField(KINDS.vlan, "space"), "undefined", null)).toBe(true);
    expect(sameValue(findField(KINDS.vlan, "name"), "untagged", "")).toBe(true);
    expect(sameValue(name, "undefined", null)).toBe(false);
    expect(sameValue(findField(KINDS.vlan, "vid"), 0, null)).toBe(false);
    expect(sameValue(findField(KINDS.subnet, "managed"), false, null)).toBe(false);
  });

  it("tells text that says there is none, in each format, as the comparison with null does", () => {
    const fields = Object.values(KINDS).flatMap((kind): readonly Field[] => kind.fields);
    const words = fc.constantFrom(
      "undefined",
      "untagged",
      " undefined",
      "0x07",
      "10.0.0.1, 10.0.0.2",
      "true",
      "a.",
      "A",
    );
    const separators = fc.string({ unit: fc.constantFrom(" ", ",", ".", ":", "\n", "_", "é", "1") });
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.oneof(words, separators, fc.string()), (field, text) => {
        expect(isNone(field, text)).toBe(sameValue(field, text, null));
      }),
      { numRuns: 5000 },
    );
  });

  it("takes text with blanks around it, such as a heredoc's last line break, for what MAAS keeps of it", () => {
    const description = findField(KINDS.space, "description");
    expect(sameValue(description, "two lines\nof text\n", "two lines\nof text")).toBe(true);
    expect(sameValue(description, " \n", null)).toBe(true);
    expect(sameValue(gateway, "10.0.0.1 ", "10.0.0.1")).toBe(false);
  });

  it("leaves no empty text but a default", () => {
    const given = { gateway_ip: "", description: "", name: " ", cidr: "10.0.0.0/24", vlan: UNKNOWN, dns_servers: [] };
    expect(withoutEmptyText(KINDS.subnet, given)).toEqual({ ...given, gateway_ip: null, name: null });
  });

  it("takes an unknown for nothing, not even for itself", () => {
    expect(sameValue(name, UNKNOWN, UNKNOWN)).toBe(false);
    expect(sameValue(name, "a", UNKNOWN)).toBe(false);
  });

  it("keeps the prior spelling of what has not changed, and shows what has", () => {
    const live = { cidr: "2001:db8::/64", gateway_ip: "2001:db8::1", name: "b" };
    const prior = { cidr: "2001:DB8:0::/64", gateway_ip: "2001:db8::2", name: "b" };
    expect(keepSpelling(KINDS.subnet, live, prior)).toEqual({
      cidr: "2001:DB8:0::/64",
      gateway_ip: "2001:db8::1",
      name: "b",
    });
  });
});
