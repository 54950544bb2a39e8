import { printable, withThis } from "../model/text";
import type { IConstruct } from "../cdk";
import { propertySpelling } from "../model/construct-view";
import type { Kind } from "../model/kind";
import { type Problem, ProblemError, spelled, terraformSpelling } from "../model/problem";
import { told } from "./internal/users-language";

/**
 * A construct whose literal properties MAAS would refuse. The message names every one of them, why, and the fix.
 * @internal see {@link ProblemError}
 */
export class ConstructError extends ProblemError {
  override readonly name = "MaasConstructError";

  constructor(
    /** Path of the construct in the app. */
    readonly path: string,
    title: string,
    problems: readonly Problem[],
  ) {
    const lines = problems.map((problem) => `  - ${told(problem)}`);
    const message = printable(`[${path}] ${withThis(title)} can't be right:\n${lines.join("\n")}`);
    super(
      "MAAS-CON-01",
      message,
      problems.map((problem) => ({ ...problem, subject: { ...problem.subject, path } })),
    );
  }
}

/**
 * Takes a construct whose constructor fails out of its tree, with all that is below it: whoever catches the error can go on, and make
 * another one under the same id. No synth meets what is half made.
 *
 * @returns the error, to be thrown
 */
export function withdrawn(construct: IConstruct, error: unknown): unknown {
  construct.node.scope?.node.tryRemoveChild(construct.node.id);
  return error;
}

/** Refuses what is asked of a construct that is made already. @throws ConstructError with all problems, unless there are none */
export function refuseCall(
  construct: IConstruct,
  title: string,
  problems: readonly Problem[],
  spelling = terraformSpelling,
): void {
  if (problems.length === 0) return;
  const told = problems.map((problem) => spelled(problem, spelling));
  throw new ConstructError(construct.node.path, title, told);
}

/**
 * The same in its constructor: it is not made, and leaves no node behind.
 *
 * @param title what it is, for the message
 * @param problems or what finds them, where that may fail itself on what a program in JavaScript gives
 */
export function refuseConstruct(
  construct: IConstruct,
  title: string,
  problems: readonly Problem[] | (() => readonly Problem[]),
  spelling = terraformSpelling,
): void {
  try {
    refuseCall(construct, title, typeof problems === "function" ? problems() : problems, spelling);
  } catch (error) {
    throw withdrawn(construct, error);
  }
}

/** The same for an object of a kind, in the words of its construct. */
export function refuse(construct: IConstruct, kind: Kind, problems: readonly Problem[], title = kind.title): void {
  refuseConstruct(construct, title, problems, propertySpelling(kind));
}
