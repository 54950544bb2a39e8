import type { Kind } from "../../../lib/model/kind";
import { type Attributes, isKnown } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { sameValue } from "../../../lib/model/spelling";
import { textOf, withArticle, withThis } from "../../../lib/model/text";
import { TakenError } from "../objects/failure";
import { naturalName } from "../references/lookups";
import type { Region } from "../region/region";

/** What an object has, as `mtu = 9000, space = "green"`. */
export const valuesOf = (kind: Kind, live: Attributes): string =>
  kind.fields
    .map(({ name }) => [name, live[name] ?? null] as const)
    .filter(([, value]) => value !== null && value !== false && isKnown(value))
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}`)
    .join(", ");

/** Why an object that is there is not changed: somebody has configured it, and nobody said that it may be taken over. */
export async function configuredAlready(
  region: Region,
  kind: Kind,
  attribute: string | undefined,
  live: Attributes,
): Promise<TakenError> {
  const id = textOf(live.id);
  return new TakenError(
    fault("MAAS-OPS-03", attribute, {
      what: `${withThis(kind.title)} is configured already`,
      why: `The region has the ${await naturalName(region, kind, live, true)}, with id ${id}, not as MAAS makes it: ${valuesOf(kind, live)}. So it may be somebody else's, and was not changed.`,
      fix:
        `Import it (terraform import ${kind.type}.NAME ${id}), or set adopt_existing = true to take it over: a destroy then restores what it has now. ` +
        "If it is in this state already, Terraform is to create the new instance before it destroys the former one: " +
        "remove create_before_destroy, or set adopt_existing = true.",
    }),
  );
}

/** Checks that an object that is there can be made so. @throws TakenError where MAAS lets nobody change one of its values */
export function requireFixed({ fields, title, type }: Kind, live: Attributes, desired: Attributes): void {
  const other = fields.find((field) => {
    const wanted = desired[field.name] ?? null;
    const isOther = wanted !== null && isKnown(wanted) && !sameValue(field, wanted, live[field.name] ?? null);
    return field.isFixed === true && isOther;
  });
  if (other === undefined) return;
  const { name } = other;
  const [there, wanted] = [live[name], desired[name]].map((value) => JSON.stringify(value));
  throw new TakenError(
    fault("MAAS-OPS-03", name, {
      what: `the ${title} that is there has ${name} = ${there}, and this one is to have ${wanted}`,
      why: `MAAS lets nobody change ${name} of ${withArticle(title)}, so that it can't be taken over as this one.`,
      fix: `Give ${name} = ${there}, or import it (terraform import ${type}.NAME ${textOf(live.id)}): Terraform then recreates it.`,
    }),
  );
}
