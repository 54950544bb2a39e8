import * as fc from "fast-check";
import { KeyedMutex } from "../../../src/reconcile/region/region";

const jobsOf = fc.array(
  fc.record({
    key: fc.constantFrom("a", "b"),
    fails: fc.boolean(),
    access: fc.constantFrom("alone" as const, "shared" as const),
  }),
);

test("work with one key begins in order, alone or beside shared work, and work with another key at once", async () => {
  await fc.assert(
    fc.asyncProperty(jobsOf, async (jobs) => {
      const mutex = new KeyedMutex();
      const running: (typeof jobs)[number][] = [];
      const begun: number[] = [];
      const results = await Promise.allSettled(
        jobs.map((job, index) =>
          mutex.run(
            job.key,
            async () => {
              const beside = running.filter(({ key }) => key === job.key);
              expect(beside.filter(({ access }) => access === "alone" || job.access === "alone")).toEqual([]);
              running.push(job);
              begun.push(index);
              await new Promise((resolve) => setImmediate(resolve));
              running.splice(running.indexOf(job), 1);
              if (job.fails) throw new Error(String(index));
              return index;
            },
            job.access,
          ),
        ),
      );
      expect(results.map(({ status }) => status)).toEqual(jobs.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
      for (const key of ["a", "b"]) {
        const order = begun.filter((index) => jobs[index]?.key === key);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }),
    { numRuns: 50 },
  );
});

test("shared work with one key runs at once", async () => {
  const mutex = new KeyedMutex();
  let release = (): void => undefined;
  const first = mutex.run("a", () => new Promise<void>((resolve) => (release = resolve)), "shared");
  expect(await mutex.run("a", () => Promise.resolve("done"), "shared")).toBe("done");
  release();
  await first;
});

test("work waits for no other key", async () => {
  const mutex = new KeyedMutex();
  let release = (): void => undefined;
  const first = mutex.run("a", () => new Promise<void>((resolve) => (release = resolve)));
  expect(await mutex.run("b", () => Promise.resolve("done"))).toBe("done");
  release();
  await first;
});
