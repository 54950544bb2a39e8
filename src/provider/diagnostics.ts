import { printable, withThe, withThis } from "../../lib/model/text";
import { boundsOf } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { advice, fault, type Problem, spelled, warning, withCode } from "../../lib/model/problem";
import { MaasConfigError } from "../maas/config-error";
import { withoutKeys } from "../maas/redactor";
import { failureOf } from "../reconcile/objects/failure";
import { InexactNumberError } from "./rpc/dynamic-value";
import { type DeepPartial, type Diagnostic, Diagnostic_Severity } from "./protocol/tfplugin6_pb";

/**
 * An error as messages to the user, at the attribute that caused it where that is known.
 * @throws the error itself when it is none of those that the user can do something about: a bug.
 */
export function explain(error: unknown, kind?: Kind, attempt?: string): Problem[] {
  const failures = failureOf(error, kind, attempt);
  if (failures !== undefined) return failures;
  if (error instanceof MaasConfigError)
    return [fault(error.code, error.setting, { what: "the provider is not configured right", why: error.message })];
  if (error instanceof InexactNumberError) return [inexactNumber(error, kind)];
  throw error;
}

function inexactNumber(error: InexactNumberError, kind: Kind | undefined): Problem {
  const attribute = /^\w*/.exec(error.path)?.[0] ?? "";
  const field = kind?.fields.find(({ name }) => name === attribute);
  const allowed = field && (boundsOf(field) ?? field.oneOf?.join(", "));
  const limits = allowed === undefined ? "" : ` MAAS takes ${allowed} as ${attribute}.`;
  return fault(error.code, attribute === "" ? undefined : attribute, {
    what: `${attribute || "a number"} is out of range`,
    why: error.message + limits,
  });
}

/** What the user should know of an object that an earlier run had begun. */
export function notesOf({ title }: Kind, resumed: string | undefined): Problem[] {
  if (resumed === undefined) return [];
  return [
    warning("MAAS-STA-06", undefined, {
      what: `${withThis(title)} was begun by an earlier run`,
      why: `That run was cut off before Terraform could write its state (${resumed}).`,
      fix: "This one has finished the work; there is nothing to do.",
    }),
  ];
}

/**
 * What the user should know of an object that is not touched, since another instance has it by now.
 *
 * @param later what no later destroy does: `deletes it`.
 */
export function staysOf({ title }: Kind, id: string, later: string): Problem {
  return warning("MAAS-STA-05", undefined, {
    what: `${withThe(title)} with the id ${id} stays`,
    why:
      "Terraform created the new instance before it destroyed the former one (create_before_destroy, or another label without a moved block), " +
      `and the new one took over the same ${title}. So it was not touched, but it now counts as one that was there before: no later destroy ${later}.`,
    fix:
      "The provider could not write what the new instance has to know to Terraform's data folder (.terraform); set journal_path of the provider " +
      "to a folder that it can write to, or remove create_before_destroy, and add a moved block where the label changes.",
  });
}

/** The words that a summary of this package starts with where it starts with no name, address or attribute of the user's. */
const FIRST_WORDS =
  /^(?:an?|the|this|that|no|another|deleting|nobody|nothing|something|whether|rack controller|machine) /;

/** The summary as a heading. What the user has written, such as `api_key` or `eth0`, stays as it is. */
const heading = (summary: string): string =>
  FIRST_WORDS.test(summary) ? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}` : summary;

/** A problem as a diagnostic of Terraform's. Its code ends the detail, unless the summary begins with it. */
export function toMessage(problem: Problem): DeepPartial<Diagnostic> {
  const { code, severity, attribute, what, ...rest } = spelled(problem);
  const detail = what.includes(code) ? advice(rest) : withCode(advice(rest), code);
  return {
    severity: severity === "error" ? Diagnostic_Severity.ERROR : Diagnostic_Severity.WARNING,
    summary: printable(withoutKeys(heading(what))),
    detail: printable(withoutKeys(detail)),
    ...(attribute !== undefined && {
      attribute: { steps: [{ selector: { $case: "attributeName", value: attribute } }] },
    }),
  };
}
