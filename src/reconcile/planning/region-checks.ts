import { isDeepStrictEqual } from "node:util";
import { checkReserved } from "../../../lib/model/checks/object";
import type { Kind } from "../../../lib/model/kind";
import type { Attributes } from "../../../lib/model/known";
import type { Problem } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { strategyOf } from "../kinds";
import { tryResolve } from "../objects/references";
import { checkWithReferences } from "./planned-targets";
import type { Region } from "../region/region";
import { checkExchange, checkTakeover } from "./planned-exchange";
import type { Surroundings } from "./planned-neighbours";
import type { PlannedObject } from "./planned-objects";

/** When the check is made. What others change in the same run is in place only at apply. */
export type Moment = "plan" | "apply";

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

/** An object of a run, and what it is checked with. */
export interface Checked extends Surroundings {
  readonly region: Region;
  readonly kind: Kind;
  readonly prior: Attributes | undefined;
  readonly own: PlannedObject;
  readonly moment: Moment;
}

/**
 * What the rules say about a planned object in view of what is beside it, on the region and in this run: what synth could
 * not know. Only changes are checked, and what is beside a change, so that a plan without changes costs no call.
 */
export async function checkAgainstRegion(checked: Checked): Promise<Problem[]> {
  const { region, kind, prior, own } = checked;
  const planned = own.attributes ?? {};
  const reserved = await reservedName(region, kind, prior, planned);
  if (reserved.length > 0) return reserved;
  const exchanged =
    checked.moment === "plan" ? [...(await checkExchange(checked)), ...(await checkTakeover(checked))] : [];
  const check = strategyOf(kind.name).check ?? checkWithReferences;
  return [...exchanged, ...(await check(checked, planned))];
}

/** The object as it is planned. */
export const asPlanned = (kind: Kind, prior: Attributes | undefined, planned: Attributes): PlannedObject => ({
  id: typeof prior?.id === "string" ? prior.id : undefined,
  attributes: planned,
  isChanged: isChange(kind, prior, planned),
});
