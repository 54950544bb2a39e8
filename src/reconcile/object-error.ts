import { advice, type Problem, ProblemError } from "../../lib/model/problem";
import { MaasError } from "../maas/errors";
import type { Created } from "./object-ops";

/** Something about one object that stops its reconciliation, told to the user at the attribute it is about. */
export class ObjectError extends ProblemError {
  override readonly name: string = "ObjectError";

  constructor(
    readonly problem: Problem<string>,
    options?: ErrorOptions,
  ) {
    super(problem.code, `${problem.what}: ${advice(problem)}`, [problem], options);
  }
}

/** An object can't be created: the region has it, and it may not be taken over. */
export class TakenError extends ObjectError {}

/**
 * A change that takes several calls has ended in between: the object is neither as it was nor as it is to be. The cause is
 * what ended it.
 */
export class PartialChangeError extends Error {
  override readonly name = "PartialChangeError";

  constructor(
    cause: unknown,
    /** How far the change has come, in a sentence or more; empty = the cause says so. */
    readonly state: string,
    /** The object as it is now, with what it was before it was adopted. */
    readonly created: Created,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether the failure says that nothing has come of the request. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ObjectError || (error instanceof MaasError && error.outcome !== "unknown");
