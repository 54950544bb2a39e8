import type { IConstruct } from "../cdk";
import { ListFact } from "../constructs/internal/facts";
import type { Suppression } from "../rules/suppression";

/** What to leave out of the rules, and why. */
export interface SuppressionProps {
  /** Id of the rule, as it stands in the finding: `MAAS6-RTR-01`. Rules that MAAS itself enforces can't be suppressed. */
  readonly id: string;
  /** Why this is right here: at least 10 characters. It stands in every report. */
  readonly reason: string;
  /**
   * Last day on which it holds, such as `2027-03-31`. After it, the suppression is an error.
   * @default - no end
   */
  readonly until?: string;
}

const SUPPRESSIONS = new ListFact<Suppression>("suppressions");

/**
 * The suppressions that hold for a construct and everything below it. One that matches nothing any more is an error, so
 * that none outlives its cause.
 */
export class Suppressions {
  /** The suppressions of this construct. */
  static of(construct: IConstruct): Suppressions {
    return new Suppressions(construct);
  }

  private constructor(private readonly construct: IConstruct) {}

  /** Adds one. What is wrong with it shows at synth, as MAAS6-SUP-01 to 04. */
  add(suppression: SuppressionProps): void {
    const { path } = this.construct.node;
    SUPPRESSIONS.add(this.construct, { ...suppression, where: path, at: { path } });
  }
}

/** The suppressions of exactly this construct. */
export function suppressionsAt(construct: IConstruct): readonly Suppression[] {
  return SUPPRESSIONS.of(construct);
}
