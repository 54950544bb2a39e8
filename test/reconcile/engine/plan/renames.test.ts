import { type DesiredObject, LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import { diff } from "../../../../src/reconcile/engine/plan/diff";
import { withReferences } from "../../../../src/reconcile/engine/plan/other-keys";
import { Renames } from "../../../../src/reconcile/engine/plan/renames";
import { adopted, at, dhcp, fabric, nic, range, regionOf, relay, space, subnet, vlan } from "../support/objects";
import { wordsOf } from "../support/words";

const V4 = "10.0.0.0/24";

const renames = (
  recorded: readonly DesiredObject[],
  live: readonly DesiredObject[],
  desired: readonly DesiredObject[],
): Renames => new Renames({ desired, live: regionOf(live), recorded });

const changes = (
  recorded: readonly DesiredObject[],
  live: readonly DesiredObject[],
  desired: readonly DesiredObject[],
): string[] => diff({ desired, live: regionOf(live), recorded }).changes.map(wordsOf);

const named = (name: string): DesiredObject => at("fabric", fabric(name));

describe("an object goes on under another key", () => {
  test("where a former run said it at the same place, and MAAS can change the key in place", () => {
    expect(renames([named("a")], [named("a")], [named("b")]).keyNow("fabric", "a")).toBe("b");
    const green = at("space", space("green"));
    expect(renames([green], [green], [at("space", space("blue"))]).keyNow("space", "green")).toBe("blue");
  });

  test("with its VLANs and their DHCP, however the fabric's name is made", () => {
    const moved = renames([named("a:1")], [named("a:1")], [named("b:2")]);
    expect(moved.keyNow("vlan", "a:1:10")).toBe("b:2:10");
    expect(moved.keyNow("vlan_dhcp", "a:1:10")).toBe("b:2:10");
    expect(moved.keyNow("vlan", "a:10")).toBeUndefined();
    expect(moved.keyNow("subnet", "a:1")).toBeUndefined();
  });

  test("where a VLAN gets another VID or moves to a fabric that is there, with all that is on it", () => {
    const v = (key: string): DesiredObject => at("v", vlan(key));
    const before = [named("a"), fabric("b"), v("a:10"), subnet(V4, "a:10"), dhcp("a:10", "rack1")];
    const after = (key: string): DesiredObject[] => [
      ...[named("a"), fabric("b"), v(key), subnet(V4, key), dhcp(key, "rack1")],
    ];
    for (const key of ["a:20", "b:10", "b:20"])
      expect(changes(before, before, after(key))).toEqual([`update vlan ${key}`]);
  });

  test("but not where MAAS would take the VLAN for the default VLAN of that fabric: it is made anew there", () => {
    const v = (key: string): DesiredObject => at("v", vlan(key));
    // Ids go by the order: the VLAN is older than the default VLAN of b, and newer than that of c.
    const before = [vlan("c:0"), v("a:10"), vlan("b:0"), named("a"), fabric("b"), fabric("c"), subnet(V4, "a:10")];
    const after = (key: string, ...fabrics: DesiredObject[]): DesiredObject[] => [...fabrics, v(key), subnet(V4, key)];
    const fabrics = [named("a"), fabric("b"), fabric("c")];
    const recorded = before.filter(({ key }) => !key.endsWith(":0"));
    expect(changes(recorded, before, after("c:10", ...fabrics))).toEqual(["update vlan c:10"]);
    expect(changes(recorded, before, after("b:10", ...fabrics))).toEqual([
      "delete vlan a:10",
      "create vlan b:10",
      `update subnet ${V4}`,
    ]);
    const b = at("b", fabric("b"));
    const renamed = [named("a"), at("b", fabric("later")), fabric("c")];
    expect(changes([...recorded, b], before, after("later:10", ...renamed))).toContain("create vlan later:10");
  });

  test("and all that refers to it does so by that key", () => {
    const before = [named("a"), vlan("a:10"), subnet(V4, "a:10"), nic("rack1/eth1", "a:10"), relay("a:20", "a:10")];
    const { live } = renames(before, before, [named("b")]);
    expect(live.objects.map(({ kind, key, attributes }) => [kind, key, attributes.vlan ?? attributes.fabric])).toEqual([
      ["fabric", "b", undefined],
      ["vlan", "b:10", "b"],
      ["subnet", V4, "b:10"],
      ["rack_interface", "rack1/eth1", "b:10"],
      ["vlan_dhcp", "b:20", "b:20"],
    ]);
    expect(live.find("vlan_dhcp", "b:20")?.attributes.relay_vlan).toBe("b:10");
  });

  test("and may be of an object that is renamed itself", () => {
    const before = [named("a"), at("v10", vlan("a:10"))];
    expect(changes(before, before, [named("b"), at("v10", vlan("b:10", { mtu: 9000 }))])).toEqual([
      "update fabric b",
      "update vlan b:10",
    ]);
  });
});

describe("an object is another one", () => {
  const pool = (type: string, ends: string, inSubnet = V4): DesiredObject => at("pool", range(inSubnet, type, ends));

  test.each<[string, readonly DesiredObject[], readonly DesiredObject[], readonly DesiredObject[]]>([
    ["it was said elsewhere", [at("x", fabric("a"))], [named("a")], [named("b")]],
    ["no former run has made it", [], [named("a")], [named("b")]],
    ["it is wanted itself, too", [named("a")], [named("a")], [named("b"), at("x", fabric("a"))]],
    ["the region has the other one already", [named("a")], [named("a"), named("b")], [named("b")]],
    ["it has gone, and the other one was never made", [named("a")], [], [named("b")]],
    ["the untagged VLAN gets a VID", [at("v", vlan("a:0"))], [vlan("a:0")], [at("v", vlan("a:20"))]],
    [
      "a VLAN moves to a fabric that is still to be made",
      [at("v", vlan("a:10"))],
      [vlan("a:10")],
      [at("v", vlan("b:10"))],
    ],
  ])("where %s", (_, recorded, live, desired) => {
    const { kind = "fabric", key = "a" } = live[0] ?? {};
    expect(renames(recorded, live, desired).keyNow(kind, key)).toBeUndefined();
  });

  test("where a range is of another type or in another subnet", () => {
    const before = pool("dynamic", "10.0.0.10-10.0.0.19");
    const keyWith = (after: DesiredObject): unknown =>
      renames([before], [before], [after]).keyNow("ip_range", before.key);
    expect(keyWith(pool("dynamic", "10.0.0.10-10.0.0.29"))).toBe(`10.0.0.10-10.0.0.29 in ${V4}`);
    expect(keyWith(pool("reserved", "10.0.0.10-10.0.0.29"))).toBeUndefined();
    expect(keyWith(pool("dynamic", "10.0.1.10-10.0.1.29", "10.0.1.0/24"))).toBeUndefined();
  });
});

describe("a run that was cut off", () => {
  /** On record of a run that is under way: what the last one left, and what this one makes. */
  const underWay = [named("a"), named("b"), at("v10", vlan("a:10")), at("v10", vlan("b:10"))];
  const wanted = [named("b"), at("v10", vlan("b:10"))];

  test("before its rename is finished by the next one with the rename", () => {
    expect(changes(underWay, [fabric("a"), vlan("a:10")], wanted)).toEqual(["update fabric b"]);
  });

  test("after its rename leaves nothing to do, and nothing is taken for gone", () => {
    expect(changes(underWay, [fabric("b"), vlan("b:10")], wanted)).toEqual([]);
  });

  test("after its rename still has what belongs to it taken away, though that is on record under the former name", () => {
    const recorded = [...underWay, at("dhcp", dhcp("a:10", "rack1"))];
    const live = [fabric("b"), vlan("b:10"), dhcp("b:10", "rack1")];
    expect(changes(recorded, live, wanted)).toEqual(["delete vlan_dhcp b:10"]);
  });

  test("and is followed by one that wants yet another name takes the object on from whichever name it has", () => {
    const third = [named("c"), at("v10", vlan("c:10"))];
    for (const name of ["a", "b"])
      expect(changes(underWay, [fabric(name), vlan(`${name}:10`)], third)).toEqual(["update fabric c"]);
  });

  test("with both names on the region goes on with one of the objects, and deletes the other", () => {
    const both = [fabric("a"), fabric("b")];
    const recorded = [named("a"), named("b")];
    for (const live of [both, [...both].reverse()])
      for (const known of [recorded, [...recorded].reverse()])
        expect(changes(known, live, [named("c")])).toEqual(["delete fabric b", "update fabric c"]);
  });
});

test("what was adopted is renamed, too, and what it was stays on record under the other key", () => {
  const lent = adopted(named("a"), { name: "a" });
  expect(changes([lent], [fabric("a")], [adopted(named("b"))])).toEqual(["update fabric b"]);
});

test("references change only where there is another key, and nothing but references does", () => {
  const attributes = { vlan: "a:10", cidr: V4, name: "a:10", gateway_ip: null };
  expect(withReferences("subnet", attributes, (kind, key) => (key === "a:10" ? `${kind} b:10` : undefined))).toEqual({
    ...{ vlan: "vlan b:10", cidr: V4, name: "a:10", gateway_ip: null },
  });
  expect(withReferences("subnet", attributes, () => undefined)).toEqual(attributes);
});

test("a region without renames stays as it is", () => {
  const before = [named("a"), vlan("a:10")];
  const live = regionOf(before);
  expect(renames(before, before, before).live).toEqual(new LiveState(live.objects));
});
