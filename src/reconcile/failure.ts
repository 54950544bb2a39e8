import { type Diagnostic, fault } from "../../lib/model/diagnostic";
import type { Kind } from "../../lib/model/field";
import { MaasError, MaasValidationError } from "../maas/errors";
import { ObjectError } from "./object-error";

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
 * Why an object could not be reconciled, in messages to the user, at the attribute that caused it where that is known;
 * undefined for errors that the user can do nothing about.
 */
export function failureOf(error: unknown, kind?: Kind): Diagnostic[] | undefined {
  if (error instanceof ObjectError) return [fault(error.attribute, error.summary, error.detail)];
  if (error instanceof MaasValidationError && kind !== undefined) return refusals(kind, error);
  if (error instanceof MaasError) return [fault(undefined, "MAAS could not be asked or refused", error.message)];
  return undefined;
}
