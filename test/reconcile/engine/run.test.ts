import * as fc from "fast-check";
import type { Step } from "../../../src/reconcile/engine/order";
import { type Progress, type RunOptions, type RunReport, runSteps } from "../../../src/reconcile/engine/run";

/** A step that waits for these. */
const step = (place: number, after: readonly number[] = []): Step => ({
  ...{ action: "create", kind: "space", key: String(place), path: `lab/${place}`, desired: {}, differences: [], after },
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
