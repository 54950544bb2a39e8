import * as fc from "fast-check";
import type { Attributes } from "../../../lib/model/known";
import type { ObjectJson } from "../../../src/maas/codec";
import { displacedLink, familyOf, matchingLinks, modeOf, newLink } from "../../../src/reconcile/region/nodes";

describe("links", () => {
  const SUBNETS: readonly ObjectJson[] = [
    { id: 1, cidr: "10.0.0.0/24" },
    { id: 2, cidr: "10.1.0.0/24" },
    { id: 3, cidr: "2001:db8::/64" },
  ];

  const addressOn = ({ cidr }: ObjectJson, host: number): string =>
    String(cidr).includes(":") ? `2001:db8::${host.toString(16)}` : `${String(cidr).slice(0, -"0/24".length)}${host}`;

  /** A link as MAAS shows it: without the keys that it has nothing for. */
  const link = fc
    .record({
      id: fc.integer({ min: 1, max: 1000 }),
      mode: fc.constantFrom("auto", "dhcp", "static", "link_up"),
      subnet: fc.option(fc.constantFrom(...SUBNETS), { nil: undefined }),
      host: fc.integer({ min: 2, max: 20 }),
    })
    .map(({ id, mode, subnet, host }): ObjectJson => ({
      id,
      mode,
      ...(subnet !== undefined && { subnet }),
      ...(subnet !== undefined && mode === "static" && { ip_address: addressOn(subnet, host) }),
    }));

  const links = fc.uniqueArray(link, { selector: ({ id }) => id, maxLength: 8 });

  const desiredOf = ({ mode, subnet, ip_address }: ObjectJson): Attributes => ({
    subnet: String((subnet as ObjectJson).id),
    mode: String(mode).toUpperCase(),
    ip_address: typeof ip_address === "string" ? ip_address : null,
  });

  const onSubnet = link.filter(({ subnet }) => subnet !== undefined);

  test("the link that a change has made is found among all others, also among ones that are alike", () => {
    fc.assert(
      fc.property(links, onSubnet, (before, one) => {
        const made = { ...one, id: 2000 };
        const nic = { links: before };
        expect(newLink(nic, { links: [made, ...before] }, desiredOf(made))).toBe(made);
        expect(newLink(nic, nic, desiredOf(made))).toBeUndefined();
      }),
    );
  });

  test("of two alike that are new, the newest is taken: MAAS answers with what was there when it had made it", () => {
    fc.assert(
      fc.property(onSubnet, (one) => {
        const both = [9, 10].map((id) => ({ ...one, id }));
        expect(newLink({ links: [] }, { links: both }, desiredOf(one))).toBe(both[1]);
      }),
    );
  });

  test("an address is matched in any spelling, and any address where none is asked for", () => {
    const nic = { links: [{ id: 1, mode: "static", ip_address: "2001:db8::9", subnet: SUBNETS[2] }] };
    const wanted = { subnet: "3", mode: "static" };
    expect(matchingLinks(nic, { ...wanted, ip_address: "2001:DB8:0:0::9" })).toHaveLength(1);
    expect(matchingLinks(nic, { ...wanted, ip_address: "2001:db8::a" })).toEqual([]);
    expect(matchingLinks(nic, { ...wanted, ip_address: null })).toHaveLength(1);
  });

  test("a DHCP link is in the way of static and automatic links of its family, or of any when it has no subnet", () => {
    fc.assert(
      fc.property(
        links,
        fc.constantFrom("AUTO", "STATIC", "DHCP", "LINK_UP"),
        fc.constantFrom(4 as const, 6 as const),
        (all, mode, family) => {
          const found = displacedLink({ links: all }, mode, family);
          const inTheWay = all.filter((one) => modeOf(one) === "DHCP" && [undefined, family].includes(familyOf(one)));
          expect(found).toBe(mode === "AUTO" || mode === "STATIC" ? inTheWay[0] : undefined);
        },
      ),
    );
  });
});
