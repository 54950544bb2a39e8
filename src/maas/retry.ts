export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * When a failed call may be repeated.
 * `safe`: nothing was carried out, so any call. `idempotent`: it may have been carried out, so all but POST.
 * `never`: the same call would fail again.
 */
export type Recovery = "safe" | "idempotent" | "never";

/** Bounds of the repetition of one call. Units: milliseconds; `attempts` counts the first one too. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Back-off before the second attempt; it doubles from there. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** The most of a Retry-After that is honoured. */
  readonly maxRetryAfterMs: number;
  /** No attempt starts later than this after the first one did. */
  readonly deadlineMs: number;
}

/** MAAS repeats a conflicting transaction itself for up to 90 s before it answers 409, hence the long deadline. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 500,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
  deadlineMs: 300_000,
};

/** A failed attempt, as far as the decision to repeat it needs it. */
export interface FailedAttempt {
  readonly method: Method;
  readonly recovery: Recovery;
  /** 1 for the first. */
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly retryAfterMs?: number | undefined;
}

const REPEATABLE: Readonly<Record<Recovery, readonly Method[]>> = {
  safe: ["GET", "POST", "PUT", "DELETE"],
  idempotent: ["GET", "PUT", "DELETE"],
  never: [],
};

/**
 * Milliseconds to wait before the next attempt, or undefined when there must be none.
 *
 * Guarantees: at most `maxDelayMs` without a Retry-After, else at least the (capped) Retry-After and at most
 * `baseDelayMs` more. `random` gives numbers in [0, 1) and spreads clients that failed together.
 */
export function retryDelay(policy: RetryPolicy, failed: FailedAttempt, random: () => number): number | undefined {
  if (!REPEATABLE[failed.recovery].includes(failed.method) || failed.attempt >= policy.attempts) return undefined;
  const delay =
    failed.retryAfterMs === undefined
      ? Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failed.attempt - 1)) * (0.5 + random() / 2)
      : Math.min(policy.maxRetryAfterMs, failed.retryAfterMs) + policy.baseDelayMs * random();
  return failed.elapsedMs + delay > policy.deadlineMs ? undefined : delay;
}

/** Milliseconds that a `Retry-After` header (seconds, or an HTTP date) asks for; undefined when it says nothing. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes a bare negative number for a year, so an HTTP date's leading weekday is asked for.
  const date = /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
