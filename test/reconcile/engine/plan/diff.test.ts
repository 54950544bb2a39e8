import * as fc from "fast-check";
import { DOCUMENT_ORDER } from "../../../../lib/model/document";
import { type Attributes, UNKNOWN, type Value } from "../../../../lib/model/known";
import { type DesiredObject, LiveState } from "../../../../src/reconcile/engine/plan/read-live";
import { type Change, diff, type Diff } from "../../../../src/reconcile/engine/plan/diff";
import { desiredNetworks } from "../support/desired-networks";
import {
  adopted,
  at,
  dhcp,
  fabric,
  link,
  liveObject,
  nic,
  range,
  regionOf,
  relay,
  space,
  subnet,
  vlan,
} from "../support/objects";
import { wordsOf } from "../support/words";

const V4 = "10.0.0.0/24";

/** What changes when a region with these objects, all of them made by former runs, is to have those. */
const changed = (before: readonly DesiredObject[], after: readonly DesiredObject[]): readonly Change[] =>
  diff({ desired: after, live: regionOf(before), recorded: before }).changes;

/** What changes on a region with that one object, whose attributes are these, when this is wanted. */
function changeOf(
  desired: DesiredObject,
  live: Attributes,
  recorded: readonly DesiredObject[] = [],
): Change | undefined {
  const region = new LiveState([liveObject(desired.kind, desired.key, "1", live)]);
  return diff({ desired: [desired], live: region, recorded }).changes[0];
}

/** In the order that a document has, of kinds only. */
const inKinds = (objects: readonly DesiredObject[]): DesiredObject[] =>
  [...objects].sort((a, b) => DOCUMENT_ORDER.indexOf(a.kind) - DOCUMENT_ORDER.indexOf(b.kind));

const differences = (change: Change | undefined): unknown[] =>
  (change?.differences ?? []).map(({ name, live, desired }) => [name, live, desired]);

describe("a desired object that the region does not have", () => {
  test("is created, with what is said, MAAS's defaults, and unknown for what MAAS decides", () => {
    const [creation] = changed([], [subnet(V4, "lab:0", { gateway_ip: "10.0.0.1" })]);
    expect(creation).toMatchObject({
      ...{ action: "create", kind: "subnet", key: V4, path: `lab/subnet/${V4}` },
      desired: { cidr: V4, vlan: "lab:0", gateway_ip: "10.0.0.1", managed: true, name: UNKNOWN },
    });
    expect(creation).not.toHaveProperty("id");
    expect(creation).not.toHaveProperty("live");
  });

  test("shows no more differences than there is something to say of", () => {
    const [creation] = changed([], [fabric("lab", { class_type: null })]);
    expect(differences(creation)).toEqual([["name", null, "lab"]]);
  });
});

describe("what is left as it is on the region", () => {
  const kept = (attributes: Attributes): DesiredObject => ({
    ...subnet(V4, "lab:0", attributes),
    ignoreChanges: ["gateway_ip", "description", "vlan"],
  });

  test("is no difference, whatever was said of it: a value, none, or another reference", () => {
    const live = { cidr: V4, vlan: "lab:20", gateway_ip: "10.0.0.9", description: "by hand" };
    expect(changeOf(kept({ gateway_ip: "10.0.0.1" }), live)).toBeUndefined();
    expect(
      changeOf(kept({}), live, [subnet(V4, "lab:0", { gateway_ip: "10.0.0.1", description: "x" })]),
    ).toBeUndefined();
  });

  test("stays as it is when something else changes, and is made as it was said", () => {
    const live = { cidr: V4, vlan: "lab:0", gateway_ip: "10.0.0.9", description: "by hand", allow_dns: true };
    const change = changeOf(kept({ gateway_ip: "10.0.0.1", allow_dns: false }), live);
    expect(differences(change)).toEqual([["allow_dns", true, false]]);
    expect(change?.desired).toMatchObject({ gateway_ip: "10.0.0.9", description: "by hand" });
    const [creation] = changed([], [kept({ gateway_ip: "10.0.0.1" })]);
    expect(creation?.desired).toMatchObject({ gateway_ip: "10.0.0.1" });
  });
});

describe("a desired object that the region has", () => {
  test.each<[string, Value, Value]>([
    ["gateway_ip", "2001:db8::1", "2001:DB8:0::1"],
    ["dns_servers", ["2001:db8::53"], ["2001:0DB8::53"]],
    ["dns_servers", null, []],
    ["disabled_boot_architectures", ["arm64", "pxe"], ["pxe", "arm64"]],
  ])("is alike in another spelling: %s %j and %j", (name, live, desired) => {
    expect(
      changeOf(subnet(V4, "lab:0", { [name]: desired }), { cidr: V4, vlan: "lab:0", [name]: live }),
    ).toBeUndefined();
  });

  test("is alike in another order of a set, and not of a list", () => {
    const live = { cidr: V4, vlan: "lab:0", dns_servers: ["10.0.0.2", "10.0.0.3"] };
    const turned = changeOf(subnet(V4, "lab:0", { dns_servers: ["10.0.0.3", "10.0.0.2"] }), live);
    expect(differences(turned)).toEqual([["dns_servers", ["10.0.0.2", "10.0.0.3"], ["10.0.0.3", "10.0.0.2"]]]);
  });

  test("is left as it is where the user is silent and MAAS has no default", () => {
    const live = { name: "lab", class_type: "10g" };
    expect(changeOf(fabric("lab"), live)).toBeUndefined();
    expect(changeOf(vlan("lab:10"), { fabric: "lab", vid: 10, mtu: 9000, space: "green" })).toBeUndefined();
  });

  test("gets MAAS's default where the user is silent and there is one", () => {
    const live = { cidr: V4, vlan: "lab:0", managed: false, description: "theirs" };
    expect(differences(changeOf(subnet(V4, "lab:0"), live))).toEqual([
      ["description", "theirs", ""],
      ["managed", false, true],
    ]);
  });

  test("loses what the user says is empty, whoever has set it", () => {
    const live = { cidr: V4, vlan: "lab:0", gateway_ip: "10.0.0.1", description: "theirs" };
    expect(differences(changeOf(subnet(V4, "lab:0", { gateway_ip: "", description: " " }), live))).toEqual([
      ["description", "theirs", null],
      ["gateway_ip", "10.0.0.1", null],
    ]);
    expect(
      differences(changeOf(vlan("lab:10", { name: "", space: "undefined" }), { name: "x", space: "green" })),
    ).toEqual(
      expect.arrayContaining([
        ["name", "x", null],
        ["space", "green", null],
      ]),
    );
  });

  test("is alike where it is empty in either way", () => {
    const live = { cidr: V4, vlan: "lab:0", gateway_ip: null, description: "" };
    expect(changeOf(subnet(V4, "lab:0", { gateway_ip: "", description: "\n" }), live)).toBeUndefined();
    expect(differences(changed([], [subnet(V4, "lab:0", { gateway_ip: "" })])[0])).not.toContainEqual(
      expect.arrayContaining(["gateway_ip"]),
    );
  });

  test("loses what the user has said and says no longer, where MAAS can empty it", () => {
    const live = { cidr: V4, vlan: "lab:0", name: "mine", gateway_ip: "10.0.0.1", dns_servers: ["10.0.0.2"] };
    const former = subnet(V4, "lab:0", { name: "mine", gateway_ip: "10.0.0.1", dns_servers: ["10.0.0.2"] });
    expect(differences(changeOf(subnet(V4, "lab:0"), live, [former]))).toEqual([
      ["gateway_ip", "10.0.0.1", null],
      ["dns_servers", ["10.0.0.2"], []],
    ]);
    expect(changeOf(subnet(V4, "lab:0"), live, [subnet(V4, "lab:0")])).toBeUndefined();
    expect(changeOf(subnet(V4, "lab:0"), live)).toBeUndefined();
  });

  test("loses what a run before the one that was cut off has said, which the record still has under its id", () => {
    const live = { fabric: "lab-2", vid: 20, space: "green" };
    const former = { ...vlan("lab:10", { space: "green" }), id: "1" };
    expect(differences(changeOf(vlan("lab-2:20"), live, [vlan("lab-2:20"), former]))).toEqual([
      ["space", "green", null],
    ]);
    expect(changeOf(vlan("lab-2:20"), live, [vlan("lab-2:20"), { ...former, id: "2" }])).toBeUndefined();
  });

  test("differs from the record, and from nothing else, in a description that MAAS never returns", () => {
    const described = fabric("lab", { description: "ours" });
    const live = { name: "lab" };
    expect(changeOf(described, live)).toBeUndefined();
    expect(changeOf(described, live, [described])).toBeUndefined();
    expect(differences(changeOf(described, live, [fabric("lab", { description: "mine" })]))).toEqual([
      ["description", "mine", "ours"],
    ]);
    expect(differences(changeOf(described, live, [fabric("lab")]))).toEqual([["description", null, "ours"]]);
    expect(differences(changeOf(fabric("lab"), live, [described]))).toEqual([["description", "ours", null]]);
    // What a run that was cut off may have set, or not.
    const begun = (text: string): DesiredObject => ({ ...fabric("lab"), planned: { description: text } });
    expect(differences(changeOf(described, live, [begun("ours")]))).toEqual([["description", null, "ours"]]);
    expect(differences(changeOf(fabric("lab"), live, [begun("ours")]))).toEqual([["description", "ours", null]]);
    // What is adopted by a run that is put on record.
    const sides = { desired: [described], live: regionOf([fabric("lab")]), recorded: [] };
    expect(differences(diff({ ...sides, isRecorded: true }).changes[0])).toEqual([["description", null, "ours"]]);
  });

  test("is updated with all that is live and all that is aimed for, whatever differs", () => {
    const live = { cidr: V4, vlan: "lab:0", name: "theirs", gateway_ip: "10.0.0.9" };
    const change = changeOf(subnet(V4, "lab:0", { gateway_ip: "10.0.0.1" }), live);
    expect(change).toMatchObject({
      ...{ action: "update", id: "1", live, desired: { ...live, gateway_ip: "10.0.0.1" } },
    });
    expect(change).not.toHaveProperty("liveKey");
    expect(differences(change)).toEqual([["gateway_ip", "10.0.0.9", "10.0.0.1"]]);
  });

  test("is replaced where MAAS can't change what differs", () => {
    const typed = (type: string): DesiredObject => range(V4, type, "10.0.0.10-10.0.0.19");
    expect(changed([typed("reserved")], [typed("dynamic")]).map(wordsOf)).toEqual([
      `replace ip_range 10.0.0.10-10.0.0.19 in ${V4}`,
    ]);
  });

  test("may name a rack by its system id", () => {
    const rack = liveObject("rack_controller", "rack1", "abc123", { hostname: "rack1" });
    const region = regionOf([dhcp("lab:0", "rack1")], [rack]);
    const named = (primary: string): readonly Change[] =>
      diff({ desired: [dhcp("lab:0", primary)], live: region, recorded: [] }).changes;
    expect(named("abc123")).toEqual([]);
    expect(named("rack1")).toEqual([]);
    expect(differences(named("rack2")[0])).toEqual([["primary_rack_controller", "rack1", "rack2"]]);
  });
});

describe("a recorded object that is no longer wanted", () => {
  const words = (
    recorded: DesiredObject,
    live: readonly DesiredObject[] = [recorded],
    more: readonly DesiredObject[] = [],
  ) => diff({ desired: [], live: regionOf(live), recorded: [recorded, ...more] }).changes.map(wordsOf);

  test("is deleted where a run made it", () => {
    expect(words(space("green"))).toEqual(["delete space green"]);
    expect(words(dhcp("lab:0", "rack1"))).toEqual(["delete vlan_dhcp lab:0"]);
  });

  test("is left where it was adopted and nobody knows what it was, and given back where that is known", () => {
    expect(words(adopted(fabric("lab", { class_type: "10g" })))).toEqual([]);
    const given = adopted(fabric("lab", { class_type: "10g" }), { name: "lab", class_type: "1g" });
    expect(words(given)).toEqual(["release fabric lab"]);
  });

  test("is left where it is already as it was before it was adopted", () => {
    const object = fabric("lab", { class_type: "10g" });
    expect(words(adopted(object, { name: "lab", class_type: "10g" }))).toEqual([]);
  });

  test("is left where the region no longer has it, and so is what no run has made", () => {
    expect(words(space("green"), [])).toEqual([]);
    expect(words(space("green"), [space("blue")])).toEqual([]);
  });

  test("is an untagged VLAN: it goes with its fabric, or gets back what it had", () => {
    expect(words(vlan("lab:0", { mtu: 9000 }))).toEqual([]);
    expect(words({ ...vlan("lab:0", { mtu: 9000 }), original: { mtu: 1500 } })).toEqual(["release vlan lab:0"]);
    expect(words(vlan("lab:10"))).toEqual(["delete vlan lab:10"]);
  });

  test("is a rack's interface: it goes back to the VLAN it was on", () => {
    const lent = {
      ...nic("rack1/eth1", "lab:0"),
      original: { rack_controller: "rack1", name: "eth1", vlan: "spare:0" },
    };
    expect(words(lent)).toEqual(["release rack_interface rack1/eth1"]);
    expect(words(lent, [nic("rack1/eth1", "elsewhere:0")])).toEqual([]);
  });

  test("is a rack's interface of which nobody knows where it was: it leaves a VLAN that goes, and no other", () => {
    const lent = nic("rack1/eth1", "lab:10");
    expect(words(lent)).toEqual([]);
    const onVlan = [lent, vlan("lab:10")];
    expect(words(lent, onVlan, [vlan("lab:10")])).toEqual(["delete vlan lab:10", "release rack_interface rack1/eth1"]);
    const inFabric = [lent, fabric("lab")];
    expect(words(lent, inFabric, [fabric("lab")])).toEqual(["delete fabric lab", "release rack_interface rack1/eth1"]);
  });

  test("tells what it is and what it gets back", () => {
    const original = { name: "lab", class_type: "1g" };
    const given = adopted(fabric("lab", { class_type: "10g" }), original);
    expect(diff({ desired: [], live: regionOf([given]), recorded: [given] }).changes).toEqual([
      {
        ...{ action: "release", kind: "fabric", key: "lab", path: "lab/fabric/lab", id: "1", differences: [] },
        ...{ live: { name: "lab", class_type: "10g" }, original },
      },
    ]);
  });
});

describe("an object under another key at the same place", () => {
  const served = (name: string): DesiredObject[] => [
    at("fabric", fabric(name)),
    at("vlan", vlan(`${name}:10`)),
    at("other", vlan(`${name}:20`)),
    at("v4", subnet(V4, `${name}:10`)),
    at("pool", range(V4, "dynamic", "10.0.0.100-10.0.0.199")),
    at("rack1", nic("rack1/eth1", `${name}:10`)),
    at("dhcp", dhcp(`${name}:10`, "rack1")),
    at("relay", relay(`${name}:20`, `${name}:10`)),
  ];

  test("is a fabric: its VLANs, their DHCP and what is on them go on under the other name, in one change", () => {
    const { changes, ids, live } = diff({
      ...{ desired: served("lab-2"), live: regionOf(served("lab")), recorded: served("lab") },
    });
    expect(changes.map((change) => [wordsOf(change), change.liveKey, change.id])).toEqual([
      ["update fabric lab-2", "lab", "1"],
    ]);
    expect(["fabric lab", "fabric lab-2", "vlan lab:10", "vlan lab-2:10"].map((name) => ids.get(name))).toEqual([
      ...["1", "1", "2", "2"],
    ]);
    expect(live.find("subnet", V4)?.attributes.vlan).toBe("lab-2:10");
  });

  test("is a range that MAAS can resize, where it is of the same subnet and type", () => {
    const resized = (ends: string, type = "reserved"): DesiredObject => at("routers", range(V4, type, ends));
    const small = resized("10.0.0.10-10.0.0.19");
    const [change, ...others] = changed([small], [resized("10.0.0.10-10.0.0.29")]);
    expect([others.length, change?.action, change?.liveKey]).toEqual([0, "update", small.key]);
    expect(differences(change)).toEqual([["end_ip", "10.0.0.19", "10.0.0.29"]]);
    const dynamic = resized("10.0.0.10-10.0.0.29", "dynamic");
    expect(changed([small], [dynamic]).map(({ action }) => action)).toEqual(["delete", "create"]);
  });

  test("is another subnet: MAAS would not look at what is inside", () => {
    const other = "10.0.1.0/24";
    expect(changed([at("v4", subnet(V4, "lab:0"))], [at("v4", subnet(other, "lab:0"))]).map(wordsOf)).toEqual([
      `delete subnet ${V4}`,
      `create subnet ${other}`,
    ]);
  });
});

describe("changes", () => {
  test("come by kind, in the order of a document, and then by key", () => {
    const after = [
      link("node1", "eth0", V4),
      subnet(V4, "lab:0"),
      vlan("lab:10"),
      fabric("b"),
      fabric("a"),
      space("s"),
    ];
    expect(changed([fabric("c")], after).map(wordsOf)).toEqual([
      "create space s",
      "create fabric a",
      "create fabric b",
      "delete fabric c",
      "create vlan lab:10",
      `create subnet ${V4}`,
      `create network_interface_link node1/eth0:${V4}`,
    ]);
  });

  test("are none where a random network is on the region", () => {
    fc.assert(
      fc.property(desiredNetworks, (desired) => {
        expect(diff({ desired, live: regionOf(desired), recorded: desired }).changes).toEqual([]);
        expect(diff({ desired, live: regionOf(desired), recorded: [] }).changes).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test("are creations only from nothing, and deletions or releases only to nothing", () => {
    fc.assert(
      fc.property(desiredNetworks, (all) => {
        const creations = changed([], all).map(wordsOf);
        expect(creations.sort()).toEqual(all.map((object) => wordsOf({ ...object, action: "create" })).sort());
        for (const { action } of changed(all, [])) expect(["delete", "release"]).toContain(action);
      }),
      { numRuns: 15 },
    );
  });

  test("are the same, with the same ids, in whatever order the two sides and the record come", () => {
    const told = ({ changes, ids }: Diff): unknown => [changes, [...ids].sort()];
    fc.assert(
      fc.property(desiredNetworks, desiredNetworks, fc.infiniteStream(fc.nat()), (before, after, numbers) => {
        const { objects } = regionOf(before);
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => [numbers.next().value ?? 0, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const one = diff({ desired: after, live: new LiveState(objects), recorded: before });
        const other = diff({
          ...{ desired: inKinds(shuffled(after)), live: new LiveState(shuffled(objects)), recorded: shuffled(before) },
        });
        expect(told(other)).toEqual(told(one));
      }),
      { numRuns: 15 },
    );
  });
});
