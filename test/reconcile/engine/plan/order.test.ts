import * as fc from "fast-check";
import { DOCUMENT_KINDS } from "../../../../lib/model/document/kinds";
import { type DesiredObject, LiveState, nameOf } from "../../../../src/reconcile/engine/plan/read-live";
import { diff } from "../../../../src/reconcile/engine/plan/diff";
import { ordered, restrictedTo, type Step } from "../../../../src/reconcile/engine/plan/order";
import { makes, spanOf } from "../../../../src/reconcile/engine/plan/step-graph";
import type { LiveObject } from "../../../../src/reconcile/region/live-objects";
import { desiredNetworks } from "../support/desired-networks";
import {
  adopted,
  at,
  dhcp,
  fabric,
  liveObject,
  nic,
  range,
  regionOf,
  relay,
  space,
  subnet,
  vlan,
} from "../support/objects";
import { waitsOf, wordsOf } from "../support/words";

const V4 = "10.0.0.0/24";
const RACKS = ["rack1", "rack2"].map((hostname) => liveObject("rack_controller", hostname, hostname, { hostname }));

interface Planned {
  readonly steps: readonly Step[];
  readonly live: LiveState;
}

/** The steps from a region with these objects, all of them made by former runs, to those. */
function planned(before: readonly DesiredObject[], after: readonly DesiredObject[]): Planned {
  const { changes, live } = diff({ desired: after, live: regionOf(before, RACKS), recorded: before });
  return { steps: ordered(changes, after, live), live };
}

const steps = (before: readonly DesiredObject[], after: readonly DesiredObject[]): string[] =>
  planned(before, after).steps.map(wordsOf);

/** Two random networks. */
const changeOfNetworks = fc.tuple(desiredNetworks, desiredNetworks);

const numbers = fc.infiniteStream(fc.nat());

describe("the order of steps", () => {
  test("is that of references for what is made, and the other way round for what is deleted", () => {
    const all = [space("s"), fabric("lab"), vlan("lab:10", { space: "s" }), subnet(V4, "lab:10")];
    const made = ["space s", "fabric lab", "vlan lab:10", `subnet ${V4}`];
    expect(steps([], all)).toEqual(made.map((name) => `create ${name}`));
    expect(steps(all, [])).toEqual([...made.slice(1).reverse(), "space s"].map((name) => `delete ${name}`));
  });

  test("is natural among objects of a kind: VID 2 before 10, the untagged one first", () => {
    const names = ["lab:untagged", "lab:2", "lab:10", "lab:100"];
    const all = [fabric("lab"), ...[...names].reverse().map((name) => vlan(name))];
    expect(steps([], all)).toEqual(["create fabric lab", ...names.map((name) => `create vlan ${name}`)]);
  });

  test("leaves what has nothing to do with each other free to run at once", () => {
    const { steps: free } = planned([], [space("a"), space("b"), fabric("c")]);
    expect(free.map(({ after }) => after)).toEqual([[], [], []]);
  });

  test("is empty for no changes", () => {
    expect(ordered([], [], new LiveState([]))).toEqual([]);
  });

  test("makes two steps of a replacement: the object goes before the other one is made", () => {
    const typed = (type: string): DesiredObject => range(V4, type, "10.0.0.10-10.0.0.19");
    const key = `10.0.0.10-10.0.0.19 in ${V4}`;
    const [first, second, ...others] = planned([typed("reserved")], [typed("dynamic")]).steps;
    expect(others).toEqual([]);
    expect(first).toMatchObject({ action: "delete", key, id: "1", live: { type: "reserved" }, differences: [] });
    expect(second).toMatchObject({ action: "create", key, desired: { type: "dynamic" }, after: [0] });
    expect(second).not.toHaveProperty("id");
    expect(second).not.toHaveProperty("live");
  });
});

describe("changes that wait for each other", () => {
  const [low, high] = ["10.0.0.10-10.0.0.19", "10.0.0.20-10.0.0.29"];
  const routers = (ends: string): DesiredObject => at("routers", range(V4, "reserved", ends));
  const servers = (ends: string): DesiredObject => at("servers", range(V4, "reserved", ends));

  test("are ranges side by side of which one grows as the other shrinks: no more than an order", () => {
    const after = [routers("10.0.0.10-10.0.0.24"), servers("10.0.0.25-10.0.0.29")];
    expect(steps([routers(low), servers(high)], after)).toEqual([
      `update ip_range 10.0.0.25-10.0.0.29 in ${V4}`,
      `update ip_range 10.0.0.10-10.0.0.24 in ${V4}`,
    ]);
  });

  test("are not a dynamic range and the reserved one that it lies in on an unmanaged subnet: they may overlap", () => {
    const inside = (reserved: string, dynamic: string): DesiredObject[] => [
      ...[fabric("lab"), vlan("lab:10"), subnet(V4, "lab:10", { managed: false })],
      ...[routers(reserved), at("pool", range(V4, "dynamic", dynamic))],
    ];
    const before = inside("10.0.0.10-10.0.0.29", "10.0.0.15-10.0.0.19");
    expect(steps(before, inside("10.0.0.10-10.0.0.39", "10.0.0.15-10.0.0.35"))).toEqual([
      `update ip_range 10.0.0.10-10.0.0.39 in ${V4}`,
      `update ip_range 10.0.0.15-10.0.0.35 in ${V4}`,
    ]);
  });

  test("are ranges that move into each other's addresses: one of them is deleted and made anew", () => {
    const before = [routers("10.0.0.10-10.0.0.20"), servers("10.0.0.21-10.0.0.39")];
    const after = [routers("10.0.0.25-10.0.0.39"), servers("10.0.0.10-10.0.0.24")];
    const actions = steps(before, after).map((words) => words.split(" ")[0]);
    expect(actions).toEqual(["delete", "update", "create"]);
  });

  test.each<[string, readonly DesiredObject[]]>([
    ["each to the other", [relay("lab:10", "lab:20"), relay("lab:20", "lab:10")]],
    ["to itself", [relay("lab:10", "lab:10")]],
  ])("are not VLANs that are relayed %s: no order helps, and a rule refuses it", (_, relays) => {
    const vlans = [fabric("lab"), vlan("lab:10"), vlan("lab:20")];
    expect(steps(vlans, [...vlans, ...relays])).toEqual(relays.map(({ key }) => `create vlan_dhcp ${key}`));
  });

  test("are relays that change sides with their subnet: one of them is taken away for a moment", () => {
    const vlans = [fabric("lab"), adopted(vlan("lab:0")), vlan("lab:10")];
    const pool = range(V4, "dynamic", "10.0.0.100-10.0.0.199");
    const servedOn = (own: string, other: string): DesiredObject[] => [
      ...[...vlans, subnet(V4, own), pool, nic("rack1/eth1", own), dhcp(own, "rack1"), relay(other, own)],
    ];
    const words = steps(servedOn("lab:0", "lab:10"), servedOn("lab:10", "lab:0"));
    const [taken, ...others] = words.filter((step) => step.startsWith("delete"));
    expect([taken, others]).toEqual([expect.stringMatching(/^delete vlan_dhcp lab:1?0$/), []]);
    expect(words.at(-1)).toBe(taken?.replace("delete", "create"));
    expect(words.filter((step) => step.startsWith("update vlan_dhcp"))).toHaveLength(1);
  });

  test("only for a smoother way give that up: interfaces that change places leave both fabrics", () => {
    const both = [fabric("a"), adopted(vlan("a:0")), fabric("b"), adopted(vlan("b:0"))];
    const words = steps(
      [...both, nic("rack1/eth1", "a:0"), nic("rack2/eth1", "b:0")],
      [...both, nic("rack1/eth1", "b:0"), nic("rack2/eth1", "a:0")],
    );
    expect([...words].sort()).toEqual(["update rack_interface rack1/eth1", "update rack_interface rack2/eth1"]);
  });

  test("and can't be taken away are a mistake of this package, which is said with their names", () => {
    const going = { key: "a", path: "a", id: "1", differences: [], live: { name: "a" } } as const;
    const fabricStep = { ...going, action: "update", kind: "fabric", desired: { name: "a" } } as const;
    const known = [
      { ...fabricStep, kind: "subnet", key: V4, live: { cidr: "10.0.1.0/24" }, desired: { cidr: V4 } },
      { ...fabricStep, kind: "subnet", key: "10.0.1.0/24", live: { cidr: V4 }, desired: { cidr: "10.0.1.0/24" } },
    ] as const;
    expect(() => ordered(known, [], new LiveState([]))).toThrow(
      /a mistake in cdktf-maas: update subnet 10\.0\.\d\.0\/24, update subnet 10\.0\.\d\.0\/24/,
    );
  });
});

type PlainObject = Pick<LiveObject, "kind" | "attributes">;

/** A region of plain data that refuses what MAAS refuses, as far as the order matters. */
class PlainRegion {
  readonly #objects: Map<string, PlainObject>;

  constructor(live: LiveState) {
    this.#objects = new Map(live.objects.map(({ kind, key, attributes }) => [nameOf(kind, key), { kind, attributes }]));
  }

  /** What is wrong with doing the step now; undefined = nothing. */
  perform(step: Step): string | undefined {
    const name = nameOf(step.kind, step.key);
    const attributes = step.desired ?? {};
    if (step.action === "create" && this.#objects.has(name)) return `${name} is there already`;
    const wrong = makes(step) ? (this.#missing(step) ?? this.#overlap(step) ?? this.#unserved(step)) : this.#held(step);
    if (wrong !== undefined) return `${wordsOf(step)}: ${wrong}`;
    if (makes(step)) this.#objects.set(name, { kind: step.kind, attributes });
    // What is given back leaves where it was lent to.
    if (!makes(step)) this.#objects.delete(name);
    return undefined;
  }

  #missing({ kind, desired = {} }: Step): string | undefined {
    const missing = DOCUMENT_KINDS[kind].fields.find(({ name, references }) => {
      const key = desired[name];
      return references !== undefined && typeof key === "string" && !this.#isThere(references, key);
    });
    return missing && `no ${missing.name} ${JSON.stringify(desired[missing.name])}`;
  }

  /** The untagged VLAN comes and goes with its fabric. */
  #isThere(kind: Parameters<typeof nameOf>[0], key: string): boolean {
    if (kind === "vlan" && key.endsWith(":0")) return this.#objects.has(nameOf("fabric", key.slice(0, -2)));
    return this.#objects.has(nameOf(kind, key));
  }

  #overlap({ kind, key, desired }: Step): string | undefined {
    const span = kind === "ip_range" ? spanOf(desired) : undefined;
    const other = [...this.#objects].find(([name, { kind: otherKind, attributes }]) => {
      if (otherKind !== "ip_range" || name === nameOf(kind, key) || attributes.subnet !== desired?.subnet) return false;
      return span !== undefined && spanOf(attributes)?.overlaps(span) === true;
    });
    return other && `overlaps ${other[0]}`;
  }

  #unserved({ kind, desired = {} }: Step): string | undefined {
    if (kind !== "vlan_dhcp") return undefined;
    const { vlan: own, relay_vlan: target } = desired;
    const isRelayed = (key: string): boolean =>
      typeof this.#objects.get(nameOf("vlan_dhcp", key))?.attributes.relay_vlan === "string";
    if (typeof target === "string") return isRelayed(target) ? "the other VLAN is relayed itself" : undefined;
    const all = [...this.#objects.values()];
    const isOn = ({ attributes }: PlainObject): boolean =>
      all.some(
        (other) =>
          other.kind === "subnet" && other.attributes.cidr === attributes.subnet && other.attributes.vlan === own,
      );
    const pool = all.find(
      (object) => object.kind === "ip_range" && object.attributes.type === "dynamic" && isOn(object),
    );
    return pool === undefined ? "the VLAN has no dynamic range" : undefined;
  }

  #held({ action, kind, key }: Step): string | undefined {
    if (action !== "delete") return undefined;
    const holder = [...this.#objects].find(([, { kind: other, attributes }]) => {
      // The untagged VLAN comes and goes with its fabric.
      if (other === "vlan" && attributes.vid === 0) return false;
      return DOCUMENT_KINDS[other].fields.some(
        ({ name, references }) => references === kind && attributes[name] === key,
      );
    });
    return holder && `still held by ${holder[0]}`;
  }
}

/** The steps in any order that they allow, drawn by these numbers. */
function anyOrder(plan: readonly Step[], draw: Iterator<number>): Step[] {
  const done = new Set<number>();
  const order: Step[] = [];
  while (order.length < plan.length) {
    const ready = plan.flatMap((step, place) =>
      !done.has(place) && step.after.every((earlier) => done.has(earlier)) ? [[place, step] as const] : [],
    );
    const [place, step] = ready[Number(draw.next().value) % ready.length] ?? [];
    if (place === undefined || step === undefined) throw new Error("nothing is ready");
    done.add(place);
    order.push(step);
  }
  return order;
}

describe("the steps from any random network to any other", () => {
  test("wait only for earlier ones, each once", () => {
    fc.assert(
      fc.property(changeOfNetworks, ([before, after]) => {
        for (const [place, { after: waits }] of planned(before, after).steps.entries()) {
          expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b));
          for (const earlier of waits) expect(earlier).toBeLessThan(place);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("do all that differs, and each object is made and ended once at most", () => {
    fc.assert(
      fc.property(changeOfNetworks, ([before, after]) => {
        const { changes, live } = diff({ desired: after, live: regionOf(before, RACKS), recorded: before });
        const words = ordered(changes, after, live).map(wordsOf);
        expect(new Set(words).size).toBe(words.length);
        for (const { action, kind, key } of changes) {
          const ways = action === "replace" ? [["delete", "create"]] : [[action], ["delete", "create"]];
          const isDone = ways.some((way) => way.every((one) => words.includes(`${one} ${kind} ${key}`)));
          expect([kind, key, isDone]).toEqual([kind, key, true]);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("meet no refusal in any order that their waits allow", () => {
    fc.assert(
      fc.property(changeOfNetworks, numbers, ([before, after], draw) => {
        const { steps: plan, live } = planned(before, after);
        const region = new PlainRegion(live);
        expect(anyOrder(plan, draw).flatMap((step) => region.perform(step) ?? [])).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("can be restricted to some, with all that those wait for and nothing else", () => {
    fc.assert(
      fc.property(changeOfNetworks, numbers, ([before, after], draw) => {
        const { steps: plan } = planned(before, after);
        const isWanted = new Map(plan.map((step) => [wordsOf(step), Number(draw.next().value) % 4 === 0]));
        const some = restrictedTo(plan, (step) => isWanted.get(wordsOf(step)) === true);
        const [all, kept] = [waitsOf(plan), waitsOf(some)];
        expect(Object.keys(kept)).toEqual(Object.keys(all).filter((words) => words in kept));
        for (const [words, waits] of Object.entries(kept)) {
          expect(waits).toEqual(all[words]);
          const isNeeded = Object.values(kept).some((others) => others.includes(words));
          expect([words, isWanted.get(words) === true || isNeeded]).toEqual([words, true]);
        }
        for (const [words, wanted] of isWanted) if (wanted) expect(Object.keys(kept)).toContain(words);
      }),
      { numRuns: 15 },
    );
  });
});

test("a plan for what is there makes only what that needs: the VLAN that a subnet moves to", () => {
  const before = [fabric("lab"), vlan("lab:10"), subnet(V4, "lab:10")];
  const after = [fabric("lab"), vlan("lab:20"), vlan("lab:30"), subnet(V4, "lab:20")];
  const { steps: plan } = planned(before, after);
  expect(restrictedTo(plan, ({ action }) => action !== "create").map(wordsOf)).toEqual([
    "create vlan lab:20",
    `update subnet ${V4}`,
    "delete vlan lab:10",
  ]);
});
