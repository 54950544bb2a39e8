import { ask, canAsk } from "./output/terminal";
import { UnconfirmedError } from "./run-error";

/** The one answer that counts. */
const YES = "yes";

/**
 * Asks before the region is changed.
 * @throws UnconfirmedError when the answer is not yes, or when there is no terminal to ask on.
 */
export async function confirm(action: string): Promise<void> {
  if (!canAsk()) throw new UnconfirmedError("this changes the region, and there is no terminal to ask on: add --yes");
  const answer = await ask(`${action}? Only ${YES} is accepted: `);
  if (answer.trim() !== YES) throw new UnconfirmedError("not confirmed, and nothing was changed");
}
