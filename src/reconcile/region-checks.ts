import { isDeepStrictEqual } from "node:util";
import { isAtLeast } from "../../lib/model/api-place";
import { checkReserved } from "../../lib/model/checks/object";
import type { Kind } from "../../lib/model/kind";
import type { Attributes } from "../../lib/model/known";
import { fault, type Problem } from "../../lib/model/problem";
import { textOf } from "../../lib/model/text";
import type { Checked } from "./checks/checked";
import { checkExchange, checkTakeover } from "./checks/exchange";
import { checkWithReferences } from "./checks/with-references";
import { strategyOf } from "./kinds";
import { fieldExchange } from "./ops/exchanges";
import type { PlannedObject } from "./planned/planned-objects";
import { tryResolve } from "./references/lookups";
import type { Region } from "./region/region";

/** A name that MAAS keeps for another object. Who has it already may keep it, and so may what is taken over. */
async function reservedName(
  region: Region,
  kind: Kind,
  prior: Attributes | undefined,
  planned: Attributes,
): Promise<Problem[]> {
  if (prior !== undefined && prior.name === planned.name) return [];
  const found = checkReserved(kind, planned, prior && textOf(prior.id));
  const isTaken = found.length > 0 && prior === undefined && planned.adopt_existing === true;
  return isTaken && (await tryResolve(region, kind.name, textOf(planned.name))) !== undefined ? [] : found;
}

const isChange = (kind: Kind, prior: Attributes | undefined, planned: Attributes): boolean =>
  kind.fields.some(({ name, presence }) => presence !== "computed" && !isDeepStrictEqual(prior?.[name], planned[name]));

/** That the region's release has no objects of the kind, where it reports its release. Asks only for kinds that came later. */
export async function checkMaasVersion(
  { snapshot }: Pick<Region, "snapshot">,
  { api: { since }, title }: Kind,
  attributes: Attributes,
): Promise<Problem<string>[]> {
  const version = since && (await snapshot.version());
  if (since === undefined || version === undefined || isAtLeast(version, since.release) !== false) return [];
  return [
    fault("MAAS-OPS-23", undefined, {
      what: `MAAS ${version} has no ${title}s`,
      why: `It came with MAAS ${since.release.join(".")}, and the region would answer that it has no such path.`,
      fix: `To have one, ${since.instead(attributes)}.`,
    }),
  ];
}

/**
 * What the rules say about a planned object in view of what is beside it, on the region and in this run: what synth could
 * not know. Only changes are checked, and what is beside a change, so that a plan without changes costs no call.
 */
export async function checkAgainstRegion(checked: Checked): Promise<Problem[]> {
  const { region, kind, prior, own } = checked;
  const planned = own.attributes ?? {};
  const unsupported = prior === undefined ? await checkMaasVersion(region, kind, planned) : [];
  if (unsupported.length > 0) return unsupported;
  const reserved = await reservedName(region, kind, prior, planned);
  if (reserved.length > 0) return reserved;
  const { check = checkWithReferences, checkWithProgram, exchange = fieldExchange(kind) } = strategyOf(kind.name);
  const exchanged =
    checked.moment === "plan" ? [...(await checkExchange(checked, exchange)), ...(await checkTakeover(checked))] : [];
  const refused = own.isChanged ? await checkWithProgram?.(region, prior, planned) : undefined;
  return [...exchanged, ...(refused ?? []), ...(await check(checked, planned))];
}

/** The object as it is planned. */
export const asPlanned = (kind: Kind, prior: Attributes | undefined, planned: Attributes): PlannedObject => ({
  id: typeof prior?.id === "string" ? prior.id : undefined,
  attributes: planned,
  isChanged: isChange(kind, prior, planned),
});
