import { textOf, withThe } from "../../lib/model/text";
import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { type Problem, warning } from "../../lib/model/problem";
import { emptiedWhenLeftOut } from "../reconcile/planning/planned-state";

/**
 * The values that an object keeps though the configuration doesn't set them, while nothing tells whether it ever did: of
 * each that would else be emptied, one warning. Every plan says it until an apply changes the object: Terraform drops the
 * private state of a plan that changes nothing, and a read, whose private state it keeps, does not see the configuration.
 * So a value that is taken out after the first plan can't be told from one that was never set, and must be reported.
 */
export function valuesLeft(kind: Kind, prior: Attributes, config: Attributes): Problem[] {
  const left = emptiedWhenLeftOut(kind, prior).filter(({ name }) => (config[name] ?? null) === null);
  return left.map(({ name, type }) => {
    const value = JSON.stringify(prior[name]);
    return warning("MAAS-STA-04", name, {
      what: `${withThe(kind.title)} with id ${textOf(prior.id)} keeps ${name} = ${value}, which the configuration does not set`,
      why:
        `The state comes from another provider, or from an import by an earlier version, so whether the configuration ever ` +
        `set ${name} is not known. It is left as it is until an apply changes ${withThe(kind.title)}.`,
      fix: `Set ${name} = ${value} to keep it, or ${name} = ${Array.isArray(type) ? "[]" : '""'} to empty it.`,
    });
  });
}
