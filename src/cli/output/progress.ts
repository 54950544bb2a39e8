import type { Step } from "../../reconcile/engine/order";
import type { Progress } from "../../reconcile/engine/run";
import { ACTION_WORDS, objectName } from "./action-words";
import { styled, type Styled } from "./styled";

/** After how many milliseconds a step that is still under way is named again. */
const REMINDER_MS = 10_000;

function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** What shows a run. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Writes whole lines. */
  log(text: Styled): void;
  /** The run is over. */
  end(): void;
}

/**
 * Tells of each step when it begins, when it ends, and every ten seconds between: in lines, since several steps are under
 * way at once and the lines are to be read in a log as well as on a terminal.
 */
export class ProgressLines implements ProgressView {
  #begun = 0;
  #ended = 0;
  readonly #reminders = new Map<Step, NodeJS.Timeout>();

  constructor(
    private readonly planned: number,
    private readonly write: (text: Styled) => void,
  ) {}

  show(progress: Progress): void {
    const { step, state } = progress;
    const name = styled("bold", `${objectName(step)}:`);
    const { doing, done } = ACTION_WORDS[step.action];
    if (state === "started") {
      this.#begun += 1;
      this.write([name, ` ${doing}...\n`]);
      this.#remind(step, [name, ` still ${doing}`]);
      return;
    }
    clearInterval(this.#reminders.get(step));
    this.#reminders.delete(step);
    this.#ended += 1;
    // A region that changes something by itself gives more to do than was planned.
    const count = styled("dim", `(${this.#ended}/${Math.max(this.planned, this.#begun)})`);
    const word = state === "done" ? styled("green", done) : styled("red", `${doing} failed`);
    this.write([name, " ", word, ` after ${duration(progress.ms)} `, count, "\n"]);
  }

  log(text: Styled): void {
    this.write(text);
  }

  end(): void {
    for (const reminder of this.#reminders.values()) clearInterval(reminder);
  }

  #remind(step: Step, words: Styled): void {
    const started = performance.now();
    const remind = (): void => this.write([words, ` after ${duration(performance.now() - started)}...\n`]);
    this.#reminders.set(step, setInterval(remind, REMINDER_MS));
  }
}
