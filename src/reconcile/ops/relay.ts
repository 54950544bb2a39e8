import { type Attributes } from "../../../lib/model/known";
import { textOf } from "../../../lib/model/text";
import { fault, type Problem, type Words } from "../../../lib/model/problem";
import { type ObjectJson } from "../../maas/codec";
import { MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import type { PlannedObjects } from "../planned/planned-objects";
import { tryResolve } from "../references/lookups";
import { readVlan } from "../region/live-objects";
import type { Region } from "../region/region";
import { retryOnConflict } from "./retry-on-conflict";

/** MAAS's words for a relay to a VLAN that is relayed itself, to the VLAN itself, or to none (forms/vlan.py). */
const NO_CHOICE = /Select a valid choice/;

const nameOf = ({ id, fabric, vid }: ObjectJson): string => `VLAN ${textOf(id)} (${textOf(fabric)}:${textOf(vid)})`;

const refusal = (words: Words<string>): Problem<string> => fault("MAAS-OPS-17", "relay_vlan", words);

const TO_ITSELF = refusal({
  what: "a VLAN can't be relayed to itself",
  fix: "Name another VLAN in relay_vlan, one that a rack controller serves; or give primary_rack_controller in place of relay_vlan.",
});

/** That the region has no VLAN of that id, as an attribute names it. */
export const noVlan = (attribute: string, id: string, cause: unknown): ObjectError =>
  new ObjectError(
    fault("MAAS-OPS-01", attribute, {
      what: `the region has no VLAN with id ${id}`,
      fix: "Give the id of a maas_vlan, or FABRIC:VID.",
    }),
    { cause },
  );

/** What is wrong with a planned relay, as far as the values of this run tell. */
export async function checkRelay(region: Region, planned: PlannedObjects, own: Attributes): Promise<Problem[]> {
  const { vlan, relay_vlan: relay } = own;
  if (typeof vlan !== "string" || typeof relay !== "string") return [];
  const [from, to] = await Promise.all([vlan, relay].map((key) => tryResolve(region, "vlan", key)));
  if (to === undefined) return [];
  if (from === to) return [TO_ITSELF];
  const next = planned.find("vlan_dhcp", to)?.attributes?.relay_vlan;
  return typeof next === "string" ? [isRelayed(`VLAN ${relay}`, next)] : [];
}

const isRelayed = (target: string, next: string): Problem<string> =>
  refusal({
    what: `${target} is relayed itself, to VLAN ${next}`,
    why: "MAAS passes DHCP requests on only once.",
    fix: `Set relay_vlan to ${next}, or have a rack controller serve ${target}.`,
  });

/**
 * Sets the relay of a VLAN. Waits while the target is relayed itself: this run may be about to change that.
 *
 * @throws ObjectError when it stays so.
 */
export async function setRelay(
  region: Region,
  vlan: ObjectJson,
  relay: string,
  put: () => Promise<ObjectJson>,
): Promise<ObjectJson> {
  if (textOf(vlan.id) === relay) throw new ObjectError(TO_ITSELF);
  try {
    return await retryOnConflict(NO_CHOICE, put);
  } catch (error) {
    if (
      !(error instanceof MaasValidationError) ||
      !(error.fields.relay_vlan ?? []).join(" ").includes("Select a valid choice")
    )
      throw error;
    const target = await readVlan(region, relay).catch((missing: unknown) => {
      throw missing instanceof MaasNotFoundError ? noVlan("relay_vlan", relay, error) : missing;
    });
    const next = (target.relay_vlan ?? null) as ObjectJson | null;
    if (next === null) throw error;
    throw new ObjectError(isRelayed(nameOf(target), textOf(next.id)), { cause: error });
  }
}
