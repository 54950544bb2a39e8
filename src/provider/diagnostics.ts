import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Diagnostic, fault } from "../../lib/model/diagnostic";
import { boundsOf } from "../../lib/model/field";
import type { Kind } from "../../lib/model/kind";
import { printable } from "../../lib/model/printable";
import { MaasConfigError } from "../maas/config-error";
import { failureOf } from "../reconcile/failure";
import { InexactNumberError } from "./rpc/dynamic-value";
import { Diagnostic_Severity, type DiagnosticSchema } from "./protocol/tfplugin6_pb";

/**
 * An error as messages to the user, at the attribute that caused it where that is known.
 * @throws the error itself when it is none of those that the user can do something about: a bug.
 */
export function explain(error: unknown, kind?: Kind, attempt?: string): Diagnostic[] {
  const failures = failureOf(error, kind, attempt);
  if (failures !== undefined) return failures;
  if (error instanceof MaasConfigError)
    return [fault(error.setting, "the provider is not configured right", error.message)];
  if (error instanceof InexactNumberError) return [inexactNumber(error, kind)];
  throw error;
}

function inexactNumber({ path, message }: InexactNumberError, kind: Kind | undefined): Diagnostic {
  const attribute = /^\w*/.exec(path)?.[0] ?? "";
  const field = kind?.fields.find(({ name }) => name === attribute);
  const allowed = field && (boundsOf(field) ?? field.oneOf?.join(", "));
  const advice = allowed === undefined ? "" : ` MAAS takes ${allowed} as ${attribute}.`;
  return fault(
    attribute === "" ? undefined : attribute,
    `${attribute || "a number"} is out of range`,
    message + advice,
  );
}

/** What the user should know of an object that an earlier run had begun. */
export function notesOf({ title }: Kind, resumed: string | undefined): Diagnostic[] {
  if (resumed === undefined) return [];
  return [
    {
      severity: "warning",
      summary: `this ${title} was begun by an earlier run`,
      detail: `That run was cut off before Terraform could write its state (${resumed}). This one has finished the work; there is nothing to do.`,
    },
  ];
}

/** The words that a summary of this package starts with where it starts with no name, address or attribute of the user's. */
const FIRST_WORDS = /^(?:an?|the|this|that|no|another|deleting|nobody|nothing|something|rack controller|machine) /;

/** The summary as a heading. What the user has written, such as `api_key` or `eth0`, stays as it is. */
const heading = (summary: string): string =>
  FIRST_WORDS.test(summary) ? `${summary.charAt(0).toUpperCase()}${summary.slice(1)}` : summary;

export function toMessage(diagnostic: Diagnostic): MessageInitShape<typeof DiagnosticSchema> {
  const { severity, attribute, summary, detail } = diagnostic;
  return {
    severity: severity === "error" ? Diagnostic_Severity.ERROR : Diagnostic_Severity.WARNING,
    summary: printable(heading(summary)),
    detail: printable(detail),
    ...(attribute !== undefined && {
      attribute: { steps: [{ selector: { case: "attributeName", value: attribute } }] },
    }),
  };
}
