import * as fc from "fast-check";
import type { NetworkDocument } from "../../../../lib/model/document";
import { textOf } from "../../../../lib/model/text";
import { apiPath } from "../../../../src/maas/api-url";
import type { ObjectJson } from "../../../../src/maas/codec";
import type { Step } from "../../../../src/reconcile/engine/plan/order";
import { prepare } from "../../../../src/reconcile/engine/plan/prepare";
import {
  converge,
  type Convergence,
  type Progress,
  type RunOptions,
  type RunReport,
  runSteps,
} from "../../../../src/reconcile/engine/run/run";
import { openRegion } from "../../../../src/reconcile/kinds";
import type { Region } from "../../../../src/reconcile/region/region";
import { asRead, EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";
import { adopted, dhcp, fabric, nic, range, relay, space, subnet, vlan } from "../support/objects";
import { wordsOf } from "../support/words";

describe("run", () => {
  /** A step that waits for these. */
  const step = (place: number, after: readonly number[] = []): Step => ({
    ...{
      action: "create",
      kind: "space",
      key: String(place),
      path: `lab/${place}`,
      desired: {},
      differences: [],
      after,
    },
  });

  const placeOf = ({ key }: Step): number => Number(key);

  const chain = [step(0), step(1, [0]), step(2, [1])];
  const wide = [step(0), step(1), step(2), step(3)];

  /** Any plan of up to twelve steps: each waits for some of the earlier ones. */
  const plans: fc.Arbitrary<Step[]> = fc.array(fc.nat(), { maxLength: 12 }).map((masks) =>
    masks.map((mask, place) =>
      step(
        place,
        Array.from({ length: place }, (_, earlier) => earlier).filter((earlier) => ((mask >> earlier) & 3) === 3),
      ),
    ),
  );

  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** What was seen of a run. */
  interface Seen {
    readonly report: RunReport;
    readonly progress: readonly Progress[];
    /** Places in the order in which the steps began. */
    readonly begun: readonly number[];
    readonly atOnce: number;
    /** Steps that began before one that they wait for had ended. */
    readonly tooEarly: readonly number[];
  }

  async function see(
    steps: readonly Step[],
    options: Partial<RunOptions> = {},
    work: (place: number) => Promise<void> | void = tick,
  ): Promise<Seen> {
    const [begun, tooEarly, progress]: [number[], number[], Progress[]] = [[], [], []];
    const ended = new Set<number>();
    let running = 0;
    let atOnce = 0;
    const report = await runSteps(
      steps,
      async (one) => {
        begun.push(placeOf(one));
        if (!one.after.every((earlier) => ended.has(earlier))) tooEarly.push(placeOf(one));
        atOnce = Math.max(atOnce, (running += 1));
        try {
          await work(placeOf(one));
          ended.add(placeOf(one));
        } finally {
          running -= 1;
        }
      },
      { concurrency: 4, onProgress: (one) => progress.push(one), ...options },
    );
    return { report, progress, begun, atOnce, tooEarly };
  }

  const places = ({ done, failed, notTried }: RunReport): number[][] => [
    done.map(placeOf),
    failed.map(({ step: one }) => placeOf(one)),
    notTried.map(placeOf),
  ];

  const failing =
    (...bad: readonly number[]) =>
    async (place: number): Promise<void> => {
      await tick();
      if (bad.includes(place)) throw new Error(`step ${place}`);
    };

  test("no steps are run at once, and nothing is reported", async () => {
    expect(await see([])).toMatchObject({ report: { done: [], failed: [], notTried: [] }, progress: [], begun: [] });
  });

  test("steps that wait for nothing run at once, as many as are allowed and no more", async () => {
    expect((await see(wide, { concurrency: 3 })).atOnce).toBe(3);
    expect((await see(wide, { concurrency: 9 })).atOnce).toBe(4);
    expect(await see(wide, { concurrency: 1 })).toMatchObject({ atOnce: 1, begun: [0, 1, 2, 3] });
  });

  test("steps that wait for each other run one after the other, however many are allowed", async () => {
    expect(await see(chain)).toMatchObject({ atOnce: 1, begun: [0, 1, 2], tooEarly: [] });
  });

  test("each step is told when it starts and when it ends, with its time", async () => {
    const { progress } = await see([step(0)]);
    expect(progress).toEqual([
      { state: "started", step: step(0) },
      { state: "done", step: step(0), ms: expect.any(Number) as number },
    ]);
  });

  test("the first failure ends the run: what waits for it is not tried, nor anything else that has not begun", async () => {
    const error = new Error("step 1");
    const { report, progress } = await see([...chain, step(3)], { concurrency: 1 }, failing(1));
    expect(places(report)).toEqual([[0], [1], [2, 3]]);
    expect(report.failed[0]?.error).toEqual(error);
    expect(progress.at(-1)).toMatchObject({ state: "failed", step: { key: "1" }, error });
  });

  test("what is under way when a step fails is finished, and its result is known", async () => {
    const late = async (place: number): Promise<void> => {
      if (place === 0) throw new Error("step 0");
      for (let turns = 0; turns < place * 3; turns += 1) await tick();
      if (place === 2) throw new Error("step 2");
    };
    const { report, progress } = await see(wide, { concurrency: 3 }, late);
    expect(places(report)).toEqual([[1], [0, 2], [3]]);
    expect(progress.filter(({ state }) => state === "started")).toHaveLength(3);
  });

  test("work that throws instead of rejecting is a failure, too", async () => {
    const { report } = await see([step(0)], {}, () => {
      throw new TypeError("at once");
    });
    expect(report.failed[0]?.error).toEqual(new TypeError("at once"));
  });

  test("an abort ends the run after the steps that are under way", async () => {
    const abort = new AbortController();
    const { report } = await see(chain, { signal: abort.signal }, async (place) => {
      if (place === 1) abort.abort();
      await tick();
    });
    expect(places(report)).toEqual([[0, 1], [], [2]]);
  });

  test("an abort before the run lets nothing begin", async () => {
    const { report, begun } = await see(wide, { signal: AbortSignal.abort() });
    expect([places(report), begun]).toEqual([[[], [], [0, 1, 2, 3]], []]);
  });

  test("any plan runs in its order, within bounds, and every step ends in exactly one list", async () => {
    const settings = fc.record({
      concurrency: fc.integer({ min: 1, max: 5 }),
      bad: fc.array(fc.nat(14), { maxLength: 2 }),
      abortAt: fc.nat(14),
    });
    await fc.assert(
      fc.asyncProperty(plans, settings, async (plan, { concurrency, bad, abortAt }) => {
        const abort = new AbortController();
        const { report, begun, atOnce, tooEarly, progress } = await see(
          ...[plan, { concurrency, signal: abort.signal }],
          async (place) => {
            if (place === abortAt) abort.abort();
            for (let turns = place % 3; turns >= 0; turns -= 1) await tick();
            if (bad.includes(place)) throw new Error(`step ${place}`);
          },
        );
        const [done = [], failed = [], notTried = []] = places(report);
        expect([...done, ...failed, ...notTried].sort((a, b) => a - b)).toEqual(plan.map(placeOf));
        expect([...done, ...failed].sort((a, b) => a - b)).toEqual([...begun].sort((a, b) => a - b));
        for (const list of [done, notTried]) expect(list).toEqual([...list].sort((a, b) => a - b));
        expect(failed.every((place) => bad.includes(place))).toBe(true);
        expect(tooEarly).toEqual([]);
        expect(atOnce).toBeLessThanOrEqual(concurrency);
        expect(progress).toHaveLength(begun.length * 2);
        if (failed.length === 0 && !abort.signal.aborted) expect(notTried).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("converge", () => {
  const V4 = "10.0.0.0/24";

  let user: EngineUser;

  beforeAll(async () => {
    const eth1 = { name: "eth1", fabric: "spare" };
    user = await EngineUser.start({
      fabrics: [{ name: "spare" }],
      racks: ["rack1", "rack2"].map((hostname) => ({
        hostname,
        interfaces: [{ name: "eth0" }, eth1, { ...eth1, name: "eth2" }],
      })),
    });
  });

  afterAll(() => user.stop());

  beforeEach(() => user.reset());

  /** Runs what a document takes on a region, with the user's client or another one. */
  async function run(
    document: NetworkDocument,
    { client = user.api, ...options }: Partial<RunOptions> & { readonly client?: Region["client"] } = {},
  ): Promise<Convergence> {
    const region: Region = openRegion(client);
    const record = user.record && { record: user.record };
    const request = { goal: "apply", document: asRead(document), ...record } as const;
    const prepared = await prepare(region, request, { url: user.simulator.url });
    const report = await converge(region, prepared, { concurrency: 4, ...options });
    user.record = prepared.record.after;
    return report;
  }

  const words = ({ done, failed, notTried, rounds }: Convergence): unknown => ({
    done: done.map(wordsOf),
    failed: failed.map(({ step }) => wordsOf(step)),
    notTried: notTried.map(wordsOf),
    rounds,
  });

  /** The user's client, with somebody else's hand in its POSTs. */
  const meddled = (meddle: (path: string, made: ObjectJson) => Promise<void>): Region["client"] => ({
    get: user.api.get.bind(user.api),
    put: user.api.put.bind(user.api),
    delete: user.api.delete.bind(user.api),
    post: async (path, form) => {
      const made = (await user.api.post(path, form)) as ObjectJson;
      await meddle(path, made);
      return made;
    },
  });

  test("a region that is as wanted is not touched, in one round", async () => {
    expect(words(await run(documentOf([])))).toEqual({ done: [], failed: [], notTried: [], rounds: 1 });
  });

  test("a plan that does all takes one round, and a look whether it did", async () => {
    const report = await run(documentOf([space("green")]));
    expect(words(report)).toEqual({ done: ["create space green"], failed: [], notTried: [], rounds: 1 });
  });

  test("a fabric that MAAS deletes when its last interface leaves is made again, with what was on it", async () => {
    const lab = [fabric("lab"), adopted(vlan("lab:0")), subnet(V4, "lab:0")];
    const old = [fabric("old", { class_type: "10g" }), adopted(vlan("old:0")), vlan("old:10")];
    const racks = { rack_controller: ["rack1"] };
    await run(documentOf([...lab, ...old, nic("rack1/eth1", "old:0")], racks));
    const wanted = documentOf([...lab, ...old, nic("rack1/eth1", "lab:0")], racks);
    const report = await run(wanted);
    expect(words(report)).toEqual({
      done: ["update rack_interface rack1/eth1", "create fabric old", "create vlan old:0", "create vlan old:10"],
      ...{ failed: [], notTried: [], rounds: 2 },
    });
    expect(user.simulator.state.fabrics).toContain("old");
    expect((await user.prepare(wanted)).plan.steps).toEqual([]);
  });

  test("a step that fails for want of a fabric that MAAS has deleted so is done once that is there again", async () => {
    const racks = { rack_controller: ["rack1"] };
    const range10 = range(V4, "dynamic", "10.0.0.100-10.0.0.199");
    const old = [fabric("old"), adopted(vlan("old:0")), vlan("old:10")];
    const lab = [fabric("lab"), adopted(vlan("lab:0")), subnet(V4, "lab:0"), range10];
    const described = lab.map((object) =>
      object.kind === "fabric" ? { ...object, attributes: { ...object.attributes, description: "ours" } } : object,
    );
    const { interfaces } = user.simulator.state;
    await run(documentOf([...lab, ...old, nic("rack1/eth1", "old:0"), nic("rack1/eth2", "lab:0")], racks));
    // The relay waits for the DHCP that it relays to, and that for the interface whose leaving ends the fabric.
    const served = [dhcp("lab:0", "rack1"), relay("old:10", "lab:0")];
    const wanted = documentOf([...described, ...old, nic("rack1/eth1", "lab:0"), ...served], racks);
    // What is given back last is given back all the same.
    const report = await run(wanted);
    expect(words(report)).toMatchObject({ failed: [], notTried: [], rounds: 2 });
    const at = ({ name, vlan: on }: (typeof interfaces)[number]): unknown => [name, on];
    expect(user.simulator.state.interfaces.map(at)).toEqual(
      interfaces.map((one) =>
        one.name === "eth1" && one.node === "rack1" ? [one.name, { fabric: "lab", vid: 0 }] : at(one),
      ),
    );
    expect((await user.prepare(wanted)).plan.steps).toEqual([]);
  });

  test("so is an interface that MAAS refuses to put on a VLAN which went with its fabric: two racks that exchange their fabrics", async () => {
    const racks = { rack_controller: ["rack1", "rack2"] };
    const fabrics = [fabric("a"), adopted(vlan("a:0")), fabric("b"), adopted(vlan("b:0"))];
    await run(documentOf([...fabrics, nic("rack1/eth1", "a:0"), nic("rack2/eth1", "b:0")], racks));
    const wanted = documentOf([...fabrics, nic("rack1/eth1", "b:0"), nic("rack2/eth1", "a:0")], racks);
    expect(words(await run(wanted))).toMatchObject({ failed: [], notTried: [], rounds: 2 });
    expect((await user.prepare(wanted)).plan.steps).toEqual([]);
  });

  test("a step that fails for want of anything else ends the run", async () => {
    const client = meddled(async (path, { id }) => {
      if (path === "fabrics/") await user.api.delete(apiPath`fabrics/${textOf(id)}/`);
    });
    expect(words(await run(documentOf([fabric("lab"), vlan("lab:10")]), { client }))).toEqual({
      ...{ done: ["create fabric lab"], failed: ["create vlan lab:10"], notTried: [], rounds: 1 },
    });
  });

  test("what somebody else takes away once is made again", async () => {
    let times = 0;
    const client = meddled(async (path, { id }) => {
      if (path === "spaces/" && (times += 1) === 1) await user.api.delete(apiPath`spaces/${textOf(id)}/`);
    });
    const report = await run(documentOf([space("green")]), { client });
    expect(words(report)).toMatchObject({ done: ["create space green", "create space green"], rounds: 2 });
  });

  test("what somebody else takes away each time is given up after three rounds, and counts as not tried", async () => {
    const client = meddled(async (path, { id }) => {
      if (path === "spaces/") await user.api.delete(apiPath`spaces/${textOf(id)}/`);
    });
    const creation = "create space green";
    expect(words(await run(documentOf([space("green"), space("blue")]), { client }))).toEqual({
      done: Array.from({ length: 3 }, () => ["create space blue", creation]).flat(),
      ...{ failed: [], notTried: ["create space blue", creation], rounds: 3 },
    });
  });

  test("the first failure ends it all, with no other look", async () => {
    const client = meddled(() => Promise.reject(new Error("the line is cut")));
    user.simulator.requests.clear();
    const report = await run(documentOf([fabric("lab"), vlan("lab:10")]), { client });
    expect(words(report)).toMatchObject({
      done: [],
      failed: ["create fabric lab"],
      notTried: ["create vlan lab:10"],
      rounds: 1,
    });
    expect(report.failed[0]?.error).toEqual(new Error("the line is cut"));
    expect(user.simulator.requests.all().at(-1)?.method).toBe("POST");
  });

  test("an abort ends it all, with no other look", async () => {
    const report = await run(documentOf([space("green")]), { signal: AbortSignal.abort() });
    expect(words(report)).toEqual({ done: [], failed: [], notTried: ["create space green"], rounds: 1 });
  });
});
