import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { checkAnswer, objectAnswered, versionAnswered } from "./answer";
import { passwordsOf, redactorOf } from "./redactor";
import { decodeSuccess, type HttpResponse, redacted } from "./response";
import { type ApiKey, oauthHeader, type OAuthSource, SYSTEM_OAUTH_SOURCE } from "./api-key";
import type { ApiUrl } from "./api-url";
import type { ObjectJson } from "./codec";
import {
  MaasAbortedError,
  MaasError,
  MaasHttpError,
  MaasNotFoundError,
  type MaasRequest,
  type Outcome,
} from "./errors";
import { networkError } from "./network-failure";
import { notOfRegion, OLD_NOT_FOUND, responseError, saysNotFound } from "./response-error";
import { DEFAULT_RETRY_POLICY, type Method, retryDelay, type RetryPolicy } from "./retry";
import { Transport } from "./transport";
import type { TrustOptions } from "./tls";

/** MAAS may repeat a conflicting transaction for 90 s before it answers. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** Silence of the region after which the user is told that a call waits. */
const SILENCE_MS = 10_000;

const VERSION_PATH = "version/";

/** Fields of a form in order; a name may occur several times. */
export type Form = readonly (readonly [name: string, value: string])[];
export type Query = Readonly<Record<string, string>>;

/** What goes with a POST that may be repeated. */
export interface PostOptions {
  /**
   * Looks for what an earlier attempt of this POST has made; undefined = nothing. With it a POST whose outcome is not known
   * is repeated where the failure may pass, each time after such a look, and the result is an object with an id.
   */
  readonly made?: () => Promise<ObjectJson | undefined>;
  /** Done twice it comes to the same, so that it may be repeated like a PUT, whatever it is answered with. */
  readonly isIdempotent?: true;
}

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
  /** Milliseconds after which an attempt is given up; 120,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** Bytes of the largest answer that is read; 256 MiB by default. */
  readonly maxBytes?: number | undefined;
  readonly retry?: Partial<RetryPolicy> | undefined;
  readonly log?: ((entry: LogEntry) => void) | undefined;
  /** Told, once until the region answers again, that a call waits for it. */
  readonly onWait?: ((text: string) => void) | undefined;
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
  #waiting = false;
  #isClosed = false;
  #version: Promise<unknown> | undefined; // the newest answer to `version/`, or the one that is under way
  readonly #options: MaasClientOptions;
  readonly #policy: RetryPolicy;
  readonly #source: OAuthSource;
  readonly #transport: Transport;
  readonly #signal: AbortSignal | undefined;
  readonly #redactPasswords = redactorOf(...passwordsOf(process.env));

  /** @throws MaasConfigError for a certificate file or a proxy address that cannot be used. */
  constructor(options: MaasClientOptions) {
    this.#options = options;
    this.#policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
    this.#signal = options.signal && sharedSignal(options.signal);
    this.#source = options.oauthSource ?? SYSTEM_OAUTH_SOURCE;
    this.#transport = new Transport({ ...options, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
  }

  get(path: string, query?: Query): Promise<unknown> {
    const answer = this.#call("GET", path, query);
    if (path === VERSION_PATH) this.#version = answer;
    return answer;
  }

  post(
    path: string,
    form: Form | undefined,
    query: Query | undefined,
    options: Required<Pick<PostOptions, "made">>,
  ): Promise<ObjectJson>;
  post(path: string, form?: Form, query?: Query, options?: Pick<PostOptions, "isIdempotent">): Promise<unknown>;
  post(path: string, form: Form = [], query?: Query, options: PostOptions = {}): Promise<unknown> {
    return this.#call("POST", path, query, form, options);
  }

  async put(path: string, form: Form): Promise<ObjectJson> {
    return (await this.#call("PUT", path, undefined, form)) as ObjectJson;
  }

  /** A repeated DELETE that finds the object gone counts as done. */
  delete(path: string, query?: Query): Promise<unknown> {
    return this.#call("DELETE", path, query);
  }

  /** Waits for calls under way, then closes the connections. No further attempt of any call is made. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#transport.close();
  }

  async #call(method: Method, path: string, query?: Query, form?: Form, options: PostOptions = {}): Promise<unknown> {
    const { made, isIdempotent = made !== undefined } = options;
    const url = this.#options.apiUrl.resolve(path, query);
    const request: MaasRequest = { method, path: path + url.search, url: url.href };
    const started = performance.now();
    let doubtful = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#confirmed(request, await this.#attempt(request, form, attempt));
        return made === undefined ? answer : objectAnswered(request, answer);
      } catch (thrown) {
        const error = await this.#explained(thrown);
        if (doubtful && method === "DELETE" && error instanceof MaasNotFoundError) return undefined;
        doubtful ||= error.outcome === "unknown";
        const retryAfterMs = error instanceof MaasHttpError ? error.retryAfterMs : undefined;
        const elapsedMs = performance.now() - started;
        const failed = { method, recovery: error.recovery, attempt, elapsedMs, retryAfterMs, isIdempotent };
        const delay = retryDelay(this.#policy, failed, this.#options.random ?? Math.random);
        if (delay !== undefined) {
          this.#say(`${error.problem} It is tried again for up to ${Math.round(this.#policy.deadlineMs / 1000)} s.`);
          await this.#pause(request, delay, doubtful ? "unknown" : error.outcome);
        }
        const found = doubtful ? await lookFor(made, error) : undefined;
        if (found !== undefined) return found;
        if (delay === undefined) throw doubtful ? error.withEarlierDoubt() : error;
      }
    }
  }

  /** What an answer that something is gone, or that there is nothing, is worth: only MAAS itself may say so. */
  async #confirmed(request: MaasRequest, answer: unknown): Promise<unknown> {
    if (request.method === "GET" && Array.isArray(answer) && answer.length === 0)
      await this.#requireRegion(request, "was answered with an empty list");
    return answer;
  }

  /** The error, where a 404 counts as MAAS's only from a region that is MAAS. @throws what is no error of a call */
  async #explained(thrown: unknown): Promise<MaasError> {
    if (!(thrown instanceof MaasError)) throw thrown;
    if (!(thrown instanceof MaasNotFoundError)) return thrown;
    try {
      const version = await this.#requireRegion(thrown.request, `was answered 404 (${thrown.body})`);
      if (thrown.body !== OLD_NOT_FOUND || saysNotFound(version)) return thrown;
      return notOfRegion(thrown.request, `was answered 404 (${thrown.body})`, `MAAS ${version} says it in other words`);
    } catch (error) {
      if (error instanceof MaasError) return error;
      throw error;
    }
  }

  /** The release of the region. Asked for once. @throws MaasDecodeError when what is at api_url does not answer as MAAS */
  async #requireRegion(request: MaasRequest, what: string): Promise<string> {
    if (request.path === VERSION_PATH) throw notOfRegion(request, what, "MAAS answers it with its version");
    this.#version ??= this.#call("GET", VERSION_PATH);
    try {
      const version = versionAnswered(await this.#version);
      if (version === undefined) throw new TypeError("the answer has no version");
      return version;
    } catch (error) {
      this.#version = undefined;
      if (error instanceof MaasAbortedError) throw error;
      throw notOfRegion(request, what, `GET version/ does not answer as MAAS does (${problemOf(error)})`);
    }
  }

  async #attempt(request: MaasRequest, form: Form | undefined, attempt: number): Promise<unknown> {
    if (this.#isClosed || this.#signal?.aborted) throw new MaasAbortedError(request, "not-sent");
    const started = performance.now();
    let status: number | undefined;
    const silence = setTimeout(() => this.#say(this.#silent(request)), SILENCE_MS).unref();
    try {
      const response = await this.#send(request, form);
      status = response.status;
      if (status >= 200 && status < 300) {
        const answer = decodeSuccess(request, response);
        checkAnswer(request, answer);
        this.#waiting = false;
        return answer;
      }
      throw responseError(request, response, this.#source.now());
    } finally {
      clearTimeout(silence);
      const { method, path } = request;
      this.#options.log?.({ method, path, status, durationMs: performance.now() - started, attempt });
    }
  }

  #silent({ method, path, url }: MaasRequest): string {
    const limit = Math.round((this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000);
    return `${method} ${path} has no answer from ${new URL(url).host} yet. It is given up after ${limit} s.`;
  }

  #say(text: string): void {
    if (!this.#waiting) this.#options.onWait?.(text);
    this.#waiting = true;
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
      return redacted(response, (text) => this.#redactPasswords(apiKey.redact(text)));
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

/** What the lost POST has made. When the look fails too, the error of the POST is the one to tell. */
async function lookFor(made: PostOptions["made"], error: MaasError): Promise<ObjectJson | undefined> {
  try {
    return await made?.();
  } catch (lookError) {
    if (lookError instanceof MaasError) throw error.withEarlierDoubt();
    throw lookError;
  }
}

const problemOf = (error: unknown): string =>
  error instanceof MaasError ? error.problem : error instanceof Error ? error.message : String(error);

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
