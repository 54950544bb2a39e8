import { oncePer } from "../../../lib/model/once-per";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { objectRead } from "../../maas/answer";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import type { ObjectJson } from "../../maas/codec";
import { MaasError, type MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { vlanKey } from "../region/live-objects";
import type { Region } from "../region/region";
import { type DhcpState, dhcpSteps, liveDhcp } from "./dhcp-steps";

/** What this run has done to the DHCP of VLANs by taking away what it needs: ranges, and interfaces of racks. */
interface Pauses {
  /** Whether the run has taken such a thing away. */
  isAnyTaken: boolean;
  /** What DHCP is to be again, once it can, of the VLANs on which it is switched off until then; by id. */
  readonly vlans: Map<string, DhcpState>;
}

const pausesOf = oncePer((_: Region): Pauses => ({ isAnyTaken: false, vlans: new Map() }));

const NO_RACKS: Form = [
  ["primary_rack", ""],
  ["secondary_rack", ""],
];

/**
 * What a change of a VLAN has to say besides, where MAAS has refused it for the DHCP that the VLAN has: that this is off. Every
 * PUT validates the stored `dhcp_on`, which needs a dynamic range, and the stored racks, which need an interface on that VID.
 * So the VLAN could not be changed at all, and what makes its next range, or names its next rack, waits for the VLAN.
 *
 * @returns undefined where that was not the cause
 * @throws ObjectError where this run has taken nothing away: then the DHCP may be somebody else's concern
 * @see MAAS forms/vlan.py (3.4 to 3.7); live regions 3.4.10 and 3.6.5
 */
export async function pausingDhcp(region: Region, id: string, refusal: MaasValidationError): Promise<Form | undefined> {
  const { dhcp_on: ofRanges, primary_rack: ofPrimary, secondary_rack: ofSecondary } = refusal.fields;
  const isOfRacks = (ofPrimary ?? ofSecondary) !== undefined;
  if (ofRanges === undefined && !isOfRacks) return undefined;
  const vlan = await readVlan(region, id);
  const form: Form = [["dhcp_on", "false"], ...(isOfRacks ? NO_RACKS : [])];
  // MAAS keeps the racks of a VLAN without DHCP. They serve nothing.
  if (vlan.dhcp_on !== true) return form;
  const pauses = pausesOf(region);
  if (!pauses.isAnyTaken) throw unchangeable(vlan, form, isOfRacks, refusal);
  pauses.vlans.set(id, liveDhcp(vlan));
  return form;
}

function unchangeable(vlan: ObjectJson, form: Form, isOfRacks: boolean, refusal: MaasValidationError): ObjectError {
  const [lacks, remedy] = isOfRacks
    ? [
        "a rack controller that serves it has no interface on a VLAN with this VID",
        "Lead an interface of that rack controller there",
      ]
    : ["no dynamic range is on its subnets", "Add a dynamic range to it"];
  const settings = form.map(([name, value]) => `${name}=${value}`).join(" ");
  const off = `maas PROFILE vlan update ${textOf(vlan.fabric_id)} ${textOf(vlan.vid)} ${settings}`;
  return new ObjectError(
    fault("MAAS-OPS-26", undefined, {
      what: `MAAS refuses to change the VLAN ${vlanKey(vlan) ?? ""} (id ${textOf(vlan.id)})`,
      why: `Its DHCP is on, and ${lacks}. MAAS takes no change of such a VLAN.`,
      fix: `${remedy}, or switch its DHCP off (${off}). Then apply again. MAAS said: ${refusal.said}`,
    }),
    { cause: refusal },
  );
}

/** DHCP of the VLAN is led to a state of its own from here on. */
export function endPause(region: Region, id: string): void {
  pausesOf(region).vlans.delete(id);
}

/**
 * After a change of a range, a subnet or an interface of a rack: DHCP is switched on again on the VLANs where it can be by now.
 * Where that fails, the next plan says that it is off.
 */
export async function resumingDhcp(region: Region, change: "create" | "update" | "remove"): Promise<void> {
  const pauses = pausesOf(region);
  pauses.isAnyTaken ||= change !== "create";
  for (const [id, state] of pauses.vlans) {
    try {
      for (const form of dhcpSteps(liveDhcp(await readVlan(region, id)), state))
        region.snapshot.changed("vlans", await region.client.put(apiPath`vlans/${id}/`, form));
      pauses.vlans.delete(id);
    } catch (error) {
      if (!(error instanceof MaasError)) throw error;
    }
  }
}

async function readVlan({ client }: Region, id: string): Promise<ObjectJson> {
  const path = apiPath`vlans/${id}/`;
  return objectRead(path, await client.get(path));
}
