import { type Problem, ProblemError } from "../../../lib/model/problem";

/** A file, or a variable in place of one, that can't be read as what it was given for, or written. The message begins with its name. */
export class InputFileError extends ProblemError {
  override readonly name = "InputFileError";
  constructor(
    readonly file: string,
    problem: string,
    /** What is wrong inside, each at its JSON pointer. */
    problems: readonly Problem[] = [],
    options?: ErrorOptions,
  ) {
    super("MAAS-FIL-01", `${file}: ${problem}`, problems, options);
  }
}
