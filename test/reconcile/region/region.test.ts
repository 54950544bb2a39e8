import * as fc from "fast-check";
import { KeyedMutex } from "../../../src/reconcile/region/region";

test("work with one key runs one after the other in order, and work with another key at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ key: fc.constantFrom("a", "b"), fails: fc.boolean() })), async (jobs) => {
      const mutex = new KeyedMutex();
      const running = new Map<string, number>();
      const ended: number[] = [];
      const results = await Promise.allSettled(
        jobs.map(({ key, fails }, index) =>
          mutex.run(key, async () => {
            expect(running.get(key) ?? 0).toBe(0);
            running.set(key, 1);
            await new Promise((resolve) => setImmediate(resolve));
            running.set(key, 0);
            ended.push(index);
            if (fails) throw new Error(String(index));
            return index;
          }),
        ),
      );
      expect(results.map(({ status }) => status)).toEqual(jobs.map(({ fails }) => (fails ? "rejected" : "fulfilled")));
      for (const key of ["a", "b"]) {
        const order = ended.filter((index) => jobs[index]?.key === key);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
    }),
    { numRuns: 50 },
  );
});

test("work waits for no other key", async () => {
  const mutex = new KeyedMutex();
  let release = (): void => undefined;
  const first = mutex.run("a", () => new Promise<void>((resolve) => (release = resolve)));
  expect(await mutex.run("b", () => Promise.resolve("done"))).toBe("done");
  release();
  await first;
});
