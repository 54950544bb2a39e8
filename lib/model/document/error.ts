/** One thing that is wrong with a document. */
export interface DocumentProblem {
  /** JSON pointer to the value at fault; empty = the document as a whole. */
  readonly pointer: string;
  /** What is wrong, in one line. */
  readonly what: string;
  /** How to mend it, with a concrete value. */
  readonly fix: string;
}

/** A text that is no desired-state document. Holds everything that is wrong with it. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  constructor(readonly problems: readonly DocumentProblem[]) {
    const lines = problems.map(
      ({ pointer, what, fix }) => `  ${pointer === "" ? "(document)" : pointer}: ${what}. ${fix}`,
    );
    super(`this is no desired-state document that can be read:\n${lines.join("\n")}`);
  }
}
