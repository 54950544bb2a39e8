import { ProblemError } from "../../../lib/model/problem";

/** A reply of the region that is not a success: what MAAS raises as an exception. Throwing it undoes the request. */
export class MaasError extends Error {
  override readonly name = "MaasError";
  constructor(
    readonly status: number,
    readonly contentType: "text/plain" | "application/json" | "text/html",
    readonly body: string,
  ) {
    super(`${status} ${body}`);
  }
}

const text = (status: number) => (message: string) => new MaasError(status, "text/plain", message);

export const badRequest = text(400);
export const forbidden = text(403);
export const notFound = text(404);
export const conflict = text(409);
export const unavailable = text(503);

/** Where MAAS itself crashes: it answers 500 with the text of its exception. */
export const crash = text(500);

/** The refusal of methods that MAAS marks as administrators'. */
export const adminOnly = () => forbidden("This method is reserved for admin users.");

/** The refusal of a missing permission on an object: MAAS gives no text. */
export const permissionDenied = () => forbidden("");

/** Field -> messages, as MAAS's forms report them. Whole-form messages are under `__all__`. */
export type FieldMessages = Record<string, string[]>;

export const invalidFields = (fields: FieldMessages) => new MaasError(400, "application/json", JSON.stringify(fields));

/** What a check found wrong: messages by field, `__all__` for the object as a whole. */
export class Invalid extends Error {
  override readonly name = "Invalid";

  constructor(readonly fields: FieldMessages) {
    super(JSON.stringify(fields));
  }

  static whole(...messages: string[]): Invalid {
    return new Invalid({ __all__: messages });
  }

  static field(field: string, ...messages: string[]): Invalid {
    return new Invalid({ [field]: messages });
  }

  /** The messages without their fields, for a check of one value. */
  get messages(): string[] {
    return Object.values(this.fields).flat();
  }
}

/** Runs a check and passes what it found wrong on; any other error is thrown. */
export function onInvalid(check: () => void, found: (invalid: Invalid) => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    found(error);
  }
}

/** A seed that cannot be read or loaded: what is wrong, and where. */
export class SeedError extends ProblemError {
  override readonly name = "SeedError";
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super("MAAS-SIM-01", message, [], options);
  }
}
