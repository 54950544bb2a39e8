import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { oncePer } from "../../../lib/model/once-per";
import { fault, type Problem, warning } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../maas/api-url";
import type { Form } from "../../maas/client";
import { decode, type ObjectJson } from "../../maas/codec";
import { MaasError, MaasNotFoundError, type MaasValidationError } from "../../maas/errors";
import { ObjectError } from "../objects/failure";
import { tryResolve } from "../references/lookups";
import { readVlan, vlanKey } from "../region/live-objects";
import { inTurn, type Region } from "../region/region";
import { dhcpSteps, liveDhcp } from "./dhcp-steps";

/** What this run has taken away that DHCP needs, and the DHCP that it has paused for that. */
interface Pauses {
  /** Subnets that have lost a dynamic range, by id or natural key. */
  readonly subnets: Set<string>;
  /** VLANs that have lost a subnet, by id or natural key. */
  readonly vlans: Set<string>;
  /** System ids of rack controllers, each with the VID that an interface of theirs has left. */
  readonly racks: Set<string>;
  /** The rows of VLANs whose DHCP is off, or lacks a rack controller, until it can be what they say; by id. */
  readonly paused: Map<string, ObjectJson>;
}

const pausesOf = oncePer((_: Region): Pauses => ({
  subnets: new Set(),
  vlans: new Set(),
  racks: new Set(),
  paused: new Map(),
}));

/** What MAAS complains about in the DHCP that a VLAN has, in the names of its form. */
const COMPLAINTS = ["dhcp_on", "primary_rack", "secondary_rack"] as const;

const onVid = (rack: unknown, vlan: ObjectJson): string => `${textOf(rack)} ${textOf(vlan.vid)}`;

/**
 * The fields about its DHCP that a change of a VLAN needs in addition, where MAAS has refused it for that. Every PUT validates
 * the stored `dhcp_on`, which needs a dynamic range, and the stored racks, which need an interface on that VID. So the VLAN
 * could not be changed at all, and what makes its next range, or names its next rack, waits for the VLAN.
 *
 * @returns undefined where that was not the cause
 * @throws ObjectError where this run has taken nothing away that the DHCP needs: then it may be somebody else's concern
 * @see MAAS forms/vlan.py (3.4 to 3.7); live regions 3.4.10 and 3.6.5
 */
export async function pauseDhcp(region: Region, id: string, refusal: MaasValidationError): Promise<Form | undefined> {
  const complaints = COMPLAINTS.filter((name) => refusal.fields[name] !== undefined);
  if (complaints.length === 0) return undefined;
  const vlan = await readVlan(region, id);
  const refused = complaints.filter((name) => name !== "dhcp_on");
  const serving = (["primary_rack", "secondary_rack"] as const).some(
    (name) => (vlan[name] ?? null) !== null && !refused.includes(name),
  );
  const form: Form = [
    ...(vlan.dhcp_on === true && (complaints.includes("dhcp_on") || !serving) ? SWITCHED_OFF : []),
    ...refused.map((name) => [name, ""] as const),
  ];
  // MAAS keeps the racks of a VLAN without DHCP. They serve nothing.
  if (vlan.dhcp_on !== true) return form;
  const pauses = pausesOf(region);
  const isOwn =
    refused.some((name) => pauses.racks.has(onVid(vlan[name], vlan))) ||
    (complaints.includes("dhcp_on") && (await hasLostRanges(region, id)));
  if (!isOwn) throw unchangeable(vlan, form, complaints, refusal);
  pauses.paused.set(id, pauses.paused.get(id) ?? vlan);
  return form;
}

const SWITCHED_OFF: Form = [["dhcp_on", "false"]];

/** Whether this run has taken a range from the VLAN. What it has noted is looked up only now, as that is rarely needed. */
async function hasLostRanges(region: Region, id: string): Promise<boolean> {
  const { subnets, vlans } = pausesOf(region);
  for (const key of vlans) if ((await tryResolve(region, "vlan", key, "before")) === id) return true;
  for (const key of subnets) {
    const subnet = await tryResolve(region, "subnet", key, "before");
    if (subnet !== undefined && (await vlanOf(region, subnet)) === id) return true;
  }
  return false;
}

async function vlanOf({ snapshot }: Region, subnet: string): Promise<string | undefined> {
  const row = await snapshot.read("subnets", subnet);
  const { vlan } = row === undefined ? {} : decode(KINDS.subnet, row);
  return typeof vlan === "string" ? vlan : undefined;
}

/** What DHCP lacks by those complaints, and what brings it back. */
function lacksOf(complaints: readonly string[]): readonly (readonly [lack: string, remedy: string])[] {
  const isOf = (what: "dhcp_on" | "rack"): boolean => complaints.some((name) => name.endsWith(what));
  return [
    ...(isOf("dhcp_on") ? [["no dynamic range is on its subnets", "add a dynamic range to one of them"] as const] : []),
    ...(isOf("rack")
      ? [["a rack controller of it has no interface on a VLAN with this VID", "put an interface of it there"] as const]
      : []),
  ];
}

function unchangeable(
  vlan: ObjectJson,
  form: Form,
  complaints: readonly string[],
  refusal: MaasValidationError,
): ObjectError {
  const lacks = lacksOf(complaints);
  const remedies = lacks.map(([, remedy]) => remedy).join(" and ");
  return new ObjectError(
    fault("MAAS-OPS-26", undefined, {
      what: `MAAS refuses to change the VLAN ${vlanKey(vlan) ?? ""} (id ${textOf(vlan.id)})`,
      why: `Its DHCP is on, and ${lacks.map(([lack]) => lack).join(", and ")}. MAAS takes no change of such a VLAN.`,
      fix: `Either ${remedies}, or change its DHCP (${command(vlan, form)}). Then apply again. MAAS said: ${refusal.said}`,
    }),
    { cause: refusal },
  );
}

const command = (vlan: ObjectJson, form: Form): string =>
  `maas PROFILE vlan update ${textOf(vlan.fabric_id)} ${textOf(vlan.vid)} ${form.map(([name, value]) => `${name}=${value}`).join(" ")}`;

/** What the user should know after a change of the VLAN. */
export function pausedDhcp(region: Region, id: string): Problem<string>[] {
  const vlan = pausesOf(region).paused.get(id);
  if (vlan === undefined) return [];
  return [
    warning("MAAS-OPS-26", undefined, {
      what: `the DHCP of the VLAN ${vlanKey(vlan) ?? ""} (id ${id}) was changed along with it`,
      why: "MAAS takes no change of a VLAN whose DHCP lacks a dynamic range, or an interface of its rack controller, and this run has taken that away.",
      fix: "Where this run brings it back, the DHCP is restored in this run. Where it does not, look at the next plan, or at the VLAN's DHCP in MAAS.",
    }),
  ];
}

/** The row of a VLAN with the DHCP that it had before this run paused that. */
export function beforePause(region: Region, vlan: ObjectJson): ObjectJson {
  const { dhcp_on, primary_rack, secondary_rack, relay_vlan } = pausesOf(region).paused.get(textOf(vlan.id)) ?? vlan;
  return { ...vlan, dhcp_on, primary_rack, secondary_rack, relay_vlan };
}

/**
 * Sets the DHCP of a VLAN, and ends its pause: nothing restores it meanwhile, and afterwards only where the work has failed.
 */
export function settingDhcp<T>(region: Region, id: string, work: () => Promise<T>): Promise<T> {
  return inTurn(region, turnOf(id), async () => {
    const result = await work();
    pausesOf(region).paused.delete(id);
    return result;
  });
}

const turnOf = (id: string): string => `DHCP of vlans/${id}/`;

/** After a range was made, changed or removed. References may be natural keys. */
export async function afterRange(region: Region, before?: Attributes, after?: Attributes): Promise<void> {
  const { subnets, paused } = pausesOf(region);
  const isTaken = before?.type === "dynamic" && after?.type !== "dynamic";
  if (isTaken && typeof before.subnet === "string") subnets.add(before.subnet);
  if (after?.type !== "dynamic" || typeof after.subnet !== "string" || paused.size === 0) return;
  const vlan = await vlanOf(region, after.subnet);
  if (vlan !== undefined) await resume(region, vlan);
}

/** After a subnet was made, moved or removed, with its ranges. */
export async function afterSubnet(region: Region, before?: Attributes, after?: Attributes): Promise<void> {
  if (typeof before?.vlan === "string" && before.vlan !== after?.vlan) pausesOf(region).vlans.add(before.vlan);
  if (typeof after?.vlan === "string") await resume(region, after.vlan);
}

/** After an interface of a rack controller was moved from one VLAN to another, by their rows. */
export async function afterRackInterface(
  region: Region,
  rack: string,
  before: ObjectJson | null,
  after: ObjectJson | null,
): Promise<void> {
  const { racks, paused } = pausesOf(region);
  if (before !== null) racks.add(onVid(rack, before));
  for (const [id, vlan] of paused)
    if (after?.vid === vlan.vid && [vlan.primary_rack, vlan.secondary_rack].includes(rack)) await resume(region, id);
}

/** Restores the DHCP of the VLAN, if it is paused and MAAS takes it by now. Where it does not, the next plan tells. */
async function resume(region: Region, id: string): Promise<void> {
  const { paused } = pausesOf(region);
  if (!paused.has(id)) return;
  await inTurn(region, turnOf(id), async () => {
    const vlan = paused.get(id);
    if (vlan === undefined) return;
    try {
      for (const form of dhcpSteps(liveDhcp(await readVlan(region, id)), liveDhcp(vlan)))
        region.snapshot.changed("vlans", await region.client.put(apiPath`vlans/${id}/`, form));
      paused.delete(id);
    } catch (error) {
      if (error instanceof MaasNotFoundError) paused.delete(id);
      else if (!(error instanceof MaasError)) throw error;
    }
  });
}
