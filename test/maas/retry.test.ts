import * as fc from "fast-check";
import { DEFAULT_RETRY_POLICY, type Method, parseRetryAfter, type Recovery, retryDelay } from "../../src/maas/retry";

const method = fc.constantFrom<Method>("GET", "POST", "PUT", "DELETE");
const recovery = fc.constantFrom<Recovery>("safe", "idempotent", "never");
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const duration = fc.integer({ min: 0, max: 1_000_000 });
const policy = fc.record({
  attempts: fc.integer({ min: 1, max: 20 }),
  baseDelayMs: duration,
  maxDelayMs: duration,
  maxRetryAfterMs: duration,
  deadlineMs: duration,
});

test("delay and number of attempts stay within the policy's bounds", () => {
  fc.assert(
    fc.property(policy, method, recovery, fc.option(duration, { nil: undefined }), random, (...values) => {
      const [bounds, verb, kind, retryAfterMs, chance] = values;
      let elapsedMs = 0;
      let attempt = 1;
      for (; ; attempt++) {
        const delay = retryDelay(
          bounds,
          { method: verb, recovery: kind, attempt, elapsedMs, retryAfterMs },
          () => chance,
        );
        if (delay === undefined) break;
        expect(delay).toBeGreaterThanOrEqual(
          retryAfterMs === undefined ? 0 : Math.min(retryAfterMs, bounds.maxRetryAfterMs),
        );
        expect(delay).toBeLessThanOrEqual(
          retryAfterMs === undefined ? bounds.maxDelayMs : bounds.maxRetryAfterMs + bounds.baseDelayMs,
        );
        elapsedMs += delay;
      }
      expect(attempt).toBeLessThanOrEqual(bounds.attempts);
      expect(elapsedMs).toBeLessThanOrEqual(bounds.deadlineMs);
    }),
  );
});

test("the last attempt is at the deadline, unless the region asks for more time", () => {
  const lastAt = (deadlineMs: number, chance: number, retryAfterMs?: number): number => {
    for (let [attempt, elapsedMs] = [1, 0]; ; attempt++) {
      const failed = { method: "GET", recovery: "safe", attempt, elapsedMs, retryAfterMs } as const;
      const delay = retryDelay({ ...DEFAULT_RETRY_POLICY, deadlineMs }, failed, () => chance);
      if (delay === undefined) return elapsedMs;
      elapsedMs += delay;
    }
  };
  fc.assert(fc.property(duration, random, (ms, chance) => expect(lastAt(ms, chance)).toBeCloseTo(ms, 6)));
  expect(lastAt(10_000, 0.5, 4000)).toBe(8500);
  expect(lastAt(10_000, 0.5, 9900)).toBe(10_000);
  expect(lastAt(10_000, 0.5, 11_000)).toBe(0);
});

test("by default a region that is down for two minutes is asked again after it is back", () => {
  const isUnavailable = (chance: number): boolean => {
    for (let [attempt, elapsedMs] = [1, 0]; ; attempt++) {
      const failed = { method: "GET", recovery: "safe", attempt, elapsedMs } as const;
      const delay = retryDelay(DEFAULT_RETRY_POLICY, failed, () => chance);
      if (delay === undefined) return true;
      elapsedMs += delay;
      if (elapsedMs > 130_000) return false;
    }
  };
  fc.assert(fc.property(random, (chance) => expect(isUnavailable(chance)).toBe(false)));
});

test("a call that may have been carried out is repeated unless it is a POST", () => {
  const repeats = (verb: Method, kind: Recovery) =>
    retryDelay(DEFAULT_RETRY_POLICY, { method: verb, recovery: kind, attempt: 1, elapsedMs: 0 }, () => 0) !== undefined;
  const verbs: Method[] = ["GET", "POST", "PUT", "DELETE"];
  expect(verbs.filter((verb) => repeats(verb, "safe"))).toEqual(verbs);
  expect(verbs.filter((verb) => repeats(verb, "idempotent"))).toEqual(["GET", "PUT", "DELETE"]);
  expect(verbs.filter((verb) => repeats(verb, "never"))).toEqual([]);
});

test.each<[Recovery, boolean]>([
  ["safe", true],
  ["idempotent", true],
  ["briefly", true],
  ["never", false],
])("a POST that comes to the same when done twice is repeated like a PUT: %s", (kind, isRepeated) => {
  const failed = { method: "POST", recovery: kind, attempt: 1, elapsedMs: 0, isIdempotent: true } as const;
  expect(retryDelay(DEFAULT_RETRY_POLICY, failed, () => 0) !== undefined).toBe(isRepeated);
});

test("the back-off doubles up to its maximum, at most halved by chance", () => {
  const delays = (chance: number) =>
    [1, 2, 3, 4, 5, 6].map((attempt) =>
      retryDelay(
        { ...DEFAULT_RETRY_POLICY, attempts: 10, maxDelayMs: 5_000 },
        { method: "GET", recovery: "safe", attempt, elapsedMs: 0 },
        () => chance,
      ),
    );
  expect(delays(0)).toEqual([250, 500, 1000, 2000, 2500, 2500]);
  expect(delays(0.5)).toEqual([375, 750, 1500, 3000, 3750, 3750]);
});

test.each([
  ["5", 5000],
  ["0", 0],
  ["Sun, 22 Nov 2026 10:00:30 GMT", 30_000],
  ["Sun, 22 Nov 2026 09:00:00 GMT", 0],
  ["-5", undefined],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j asks for %j ms", (header, delay) => {
  expect(parseRetryAfter(header, Date.parse("2026-11-22T10:00:00Z"))).toBe(delay);
});
