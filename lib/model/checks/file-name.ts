import { fault, type Problem } from "../problem";
import type { ProblemCode } from "../problem-codes";

/** What a property names that is the name of a file too. */
export interface FileName {
  readonly code: ProblemCode;
  readonly attribute: string;
  /** `the rack's netplan file` */
  readonly file: string;
  readonly fix: string;
}

/** Whether the text can be the name of a file, wherever it comes from. */
export function checkFileName(name: string, { code, attribute, file, fix }: FileName): Problem[] {
  if (/^\w[\w.-]*$/.test(name)) return [];
  const why = `It names ${file}: letters, digits, dots, _ and -, and no dot first.`;
  return [fault(code, attribute, { what: `"${name}" can't be the name of a file`, why, fix })];
}
