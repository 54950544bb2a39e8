import { propertySpelling } from "./construct-view";
import { type Problem, ProblemError, sentence } from "./problem";

/**
 * A plan of addresses that does not work out. The message says of what, what, why, and how to fix it.
 * @internal see {@link ProblemError}
 */
export class PlanError extends ProblemError {
  override readonly name = "MaasPlanError";

  /** @param where what is planned, such as `block of 2001:db8:20::/64` */
  constructor(where: string, problem: Problem) {
    super(problem.code, `${where}: ${sentence(problem, propertySpelling())}`, [problem]);
  }
}
