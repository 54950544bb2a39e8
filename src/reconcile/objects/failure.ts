import type { Kind } from "../../../lib/model/kind";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { advice, fault, type Problem, ProblemError } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { withThe, withThis } from "../../../lib/model/text";
import {
  MaasAbortedError,
  MaasAuthError,
  MaasDecodeError,
  MaasError,
  MaasHttpError,
  MaasNetworkError,
  MaasValidationError,
} from "../../maas/errors";
import type { Created } from "./object-ops";

/** Something about one object that stops its reconciliation, told to the user at the attribute it is about. */
export class ObjectError extends ProblemError {
  override readonly name: string = "ObjectError";

  constructor(
    readonly problem: Problem<string>,
    options?: ErrorOptions,
  ) {
    super(problem.code, `${problem.what}: ${advice(problem)}`, [problem], options);
  }
}

/** An object can't be created: the region has it, and it may not be taken over. */
export class TakenError extends ObjectError {}

/**
 * A change that takes several calls has ended in between: the object is neither as it was nor as it is to be. The cause is
 * what ended it.
 */
export class PartialChangeError extends Error {
  override readonly name = "PartialChangeError";

  constructor(
    cause: unknown,
    /** How far the change has come, in a sentence or more; empty = the cause says so. */
    readonly state: string,
    /** The object as it is now, with what it was before it was adopted. */
    readonly created: Created,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Whether the failure says that nothing has come of the request. */
export const isRefused = (error: unknown): boolean =>
  error instanceof ObjectError || (error instanceof MaasError && error.outcome !== "unknown");

/** The key under which MAAS complains about an object as a whole. */
const WHOLE_OBJECT = "__all__";

function refusals(kind: Kind, error: MaasValidationError, attempt: string | undefined): Problem<string>[] {
  return Object.entries(error.fields).flatMap(([parameter, texts]) => {
    const attribute = kind.fields.find(({ formField, name }) => (formField ?? name) === parameter)?.name;
    const at = attribute ?? (parameter === WHOLE_OBJECT ? undefined : parameter);
    const about =
      attempt === undefined
        ? `${at === undefined ? "" : `${at} of `}${withThis(kind.title)}`
        : `to ${attempt}${at === undefined ? "" : `: ${at}`}`;
    return texts.map((said) =>
      fault(error.code, attribute, { what: `MAAS refused ${about}: ${said}`, ...whyOf(error) }),
    );
  });
}

/** What happened to the call, and what to do about it. */
const whyOf = ({ problem, fix }: MaasError): Pick<Problem<string>, "why" | "fix"> => ({
  why: problem,
  ...(fix !== undefined && { fix }),
});

const DOING = { GET: "read", POST: "create", PUT: "change", DELETE: "delete" } as const;

/** What failed, in one line; the reason is in the error's message. */
function summaryOf(error: MaasError, kind: Kind | undefined, attempt: string | undefined): string {
  const { method } = error.request;
  const what = attempt ?? `${DOING[method]} ${kind === undefined ? "an object" : `${withThis(kind.title)}`}`;
  if (error instanceof MaasNetworkError) return `MAAS could not be reached to ${what}`;
  if (error instanceof MaasAbortedError) return `the run was cancelled before MAAS could ${what}`;
  if (error instanceof MaasDecodeError || (error instanceof MaasHttpError && error.isForeign))
    return `something other than MAAS answered the request to ${what}`;
  if (error instanceof MaasAuthError || error.outcome === "refused") return `MAAS refused to ${what}`;
  return `MAAS failed to ${what}`;
}

/**
 * Why an object could not be reconciled, in messages to the user, at the attribute that caused it where that is known;
 * undefined for errors that the user can do nothing about.
 *
 * @param attempt what was tried, such as `delete the VLAN lab:60`.
 */
export function failureOf(error: unknown, kind?: Kind, attempt?: string): Problem<string>[] | undefined {
  if (error instanceof PartialChangeError)
    return failureOf(error.cause, kind, attempt)?.map((failure) => ({
      ...failure,
      ...(error.state !== "" && { fix: `${failure.fix ?? ""} ${error.state}`.trimStart() }),
    }));
  if (error instanceof ObjectError) return [error.problem];
  if (error instanceof MaasValidationError && kind !== undefined) return refusals(kind, error, attempt);
  if (error instanceof MaasError)
    return [fault(error.code, undefined, { what: summaryOf(error, kind, attempt), ...whyOf(error) })];
  return undefined;
}

/** Why a change came too late: the object has gone since the plan. */
export const goneMeanwhile = (kind: Kind, id: string): ObjectError =>
  new ObjectError(
    fault("MAAS-OPS-13", undefined, {
      what: `${withThe(kind.title)} with the id ${id} is no longer there`,
      why: "It went between the plan and this change, or the region says so.",
      fix: "Plan again: what is not there is created.",
    }),
  );

/** Nothing is taken in without its id: no later call could find it. @throws ObjectError */
export function requireId(kind: Kind, { id }: Attributes): void {
  if (typeof id === "string" && id !== "") return;
  throw new ObjectError(
    fault("MAAS-OPS-13", undefined, {
      what: `MAAS did not report the id of ${withThe(kind.title)} that it created`,
      fix: "Look for the object in the region. Then run this again with adopt_existing = true where the object has it, or import it.",
    }),
  );
}

/** What was asked for and is not so, though MAAS took it. */
export function unmet(kind: Kind, desired: Attributes, live: Attributes): Problem<string>[] {
  const asked = kind.fields.filter(({ presence }) => presence !== "computed");
  return asked.flatMap((field) => {
    const wanted = desired[field.name];
    const found = live[field.name];
    if (wanted === undefined || found === undefined || !isKnown(wanted) || sameValue(field, wanted, found)) return [];
    return [
      fault("MAAS-OPS-13", field.name, {
        what: `MAAS did not keep ${field.name}`,
        why: `${JSON.stringify(wanted)} was sent and accepted, yet ${withThe(kind.title)} has ${found === null ? "none" : JSON.stringify(found)}.`,
        fix:
          (found === null ? field.notOnDefault : undefined) ??
          "Someone else may manage it too; plan again, and compare with the region's own pages.",
      }),
    ];
  });
}
