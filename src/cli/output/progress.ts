import { MultiBar, type SingleBar } from "cli-progress";
import type { Step } from "../../reconcile/engine/plan/order";
import type { Progress } from "../../reconcile/engine/run/run";
import { ACTION_WORDS, objectName } from "./plan-view";
import { type Output, styled, type Styled } from "./terminal";

/** How many steps under way are named beside the bar. */
const NAMES_SHOWN = 2;

/** For a terminal: how far the whole run is and what is under way, in one line below the lines of what has ended. */
export class ProgressBar implements ProgressView {
  readonly #bars: MultiBar;
  readonly #bar: SingleBar;
  readonly #ended: ProgressLines;
  readonly #underWay = new Set<Step>();

  constructor(
    planned: number,
    private readonly terminal: Output,
  ) {
    this.#bars = new MultiBar({
      format: terminal.rendered([styled("cyan", "{bar}"), " {value}/{total} {now}"]),
      barCompleteChar: "█",
      barIncompleteChar: "░",
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: false,
      // The run itself decides what an interrupt ends.
      gracefulExit: false,
      stream: terminal.stream,
    });
    this.#bar = this.#bars.create(planned, 0, { now: "" });
    this.#ended = new ProgressLines(planned, (text) => this.log(text));
  }

  show(progress: Progress): void {
    if (progress.state === "started") this.#underWay.add(progress.step);
    else {
      this.#underWay.delete(progress.step);
      this.#ended.show(progress);
      this.#bar.increment();
    }
    this.#bar.update({ now: this.#now() });
  }

  log(text: Styled): void {
    this.#bars.log(this.terminal.rendered(text));
  }

  end(): void {
    this.#bars.update();
    this.#bars.stop();
  }

  #now(): string {
    const names = [...this.#underWay].map(objectName);
    const more = names.length - NAMES_SHOWN;
    return this.terminal.rendered(`${names.slice(0, NAMES_SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`);
  }
}

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
