import { MaasError } from "../maas/errors";

/** Something about one object that stops its reconciliation, told to the user at the attribute it is about. */
export class ObjectError extends Error {
  override readonly name = "ObjectError";

  constructor(
    /** Terraform name of the attribute at fault; undefined = the object as a whole. */
    readonly attribute: string | undefined,
    /** What happened, in one line. */
    readonly summary: string,
    /** Why, and how to fix it. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${summary}: ${detail}`, options);
  }
}

/** An object can't be created: the region has it, and it may not be taken over. */
export class TakenError extends ObjectError {}

/** Whether the failure says that nothing has come of the request. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ObjectError || (error instanceof MaasError && error.outcome !== "unknown");
