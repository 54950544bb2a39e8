import { withThis } from "../../../lib/model/article";
import { type Attributes, isKnown } from "../../../lib/model/known";
import type { Kind } from "../../../lib/model/kind";
import { textOf } from "../../../lib/model/text";
import { fault } from "../../../lib/model/problem";
import { TakenError } from "../object-error";
import { naturalName } from "../object-name";
import type { Region } from "../region";

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
