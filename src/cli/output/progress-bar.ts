import { MultiBar, type SingleBar } from "cli-progress";
import type { Step } from "../../reconcile/engine/order";
import type { Progress } from "../../reconcile/engine/run";
import { objectName } from "./action-words";
import { ProgressLines, type ProgressView } from "./progress";
import { styled, type Styled } from "./styled";
import type { Output } from "./terminal";

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
