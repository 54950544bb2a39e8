/** One message to the user about one object. Data, so that synth, plan and the command line each show it in their way. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** The attribute at fault, by its Terraform name; absent = the object as a whole. */
  readonly attribute?: string;
  /** What happened, in one line. */
  readonly summary: string;
  /** Why, and how to fix it with a concrete value. */
  readonly detail: string;
}

/** An error diagnostic. */
export function fault(attribute: string | undefined, summary: string, detail: string): Diagnostic {
  return { severity: "error", ...(attribute === undefined ? {} : { attribute }), summary, detail };
}
