export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * When a failed call may be repeated.
 * `safe`: nothing was carried out, so any call. `idempotent`: it may have been carried out, so all but POST.
 * `briefly`: as `idempotent`, but the cause often stays, so only a few times. `never`: the same call would fail again.
 */
export type Recovery = "safe" | "idempotent" | "briefly" | "never";

/** Attempts of a call that fails with `briefly`. */
const BRIEF_ATTEMPTS = 3;

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

/** Seconds that failed calls are repeated for by default: a region that restarts for two minutes is back well before the last attempt. */
export const DEFAULT_RETRY_TIMEOUT_S = 150;

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attempts: Infinity,
  baseDelayMs: 500,
  maxDelayMs: 10_000,
  maxRetryAfterMs: 60_000,
  deadlineMs: DEFAULT_RETRY_TIMEOUT_S * 1000,
};

/** A failed attempt, as far as the decision to repeat it needs it. */
export interface FailedAttempt {
  readonly method: Method;
  /** Done twice the call comes to the same, or the caller looks at what a lost one has done: a POST may be repeated like a PUT. */
  readonly isIdempotent?: boolean | undefined;
  readonly recovery: Recovery;
  /** 1 for the first. */
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly retryAfterMs?: number | undefined;
}

const REPEATABLE: Readonly<Record<Recovery, readonly Method[]>> = {
  safe: ["GET", "POST", "PUT", "DELETE"],
  idempotent: ["GET", "PUT", "DELETE"],
  briefly: ["GET", "PUT", "DELETE"],
  never: [],
};

/**
 * Milliseconds to wait before the next attempt, or undefined when there must be none.
 *
 * Guarantees: at most `maxDelayMs` without a Retry-After, else at least the (capped) Retry-After and at most
 * `baseDelayMs` more. The last attempt is at the deadline, so that a region that is back by then is always found, unless it has
 * asked for more time. `random` gives numbers in [0, 1) and spreads clients that failed together.
 */
export function retryDelay(policy: RetryPolicy, failed: FailedAttempt, random: () => number): number | undefined {
  const attempts = failed.recovery === "briefly" ? Math.min(BRIEF_ATTEMPTS, policy.attempts) : policy.attempts;
  const method = failed.isIdempotent === true ? "PUT" : failed.method;
  const leftMs = policy.deadlineMs - failed.elapsedMs;
  if (!REPEATABLE[failed.recovery].includes(method) || failed.attempt >= attempts || leftMs <= 0) return undefined;
  if (failed.retryAfterMs === undefined) {
    const delay = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failed.attempt - 1)) * (0.5 + random() / 2);
    return Math.min(delay, leftMs);
  }
  const asked = Math.min(policy.maxRetryAfterMs, failed.retryAfterMs);
  return asked > leftMs ? undefined : Math.min(asked + policy.baseDelayMs * random(), leftMs);
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
