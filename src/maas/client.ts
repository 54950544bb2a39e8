import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiKey } from "./api-key";
import type { ApiUrl } from "./api-url";
import {
  MaasAbortedError,
  MaasError,
  MaasHttpError,
  MaasNotFoundError,
  type MaasRequest,
  type Outcome,
} from "./errors";
import { networkError } from "./network-failure";
import { oauthHeader, type OAuthSource, SYSTEM_OAUTH_SOURCE } from "./oauth";
import { decodeSuccess, type HttpResponse } from "./response";
import { responseError } from "./response-error";
import { DEFAULT_RETRY_POLICY, type Method, retryDelay, type RetryPolicy } from "./retry";
import { Transport } from "./transport";
import type { TrustOptions } from "./trust";

/** MAAS may repeat a conflicting transaction for 90 s before it answers. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** Fields of a form in order; a name may occur several times. */
export type Form = readonly (readonly [name: string, value: string])[];
export type Query = Readonly<Record<string, string>>;

/** One finished attempt. Guarantees: no headers, no form values. `status` is undefined when there was no answer. */
export interface LogEntry {
  readonly method: Method;
  readonly path: string;
  readonly status: number | undefined;
  readonly durationMs: number;
  readonly attempt: number;
}

export interface MaasClientOptions extends TrustOptions {
  readonly apiUrl: ApiUrl;
  readonly apiKey: ApiKey;
  /** Milliseconds without progress after which an attempt is given up; 120,000 by default. */
  readonly timeoutMs?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly log?: ((entry: LogEntry) => void) | undefined;
  /** Ends reads, and every wait between attempts. A change that is under way is finished, so that its result is known. */
  readonly signal?: AbortSignal | undefined;
  readonly oauthSource?: OAuthSource | undefined;
  /** Numbers in [0, 1), for the spread of retries. */
  readonly random?: (() => number) | undefined;
}

/**
 * Calls of the MAAS 2.0 API over kept connections, signed and repeated where that is safe.
 *
 * A path is below `/MAAS/api/2.0/` and ends with a slash: `subnets/12/`; see `apiPath` for dynamic parts. The result is
 * parsed JSON (integers beyond 2^53 as bigint), text for text/plain, undefined for an empty answer.
 * Errors: a {@link MaasError}, whose `outcome` is `unknown` when the call may have been carried out all the same.
 */
export class MaasClient {
  readonly #options: MaasClientOptions;
  readonly #policy: RetryPolicy;
  readonly #source: OAuthSource;
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;

  /** @throws MaasConfigError for a certificate file or a proxy address that cannot be used. */
  constructor(options: MaasClientOptions) {
    this.#options = options;
    this.#policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    this.#signal = options.signal && sharedSignal(options.signal);
    this.#source = options.oauthSource ?? SYSTEM_OAUTH_SOURCE;
    this.#transport = new Transport({ ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
  }

  get(path: string, query?: Query): Promise<unknown> {
    return this.#call("GET", path, query);
  }

  post(path: string, form: Form = [], query?: Query): Promise<unknown> {
    return this.#call("POST", path, query, form);
  }

  put(path: string, form: Form): Promise<unknown> {
    return this.#call("PUT", path, undefined, form);
  }

  /** A repeated DELETE that finds the object gone counts as done. */
  delete(path: string, query?: Query): Promise<unknown> {
    return this.#call("DELETE", path, query);
  }

  /** Waits for calls under way, then closes the connections. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  async #call(method: Method, path: string, query?: Query, form?: Form): Promise<unknown> {
    const url = this.#options.apiUrl.resolve(path, query);
    const request: MaasRequest = { method, path: path + url.search, url: url.href };
    const started = performance.now();
    let doubtful = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(request, form, attempt);
      } catch (error) {
        if (!(error instanceof MaasError)) throw error;
        if (doubtful && method === "DELETE" && error instanceof MaasNotFoundError) return undefined;
        doubtful ||= error.outcome === "unknown";
        const retryAfterMs = error instanceof MaasHttpError ? error.retryAfterMs : undefined;
        const delay = retryDelay(
          this.#policy,
          { method, recovery: error.recovery, attempt, elapsedMs: performance.now() - started, retryAfterMs },
          this.#options.random ?? Math.random,
        );
        if (delay === undefined) throw doubtful ? error.withEarlierDoubt() : error;
        await this.#pause(request, delay, doubtful ? "unknown" : error.outcome);
      }
    }
  }

  async #attempt(request: MaasRequest, form: Form | undefined, attempt: number): Promise<unknown> {
    if (this.#signal?.aborted) throw new MaasAbortedError(request, "not-sent");
    const started = performance.now();
    let status: number | undefined;
    try {
      const response = await this.#send(request, form);
      status = response.status;
      if (status >= 200 && status < 300) return decodeSuccess(request, response);
      throw responseError(request, response, this.#source.now());
    } finally {
      const { method, path } = request;
      this.#options.log?.({ method, path, status, durationMs: performance.now() - started, attempt });
    }
  }

  async #send(request: MaasRequest, form: Form | undefined): Promise<HttpResponse> {
    const { apiKey } = this.#options;
    const signal = request.method === "GET" ? this.#signal : undefined;
    try {
      const response = await this.#transport.send({
        method: request.method,
        url: new URL(request.url),
        headers: {
          authorization: oauthHeader(apiKey, this.#source),
          accept: "application/json",
          "user-agent": "cdktf-maas",
          ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        },
        body: form && encodeForm(form),
        signal,
      });
      // Here, so that no error made from a body can hold the secret.
      return { ...response, text: apiKey.redact(response.text) };
    } catch (error) {
      throw signal?.aborted ? new MaasAbortedError(request, "unknown") : networkError(request, error);
    }
  }

  async #pause(request: MaasRequest, delayMs: number, outcome: Outcome): Promise<void> {
    const signal = this.#signal;
    try {
      await sleep(delayMs, undefined, { ...(signal && { signal }) });
    } catch {
      throw new MaasAbortedError(request, outcome);
    }
  }
}

function encodeForm(form: Form): string {
  const fields = new URLSearchParams();
  for (const [name, value] of form) fields.append(name, value);
  return fields.toString();
}

/** A signal for any number of calls at once, which Node would take for a leak on the caller's own. */
function sharedSignal(signal: AbortSignal): AbortSignal {
  const shared = AbortSignal.any([signal]);
  setMaxListeners(0, shared);
  return shared;
}
