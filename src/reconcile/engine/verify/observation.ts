/** What was looked at. */
export type CheckName = "look_up" | "drift" | "dhcp" | "static_range" | "rules";

/**
 * `error`: the region is not as desired. `warning`: it is, and may not work as meant. `unknown`: the region does not tell,
 * which is neither a pass nor a failure.
 */
export type ObservationLevel = "error" | "warning" | "unknown";

/** One thing about a live region that the user of a document is told. Plain data. */
export interface Observation {
  readonly check: CheckName;
  readonly level: ObservationLevel;
  /** Where the user said what is not so: a construct's path. */
  readonly path: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** Whether any of them says that the region is not as desired. */
export const hasErrors = (observations: readonly Observation[]): boolean =>
  observations.some(({ level }) => level === "error");
