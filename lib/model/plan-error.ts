/** A plan of addresses that does not work out. The message says what, why, and how to fix it. */
export class PlanError extends Error {
  override readonly name = "MaasPlanError";
}
