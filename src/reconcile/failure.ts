import { withThis } from "../../lib/model/article";
import type { Kind } from "../../lib/model/kind";
import { fault, type Problem } from "../../lib/model/problem";
import {
  MaasAbortedError,
  MaasAuthError,
  MaasDecodeError,
  MaasError,
  MaasHttpError,
  MaasNetworkError,
  MaasValidationError,
} from "../maas/errors";
import { ObjectError, PartialChangeError } from "./object-error";

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
