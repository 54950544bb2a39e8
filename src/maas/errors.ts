import { ProblemError } from "../../lib/model/problem";
import type { ProblemCode } from "../../lib/model/problem-codes";
import type { Method, Recovery } from "./retry";

/** One call of the API, as errors and logs show it. Guarantees: no credentials and no form values. */
export interface MaasRequest {
  readonly method: Method;
  /** Below `/MAAS/api/2.0/`, with the query: `subnets/12/?op=statistics`. */
  readonly path: string;
  readonly url: string;
}

/** Host and port that a request went to. */
export const hostOf = ({ url }: MaasRequest): string => new URL(url).host;

/**
 * What is known of a failed call: it never left this machine, MAAS turned it down and changed nothing, or it may have
 * been carried out (look for the object by its natural key before repeating a POST).
 */
export type Outcome = "not-sent" | "refused" | "unknown";

/** What a failure says beyond its message. */
export interface Failure<O extends Outcome = Outcome> {
  readonly outcome: O;
  readonly recovery: Recovery;
  readonly cause?: unknown;
  /** What to do about it: a sentence that begins in lower case. */
  readonly fix?: string;
}

/** Any failure of a call. Guarantees: neither message, properties nor cause hold the API key. */
export abstract class MaasError extends ProblemError {
  readonly recovery: Recovery;
  readonly fix: string | undefined;
  #outcome: Outcome;

  constructor(
    code: ProblemCode,
    readonly request: MaasRequest,
    /** What happened and why, in sentences; the message adds the fix. */
    readonly problem: string,
    failure: Failure,
  ) {
    super(
      code,
      failure.fix === undefined ? problem : `${problem} Fix: ${failure.fix}`,
      [],
      failure.cause === undefined ? undefined : { cause: failure.cause },
    );
    this.fix = failure.fix;
    this.#outcome = failure.outcome;
    this.recovery = failure.recovery;
  }

  get outcome(): Outcome {
    return this.#outcome;
  }

  /** An earlier attempt of the same call may have been carried out, whatever became of this one. */
  withEarlierDoubt(): this {
    this.#outcome = "unknown";
    return this;
  }
}

/** No answer: the region was not reached, or the connection broke. `cause` is the socket's error. */
export class MaasNetworkError extends MaasError {
  override readonly name: string = "MaasNetworkError";
  constructor(request: MaasRequest, message: string, failure: Failure<"not-sent" | "unknown">) {
    super("MAAS-API-01", request, message, failure);
  }
}

/** The caller's signal ended the call. */
export class MaasAbortedError extends MaasError {
  override readonly name = "MaasAbortedError";
  constructor(request: MaasRequest, outcome: Outcome) {
    const doubt =
      outcome === "unknown" && request.method !== "GET" ? " It may have been carried out all the same." : "";
    super(
      "MAAS-API-02",
      request,
      `${request.method} ${request.path} was stopped, since the run was cancelled.${doubt} Run it again to go on.`,
      {
        outcome,
        recovery: "never",
      },
    );
  }
}

/** A success whose body is not an answer of the API, such as the login page of a proxy. */
export class MaasDecodeError extends MaasError {
  override readonly name = "MaasDecodeError";
  constructor(request: MaasRequest, problem: string, fix?: string, recovery: Recovery = "briefly") {
    super("MAAS-API-03", request, problem, { outcome: "unknown", recovery, ...(fix !== undefined && { fix }) });
  }
}

/** An answer with a status other than success. */
export interface HttpFailure extends Failure<"refused" | "unknown"> {
  readonly status: number;
  /** The body as plain text, shortened; empty for a 401, whose body may hold the token secret. */
  readonly body: string;
  /** What the answer says, in sentences: the texts of the fields in a 400, else the body; empty where it says nothing. */
  readonly said: string;
  readonly retryAfterMs: number | undefined;
  /** Whether it is an answer that MAAS itself never gives, such as a redirect or a page of HTML. */
  readonly isForeign: boolean;
}

/** MAAS, or a proxy before it, answered with an error status. */
export class MaasHttpError extends MaasError {
  override readonly name: string = "MaasHttpError";
  readonly status: number;
  readonly body: string;
  readonly said: string;
  readonly retryAfterMs: number | undefined;
  readonly isForeign: boolean;

  constructor(request: MaasRequest, message: string, failure: HttpFailure, code: ProblemCode = "MAAS-API-04") {
    super(code, request, message, failure);
    this.status = failure.status;
    this.body = failure.body;
    this.said = failure.said;
    this.isForeign = failure.isForeign;
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** 400 with MAAS's own words per field. */
export class MaasValidationError extends MaasHttpError {
  override readonly name = "MaasValidationError";
  constructor(
    request: MaasRequest,
    message: string,
    failure: HttpFailure,
    /** Request field to texts; `__all__` is the object as a whole. */
    readonly fields: Readonly<Record<string, readonly string[]>>,
  ) {
    super(request, message, failure, "MAAS-API-05");
  }
}

/** 404 in MAAS's own words, from a region that is MAAS: it does not have the object. */
export class MaasNotFoundError extends MaasHttpError {
  override readonly name = "MaasNotFoundError";
  constructor(request: MaasRequest, message: string, failure: HttpFailure) {
    super(request, message, failure, "MAAS-API-06");
  }
}

/** What comes of the call; undefined where MAAS does not have the object. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof MaasNotFoundError) return undefined;
    throw error;
  }
}

/** 404 in MAAS's own words: this release of MAAS does not have the path, or `api_url` is not the whole of its address. */
export class MaasNoEndpointError extends MaasHttpError {
  override readonly name = "MaasNoEndpointError";
  constructor(request: MaasRequest, message: string, failure: HttpFailure) {
    super(request, message, failure, "MAAS-API-07");
  }
}

/** 401 or 403: the key is wrong, or its user lacks the right. */
export class MaasAuthError extends MaasHttpError {
  override readonly name = "MaasAuthError";
  constructor(request: MaasRequest, message: string, failure: HttpFailure) {
    super(request, message, failure, "MAAS-API-08");
  }
}
