import { fault, type Problem, ProblemError, sentence } from "../problem";

/** A member's name within a JSON pointer (RFC 6901). */
export const escaped = (name: string): string => name.replace(/~/g, "~0").replace(/\//g, "~1");

/** A problem of what is at a JSON pointer (empty = the document as a whole), at its attribute where it has one. */
export const problemAt = (pointer: string, problem: Problem): Problem => ({
  ...problem,
  subject: { pointer: problem.attribute === undefined ? pointer : `${pointer}/${problem.attribute}` },
});

function lineOf({ attribute: _, subject, ...problem }: Problem): string {
  const { pointer = "" } = subject ?? {};
  return `  ${pointer === "" ? "(document)" : pointer}: ${sentence(problem)}`;
}

/** A text that is no desired-state document. Holds everything that is wrong with it, each at its JSON pointer. */
export class DocumentError extends ProblemError {
  override readonly name = "DocumentError";
  constructor(problems: readonly Problem[]) {
    const lines = problems.map(lineOf).join("\n");
    super("MAAS-DOC-10", `this is no desired-state document that can be read:\n${lines}`, problems);
  }
}

/** A text that is no JSON object. */
export const notJson = (what: string): DocumentError =>
  new DocumentError([problemAt("", fault("MAAS-DOC-01", undefined, { what, fix: "Write it with `cdktf synth`." }))]);

/** A value in a message. */
export function quoted(value: unknown): string {
  const text = jsonOf(value) ?? "nothing";
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)} …` : text;
}

/** Characters of a value that a message repeats. */
const LONGEST_QUOTE = 500;

/** What no JSON can say, such as a value that holds itself, is shown by its type. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return `(${typeof value})`;
  }
}
