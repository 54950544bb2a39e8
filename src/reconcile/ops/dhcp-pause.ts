import type { Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import type { Form } from "../../maas/client";
import type { ObjectJson } from "../../maas/codec";
import { MaasError, MaasNotFoundError, type MaasValidationError } from "../../maas/errors";
import { isRefused, ObjectError, PartialChangeError } from "../objects/failure";
import { changeVlan, readVlan, vlanKey } from "../region/live-objects";
import { inTurn, type Region } from "../region/region";
import type { RefusedPut } from "./collection-strategy";
import { type DhcpState, dhcpSteps, liveDhcp } from "./dhcp-steps";
import { type Complaint, COMPLAINTS, isTaken, noteRackInterface, noteRange, noteSubnet, vlanOf } from "./dhcp-taken";

/** DHCP that is off, or goes on without one of its rack controllers, until it can be what it was. */
interface Pause {
  readonly was: DhcpState;
  /** The row of its VLAN since. */
  readonly vlan: ObjectJson;
}

/** The DHCP that this run has paused, by the VLAN's id. */
const pausesOf = oncePer((_: Region) => new Map<string, Pause>());

const SWITCHED_OFF: Form = [["dhcp_on", "false"]];

/**
 * Makes a change of a VLAN that MAAS has refused for the DHCP that the VLAN has, with that DHCP changed too. Every PUT validates
 * the stored `dhcp_on`, which needs a dynamic range, and the stored racks, which need an interface on that VID. So the VLAN
 * could not be changed at all, and what makes its next range, or names its next rack, waits for the VLAN.
 *
 * @throws the refusal where that was not the cause; ObjectError where this run has taken nothing away that the DHCP needs: then
 *   it may be somebody else's concern
 * @see MAAS forms/vlan.py (3.4 to 3.7); live regions 3.4.10 and 3.6.5
 */
export function pauseDhcp(region: Region, { id, form, refusal, put }: RefusedPut): Promise<ObjectJson> {
  const complaints = COMPLAINTS.filter((name) => refusal.fields[name] !== undefined);
  if (complaints.length === 0) throw refusal;
  return inTurn(region, turnOf(id), async () => {
    const vlan = await readVlan(region, id);
    const extra = extraFields(vlan, complaints);
    // MAAS keeps the racks of a VLAN without DHCP. They serve nothing.
    if (vlan.dhcp_on !== true) return put(extra);
    const isMoved = form.some(([name]) => name === "vid");
    if (!(await isTaken(region, vlan, complaints, isMoved))) throw unchangeable(vlan, extra, complaints, refusal);
    const paused = pausesOf(region);
    const former = paused.get(id);
    const was = former?.was ?? liveDhcp(vlan);
    const pause = (row: ObjectJson): unknown => paused.set(id, { was, vlan: row });
    try {
      const answer = await put(extra);
      pause(answer);
      // What was lacking may have come back meanwhile.
      return (await restore(region, id)) ?? answer;
    } catch (error) {
      if (!isRefused(error)) pause(vlan);
      throw error;
    }
  });
}

/** DHCP off, unless a rack goes on to serve; without the racks that MAAS refuses. */
function extraFields(vlan: ObjectJson, complaints: readonly Complaint[]): Form {
  const isServed = (["primary_rack", "secondary_rack"] as const).some(
    (name) => (vlan[name] ?? null) !== null && !complaints.includes(name),
  );
  const isOff = vlan.dhcp_on === true && (complaints.includes("dhcp_on") || !isServed);
  const refused = complaints.filter((name) => name !== "dhcp_on");
  return [...(isOff ? SWITCHED_OFF : []), ...refused.map((name) => [name, ""] as const)];
}

/** What DHCP lacks by those complaints, and what brings it back. */
function lacksOf(complaints: readonly Complaint[]): readonly (readonly [lack: string, remedy: string])[] {
  const isOf = (what: string): boolean => complaints.some((name) => name.endsWith(what));
  return [
    ...(isOf("dhcp_on") ? [["no dynamic range is on its subnets", "add a dynamic range to one of them"] as const] : []),
    ...(isOf("rack")
      ? [
          [
            "one of its rack controllers has no interface on a VLAN with this VID",
            "put an interface of the rack controller on it",
          ] as const,
        ]
      : []),
  ];
}

const isSwitchedOff = (form: Form): boolean => form.some(([name]) => name === "dhcp_on");

function unchangeable(
  vlan: ObjectJson,
  extra: Form,
  complaints: readonly Complaint[],
  refusal: MaasValidationError,
): ObjectError {
  const lacks = lacksOf(complaints);
  const remedies = lacks.map(([, remedy]) => remedy).join(" and ");
  const settings = extra.map(([name, value]) => `${name}=${value}`).join(" ");
  const command = `maas PROFILE vlan update ${textOf(vlan.fabric_id)} ${textOf(vlan.vid)} ${settings}`;
  const otherwise = isSwitchedOff(extra) ? "switch its DHCP off" : "take that rack controller off";
  return new ObjectError(
    fault("MAAS-OPS-26", undefined, {
      what: `MAAS refuses to change the VLAN ${vlanKey(vlan) ?? ""} (id ${textOf(vlan.id)})`,
      why: `Its DHCP is on, and ${lacks.map(([lack]) => lack).join(", and ")}. MAAS takes no change of such a VLAN.`,
      fix: `Either ${remedies}, or ${otherwise} (${command}). Then apply again. MAAS said: ${refusal.said}`,
    }),
    { cause: refusal },
  );
}

/** What the user should know after a change of the VLAN. */
export function pausedDhcp(region: Region, id: string): Problem<string>[] {
  const { vlan } = pausesOf(region).get(id) ?? {};
  if (vlan === undefined) return [];
  const state = vlan.dhcp_on === true ? "goes on without one of its rack controllers" : "is switched off";
  return [
    warning("MAAS-OPS-26", undefined, {
      what: `the DHCP of the VLAN ${vlanKey(vlan) ?? ""} (id ${id}) ${state} for now`,
      why: "MAAS takes no change of a VLAN whose DHCP lacks a dynamic range, or an interface of its rack controller, and this run has taken that away.",
      fix: "It is restored in this run once that is there again. Otherwise look at the next plan, or switch it on in MAAS.",
    }),
  ];
}

/** What the DHCP of the VLAN was before this run paused it; undefined = it is not paused. */
export const stateBeforePause = (region: Region, id: string): DhcpState | undefined => pausesOf(region).get(id)?.was;

/**
 * Sets the DHCP of a VLAN, and ends its pause: nothing restores it meanwhile, and afterwards only where nothing has come of the
 * work.
 */
export function settingDhcp<T>(region: Region, id: string, work: () => Promise<T>): Promise<T> {
  return inTurn(region, turnOf(id), async () => {
    const paused = pausesOf(region);
    const before = paused.get(id);
    try {
      const result = await work();
      if (paused.get(id) === before) paused.delete(id);
      return result;
    } catch (error) {
      if (error instanceof PartialChangeError) paused.delete(id);
      throw error;
    }
  });
}

/** Within {@link settingDhcp}: the DHCP becomes that, once it can, where this run has paused it. */
export function restoreLater(region: Region, id: string, was: DhcpState): void {
  const paused = pausesOf(region);
  const pause = paused.get(id);
  if (pause !== undefined) paused.set(id, { ...pause, was });
}

const turnOf = (id: string): string => `DHCP of vlans/${id}/`;

/** After a range was made, changed or removed. References may be natural keys. */
export async function afterRange(region: Region, before?: Attributes, after?: Attributes): Promise<void> {
  noteRange(region, before, after);
  if (after?.type !== "dynamic" || typeof after.subnet !== "string" || pausesOf(region).size === 0) return;
  await resume(region, vlanOf(region, after.subnet));
}

/** After a subnet was made, moved or removed, with its ranges. */
export async function afterSubnet(region: Region, before?: Attributes, after?: Attributes): Promise<void> {
  noteSubnet(region, before, after);
  if (typeof after?.vlan === "string") await resume(region, after.vlan);
}

/** After an interface of a rack controller was moved from the VLAN with that row. */
export async function afterRackInterface(region: Region, rack: string, before: ObjectJson | null): Promise<void> {
  noteRackInterface(region, rack, before);
  for (const [id, { was }] of pausesOf(region))
    if ([was.primary, was.secondary].includes(rack)) await resume(region, id);
}

/** Restores the DHCP of the VLAN, if it is paused and MAAS takes it by now. Never fails: the change before it is made. */
async function resume(region: Region, vlan: string | Promise<string | undefined>): Promise<void> {
  try {
    const id = await vlan;
    if (id !== undefined && pausesOf(region).has(id)) await inTurn(region, turnOf(id), () => restore(region, id));
  } catch (error) {
    if (!(error instanceof MaasError)) throw error;
  }
}

/** @returns the VLAN's row once its DHCP is restored; undefined where it is not paused, or MAAS does not take it yet */
async function restore(region: Region, id: string): Promise<ObjectJson | undefined> {
  const paused = pausesOf(region);
  const pause = paused.get(id);
  if (pause === undefined) return undefined;
  try {
    let row = await readVlan(region, id);
    for (const form of dhcpSteps(liveDhcp(row), pause.was)) row = await changeVlan(region, id, form);
    paused.delete(id);
    return row;
  } catch (error) {
    if (error instanceof MaasNotFoundError) paused.delete(id);
    else if (!(error instanceof MaasError)) throw error;
    return undefined;
  }
}
