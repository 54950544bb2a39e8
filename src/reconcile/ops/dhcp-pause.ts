import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { oncePer } from "../../../lib/rules/verdict";
import type { Form } from "../../maas/client";
import { apiPath } from "../../maas/api-url";
import { MaasError, type MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { vlanKey } from "../region/live-objects";
import type { Region } from "../region/region";

/** What this run has done to the DHCP of VLANs by taking their ranges away. */
interface Pauses {
  /** Whether the run has taken a range away, or a subnet with its ranges. */
  areRangesTaken: boolean;
  /** The ids of VLANs whose DHCP is switched off until they have a dynamic range again. */
  readonly vlans: Set<string>;
}

const pausesOf = oncePer((_: Region): Pauses => ({ areRangesTaken: false, vlans: new Set() }));

const switched = (on: boolean): Form => [["dhcp_on", String(on)]];

/**
 * What a change of a VLAN has to say besides, where MAAS has refused it since DHCP is on there without a dynamic range: that
 * DHCP is off. Every PUT validates the stored `dhcp_on`, so that the VLAN could not be changed at all, and what makes its next
 * range waits for the VLAN.
 *
 * @returns undefined where that was not the cause
 * @throws ObjectError where this run has taken no range away: then the DHCP may be somebody else's concern
 * @see MAAS forms/vlan.py (3.4 to 3.7); live regions 3.4.10 and 3.6.5
 */
export async function pausingDhcp(region: Region, id: string, refusal: MaasValidationError): Promise<Form | undefined> {
  if (refusal.fields.dhcp_on === undefined) return undefined;
  const pauses = pausesOf(region);
  if (!pauses.areRangesTaken) throw await withoutRange(region, id, refusal);
  pauses.vlans.add(id);
  return switched(false);
}

async function withoutRange({ snapshot }: Region, id: string, refusal: MaasValidationError): Promise<ObjectError> {
  const row = await snapshot.read("vlans", id);
  const [name, place] = [row && vlanKey(row), row && `${textOf(row.fabric_id)} ${textOf(row.vid)}`];
  return new ObjectError(
    fault("MAAS-OPS-26", undefined, {
      what: `MAAS refuses to change the VLAN ${name ?? ""} (id ${id})`,
      why: "Its DHCP is on, and no dynamic range is on its subnets. MAAS takes no change of such a VLAN.",
      fix: `Add a dynamic range to it, or switch its DHCP off (maas PROFILE vlan update ${place ?? "FABRIC VID"} dhcp_on=false). Then apply again. MAAS said: ${refusal.said}`,
    }),
    { cause: refusal },
  );
}

/** DHCP of the VLAN is led to a state of its own from here on. */
export function endPause(region: Region, id: string): void {
  pausesOf(region).vlans.delete(id);
}

/**
 * After a change of a range or a subnet: DHCP is switched on again on the VLANs that have a dynamic range by now. Where that
 * fails, the next plan says that it is off.
 */
export async function afterRanges(region: Region, change: "create" | "update" | "remove"): Promise<void> {
  const pauses = pausesOf(region);
  pauses.areRangesTaken ||= change !== "create";
  const { vlans } = pauses;
  for (const id of vlans) {
    try {
      const json = await region.client.put(apiPath`vlans/${id}/`, switched(true));
      region.snapshot.changed("vlans", json);
      vlans.delete(id);
    } catch (error) {
      if (!(error instanceof MaasError)) throw error;
    }
  }
}
