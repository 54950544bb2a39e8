import { type Answer, TAKEN } from "./judge";
import type { Random } from "./random";

/** What reads something that users, files, states or regions give it. */
export interface Target<Input = unknown> {
  readonly name: string;
  readonly input: (random: Random) => Input;
  /** Reads it. An error other than a `ProblemError` is a crash. */
  readonly play: (input: Input) => Answer | Promise<Answer>;
  /** What each refusal has to name: a pointer, a line, an attribute. Absent = its words are enough. */
  readonly place?: RegExp;
  /** How many inputs may be played at once, of a target that waits rather than works; 1 by default. */
  readonly atOnce?: number;
  readonly stop?: () => Promise<unknown>;
}

/** Where something stands in JSON, or why the whole, which those words name, is none. */
export const pointerOr = (whole: string): RegExp => new RegExp(`(^|[\\s"'(])/\\S|JSON|${whole}`);

/** A target whose kind of input only it knows. */
export const target = <Input>(one: Target<Input>): Target => one as unknown as Target;

/** Of what has nothing to say of an input that it takes. */
export const reads =
  <Input>(work: (input: Input) => unknown) =>
  (input: Input): Answer => {
    work(input);
    return TAKEN;
  };
