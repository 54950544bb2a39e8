import * as fc from "fast-check";
import { IpAddress } from "../../../../lib/model/address";
import { AddressRange } from "../../../../lib/model/address-range";
import { textOf } from "../../../../lib/model/text";
import { apiPath } from "../../../../src/maas/api-url";
import type { ObjectJson } from "../../../../src/maas/codec";
import { overlaps, type Spanned } from "../../../../src/reconcile/engine/plan/overlaps";
import { closeRanges } from "../../../support/arbitraries";
import { EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";
import { fabric, subnet, vlan } from "../support/objects";

describe("region conflicts", () => {
  jest.setTimeout(60_000);

  const V4 = "10.9.0.0/24";
  const V6 = "fd00:9::/64";

  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start({ machines: [{ hostname: "node1", interfaces: [{ name: "eth0" }] }] });
  });

  afterAll(() => user.stop());

  beforeEach(() => user.reset());

  const find = async (path: string, name: string, value: unknown): Promise<ObjectJson> => {
    const found = ((await user.api.get(path)) as ObjectJson[]).find((row) => row[name] === value);
    if (found === undefined) throw new Error(`no ${String(value)} in ${path}`);
    return found;
  };

  const idOf = async (path: string, name: string, value: unknown): Promise<string> =>
    textOf((await find(path, name, value)).id);

  describe("a plan is checked with what the document does not name", () => {
    test("a gateway inside somebody else's dynamic range is an error", async () => {
      const lab = [fabric("lab"), vlan("lab:10")];
      await user.run(documentOf([...lab, subnet(V4, "lab:10", { gateway_ip: "10.9.0.1" })]));
      const ends = { start_ip: "10.9.0.100", end_ip: "10.9.0.199" };
      (await user.api.post("ipranges/", [
        ...[["type", "dynamic"] as const, ["subnet", await idOf("subnets/", "cidr", V4)] as const],
        ...Object.entries(ends),
      ])) as ObjectJson;
      const moved = documentOf([...lab, subnet(V4, "lab:10", { gateway_ip: "10.9.0.150" })]);
      const { refusals } = await user.prepare(moved);
      expect(refusals.map(({ id }) => id)).toEqual(["rules"]);
      expect(refusals[0]?.about).toEqual([
        expect.stringContaining(
          `MAAS6-RNG-04 [IP range 10.9.0.100-10.9.0.199 in 10.9.0.0/24 of the region] dynamic range 10.9.0.100-10.9.0.199 holds 10.9.0.150, the gateway`,
        ),
      ]);
      const free = documentOf([...lab, subnet(V4, "lab:10", { gateway_ip: "10.9.0.99" })]);
      expect((await user.prepare(free)).refusals).toEqual([]);
    });

    test("a VLAN whose MTU shrinks under somebody else's IPv6 subnet is an error", async () => {
      const lab = (mtu: number): ReturnType<typeof documentOf> => documentOf([fabric("lab"), vlan("lab:10", { mtu })]);
      await user.run(lab(1500));
      const on = textOf(((await find("fabrics/", "name", "lab")).vlans as ObjectJson[])[1]?.id);
      for (const cidr of [V6, V4])
        await user.api.post("subnets/", [
          ["cidr", cidr],
          ["vlan", on],
        ]);
      const { refusals } = await user.prepare(lab(1200));
      expect(refusals.map(({ id, about }) => [id, about])).toEqual([
        [
          "rules",
          [
            expect.stringContaining(
              `MAAS6-NET-07 [subnet ${V6} of the region] IPv6 subnet ${V6} is on lab/vlan/lab:10, whose MTU is 1200`,
            ),
          ],
        ],
      ]);
      expect((await user.prepare(lab(1300))).refusals).toEqual([]);
      expect((await user.prepare(lab(9000))).refusals).toEqual([]);
    });

    test("nothing is said twice of a subnet that the document has", async () => {
      const lab = (mtu: number): ReturnType<typeof documentOf> =>
        documentOf([fabric("lab"), vlan("lab:10", { mtu }), subnet(V6, "lab:10")]);
      await user.run(lab(1500));
      const { refusals } = await user.prepare(lab(1200));
      const about = refusals.flatMap((refusal) => refusal.about).filter((text) => text.startsWith("MAAS6-NET-07"));
      expect(about).toHaveLength(1);
    });
  });

  test("a subnet that leaves the VLAN of interfaces that are linked to it is warned of, and no other", async () => {
    const at = (on: string): ReturnType<typeof documentOf> =>
      documentOf([fabric("lab"), vlan("lab:10"), vlan("lab:20"), subnet(V4, on), subnet("10.8.0.0/24", on)]);
    await user.run(at("lab:10"));
    const machine = await find("machines/", "hostname", "node1");
    const [nic] = machine.interface_set as ObjectJson[];
    const [system, eth0] = [textOf(machine.system_id), textOf(nic?.id)];
    const vlanIds = async (): Promise<unknown[]> =>
      ((await find("fabrics/", "name", "lab")).vlans as ObjectJson[]).map(({ id }) => id);
    const [, ten] = await vlanIds();
    await user.api.put(apiPath`nodes/${system}/interfaces/${eth0}/`, [["vlan", textOf(ten)]]);
    await user.api.post(
      apiPath`nodes/${system}/interfaces/${eth0}/`,
      [
        ["subnet", await idOf("subnets/", "cidr", V4)],
        ["mode", "AUTO"],
      ],
      { op: "link_subnet" },
    );
    const { warnings } = await user.prepare(at("lab:20"));
    const [, , twenty] = await vlanIds();
    expect(warnings).toEqual([
      {
        ...{ code: "MAAS-OPS-19", severity: "warning", attribute: "vlan", subject: { path: `lab/subnet/${V4}` } },
        what: `subnet ${V4} leaves the VLAN of interfaces that are linked to it: eth0 of node1`,
        why: "MAAS moves the subnet and leaves the interfaces on their VLAN, where nothing routes their addresses.",
        fix: `Move them too (maas PROFILE interface update ${system} ${eth0} vlan=${textOf(twenty)}), or unlink them from the subnet.`,
      },
    ]);
    expect((await user.prepare(at("lab:10"))).warnings).toEqual([]);
    // To a VLAN that is still to be made.
    const made = [fabric("lab"), vlan("lab:10"), vlan("lab:20"), vlan("lab:30")];
    expect(
      (await user.prepare(documentOf([...made, subnet(V4, "lab:30"), subnet("10.8.0.0/24", "lab:10")]))).warnings,
    ).toHaveLength(1);
  });
});

describe("overlaps", () => {
  const spans = fc
    .array(fc.oneof(closeRanges(IpAddress.parse("10.0.0.0"), 40), closeRanges(IpAddress.parse("::a00:0"), 40)), {
      maxLength: 20,
    })
    .map((ranges) => ranges.map((span, item): Spanned<number> => ({ item, span })));

  const sorted = (found: ReadonlyMap<number, readonly number[]>): unknown[] =>
    [...found].map(([item, others]) => [item, [...others].sort((a, b) => a - b)] as const).sort(([a], [b]) => a - b);

  function oneByOne(first: readonly Spanned<number>[], second: readonly Spanned<number>[]): Map<number, number[]> {
    const pairs = first.map(
      ({ item, span }) =>
        [item, second.filter((other) => span.overlaps(other.span)).map((other) => other.item)] as const,
    );
    return new Map(pairs.filter(([, others]) => others.length > 0));
  }

  test("finds what a look at every pair finds, each once, and no overlap between the two families", () => {
    fc.assert(
      fc.property(spans, spans, (first, second) => {
        expect(sorted(overlaps(first, second))).toEqual(sorted(oneByOne(first, second)));
      }),
      { numRuns: 500 },
    );
  });

  test("a range overlaps itself where it is on both sides, and ranges that only touch don't overlap", () => {
    const [a, b] = ["10.0.0.1-10.0.0.9", "10.0.0.10-10.0.0.19"].map((item) => {
      const [start = "", end = ""] = item.split("-");
      return { item, span: new AddressRange(IpAddress.parse(start), IpAddress.parse(end)) };
    }) as [Spanned<string>, Spanned<string>];
    expect(overlaps([a, b], [a])).toEqual(new Map([[a.item, [a.item]]]));
  });

  test("takes no longer than its result needs: ten thousand ranges beside each other in one go", () => {
    const many = Array.from({ length: 10_000 }, (_, item) => {
      const start = IpAddress.parse("10.0.0.0").plus(item * 4);
      return { item, span: new AddressRange(start, start.plus(3)) };
    });
    const found = overlaps(many, many);
    expect(found.size).toBe(many.length);
    expect([...found].every(([item, others]) => others.length === 1 && others[0] === item)).toBe(true);
  });
});
