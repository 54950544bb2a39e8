import { createInterface } from "node:readline";
import { UnconfirmedError } from "./run-error";

/** The one answer that counts. */
const YES = "yes";

function answerTo(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    // An interrupt, or the end of the input, is an answer too.
    const giveUp = (): void => {
      process.stdout.write("\n");
      resolve("");
    };
    terminal.once("close", giveUp);
    terminal.question(question, (answer) => {
      terminal.off("close", giveUp);
      terminal.close();
      resolve(answer);
    });
  });
}

/**
 * Asks before the region is changed.
 * @throws UnconfirmedError when the answer is not yes, or when there is no terminal to ask on.
 */
export async function confirm(action: string): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UnconfirmedError("this changes the region, and there is no terminal to ask on: add --yes");
  const answer = await answerTo(`${action}? Only ${YES} is accepted: `);
  if (answer.trim() !== YES) throw new UnconfirmedError("not confirmed, and nothing was changed");
}
