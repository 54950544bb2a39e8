import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Diagnostic, fault } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/field";
import { MaasError, MaasValidationError } from "../maas/errors";
import { MaasConfigError } from "../maas/config-error";
import { ObjectError } from "../reconcile/object-error";
import { Diagnostic_Severity, type DiagnosticSchema } from "./protocol/tfplugin6_pb";

/** The key under which MAAS complains about an object as a whole. */
const WHOLE_OBJECT = "__all__";

function refusals(kind: Kind, error: MaasValidationError): Diagnostic[] {
  return Object.entries(error.fields).flatMap(([parameter, texts]) => {
    const attribute = kind.fields.find(({ send, name }) => (send ?? name) === parameter)?.name;
    const at = attribute ?? (parameter === WHOLE_OBJECT ? undefined : parameter);
    const about = at === undefined ? `this ${kind.title}` : `${at} of this ${kind.title}`;
    return texts.map((text) => fault(attribute, `MAAS refused ${about}: ${text}`, error.message));
  });
}

/**
 * An error as messages to the user, at the attribute that caused it where that is known.
 * @throws the error itself when it is none of those that the user can do something about: a bug.
 */
export function explain(error: unknown, kind?: Kind): Diagnostic[] {
  if (error instanceof ObjectError) return [fault(error.attribute, error.summary, error.detail)];
  if (error instanceof MaasValidationError && kind !== undefined) return refusals(kind, error);
  if (error instanceof MaasError) return [fault(undefined, "MAAS could not be asked or refused", error.message)];
  if (error instanceof MaasConfigError)
    return [fault(error.setting, "the provider is not configured right", error.message)];
  throw error;
}

export function toMessage(diagnostic: Diagnostic): MessageInitShape<typeof DiagnosticSchema> {
  const { severity, attribute, summary, detail } = diagnostic;
  return {
    severity: severity === "error" ? Diagnostic_Severity.ERROR : Diagnostic_Severity.WARNING,
    summary: summary.charAt(0).toUpperCase() + summary.slice(1),
    detail,
    ...(attribute !== undefined && {
      attribute: { steps: [{ selector: { case: "attributeName", value: attribute } }] },
    }),
  };
}
