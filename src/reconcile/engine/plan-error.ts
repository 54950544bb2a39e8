/** One reason why there can be no plan. */
export interface PlanProblem {
  /** Where the user said what can't be. */
  readonly path: string;
  readonly what: string;
  readonly fix: string;
}

/** A document that no plan can be made for, on this region. Holds all reasons. */
export class PlanError extends Error {
  override readonly name = "PlanError";
  constructor(readonly problems: readonly PlanProblem[]) {
    const lines = problems.map(({ path, what, fix }) => `  [${path}] ${what}. ${fix}`);
    super(`there can be no plan:\n${lines.join("\n")}`);
  }
}
