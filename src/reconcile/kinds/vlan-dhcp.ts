import type { Kind } from "../../../lib/model/kind";
import { KINDS } from "../../../lib/model/kinds";
import { type Attributes, isKnown, type Value } from "../../../lib/model/known";
import { fault } from "../../../lib/model/problem";
import { textOf } from "../../../lib/model/text";
import { rowsAnswered } from "../../maas/answer";
import { decode, type ObjectJson } from "../../maas/codec";
import { MaasError, MaasNotFoundError, MaasValidationError } from "../../maas/errors";
import { checkDhcp, unreachable } from "../checks/dhcp";
import { isRefused, ObjectError, PartialChangeError } from "../objects/failure";
import type { Created, Existing, ObjectOps, Removal } from "../objects/object-ops";
import { configuredAlready, valuesOf } from "../ops/adoption";
import { restoreLater, settingDhcp, stateBeforePause } from "../ops/dhcp-pause";
import { desiredDhcp, DHCP_OFF, type DhcpState, dhcpSteps, hasDhcp, liveDhcp } from "../ops/dhcp-steps";
import { noVlan, setRelay } from "../ops/relay";
import { changeVlan, readVlan, vlanKey } from "../region/live-objects";
import type { Region } from "../region/region";
import type { Strategy } from "./strategy";
import { lookUpVlan, mistakenVid } from "./vlan";

/** The state of a VLAN before it was adopted. Without a rack controller, as where that has gone since, there is no DHCP. */
function stateBefore(original: Attributes): DhcpState {
  const state = desiredDhcp(original);
  return state.relay !== null || (original.dhcp_on !== false && state.primary !== null) ? state : DHCP_OFF;
}

/** Id of the VLAN that a range's subnet is on. */
const vlanOf = (range: ObjectJson): Value => decode(KINDS.subnet, (range.subnet ?? {}) as ObjectJson).vlan ?? null;

/** DHCP of a VLAN: attributes of the VLAN in MAAS, an object of its own here, since it can exist only after the VLAN's ranges. */
class VlanDhcpOps implements ObjectOps {
  constructor(
    private readonly region: Region,
    private readonly kind: Kind,
  ) {}

  async read(id: string, isAdopted = false): Promise<Attributes | undefined> {
    const vlan = await this.region.snapshot.read("vlans", id);
    if (vlan === undefined) return undefined;
    if (hasDhcp(liveDhcp(vlan))) return this.decode(vlan);
    // MAAS may keep the racks of a VLAN without DHCP: they serve nothing.
    return isAdopted
      ? { ...this.decode(vlan), primary_rack_controller: null, secondary_rack_controller: null }
      : undefined;
  }

  /** The ranges that DHCP stands on: constructs name all of the VLAN, so that an imported object needs no change. */
  async readImported(id: string): Promise<Attributes> {
    const vlan = await this.findVlan(id);
    if (vlan.dhcp_on !== true) return {};
    const ranges = await this.region.snapshot.list("ipranges");
    const own = ranges
      .filter((range) => range.type === "dynamic" && vlanOf(range) === id)
      .map((range) => textOf(range.id));
    return own.length === 0 ? {} : { ip_ranges: own.sort() };
  }

  /** The VLAN, as far as DHCP goes: DHCP that is off is there before it is switched on. */
  async find(desired: Attributes): Promise<Existing> {
    const { live, isConfigured } = this.former(await this.findVlan(textOf(desired.vlan)));
    return { live, isUntouched: !isConfigured };
  }

  create(desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const id = textOf(desired.vlan);
    return settingDhcp(this.region, id, () => this.switchOn(id, desired, adoptExisting));
  }

  private async switchOn(id: string, desired: Attributes, adoptExisting: boolean): Promise<Created> {
    const vlan = await this.findVlan(id);
    const wanted = desiredDhcp(desired);
    const { live: original, isConfigured } = this.former(vlan);
    if (isConfigured && !adoptExisting) throw await configuredAlready(this.region, this.kind, "vlan", original);
    await this.checkRanges(id, desired.ip_ranges);
    const before = isConfigured ? { original } : {};
    return { live: await this.run(id, vlan, wanted, before), ...before };
  }

  update(id: string, _prior: Attributes, desired: Attributes): Promise<Attributes> {
    return settingDhcp(this.region, id, async () => {
      const vlan = await this.findVlan(id);
      await this.checkRanges(id, desired.ip_ranges);
      return this.run(id, vlan, desiredDhcp(desired));
    });
  }

  remove(id: string, _prior: Attributes, { original }: Removal): Promise<void> {
    return settingDhcp(this.region, id, () => this.switchBack(id, original));
  }

  private async switchBack(id: string, original: Attributes | undefined): Promise<void> {
    let isOff = false;
    try {
      const vlan = await readVlan(this.region, id);
      isOff = !hasDhcp(liveDhcp(vlan));
      await this.run(id, vlan, original === undefined ? DHCP_OFF : stateBefore(original));
    } catch (error) {
      if (error instanceof MaasNotFoundError) return;
      // Somebody has switched it off and removed what it takes, such as its ranges: it can't be what it was any more.
      const isImpossible = error instanceof ObjectError || error instanceof MaasValidationError;
      if (!isOff || !isImpossible) throw error;
      // Where it was this run that has switched it off, what it takes may come back in the same run.
      if (original !== undefined) restoreLater(this.region, id, stateBefore(original));
    }
  }

  /**
   * Leads the VLAN to a state. Where MAAS refuses a later one of several PUTs, the earlier ones are undone.
   *
   * @throws PartialChangeError where that is refused as well, or where it is not known what has become of the later one.
   */
  private async run(
    id: string,
    vlan: ObjectJson,
    wanted: DhcpState,
    before: Pick<Created, "original"> = {},
  ): Promise<Attributes> {
    const live = liveDhcp(vlan);
    let answer = vlan;
    try {
      for (const form of dhcpSteps(live, wanted)) {
        const put = (): Promise<ObjectJson> => changeVlan(this.region, id, form);
        const isRelay = wanted.relay !== null && form.some(([name]) => name === "relay_vlan");
        answer = await (isRelay ? setRelay(this.region, vlan, wanted.relay, put) : put());
      }
    } catch (thrown) {
      const error = await this.explained(thrown, vlan, wanted);
      if (answer === vlan) throw error;
      const { left, refusal } = isRefused(error) ? await this.undo(id, answer, live) : { left: answer };
      if (left === undefined) throw error;
      throw new PartialChangeError(error, this.leftOver(vlan, left, refusal), { live: this.decode(left), ...before });
    }
    return this.decode(answer);
  }

  /** The error, in words that name the racks that MAAS would take, where it has refused one. */
  private async explained(error: unknown, vlan: ObjectJson, { primary, secondary }: DhcpState): Promise<unknown> {
    if (!(error instanceof MaasValidationError)) return error;
    const refused = [
      ["primary_rack_controller", error.fields.primary_rack, primary],
      ["secondary_rack_controller", error.fields.secondary_rack, secondary],
    ] as const;
    const [attribute, , id] =
      refused.find(([, texts]) => (texts?.join() ?? "").includes("Select a valid choice")) ?? [];
    if (attribute === undefined) return error;
    const racks = await this.racks();
    if (racks === undefined) return error;
    const hostname = textOf(racks.find((rack) => rack.system_id === id)?.hostname ?? id ?? "");
    const name = `VLAN ${textOf(vlan.id)} (${vlanKey(vlan) ?? ""})`;
    const { what, fix } = unreachable(racks, { hostname, vlan: name, vid: Number(vlan.vid) });
    return new ObjectError(fault("MAAS-OPS-21", attribute, { what, fix: `${fix} MAAS said: ${error.said}` }), {
      cause: error,
    });
  }

  /** Undefined = the region does not list them now. */
  private async racks(): Promise<readonly ObjectJson[] | undefined> {
    try {
      return rowsAnswered("rackcontrollers/", await this.region.client.get("rackcontrollers/"));
    } catch (error) {
      if (error instanceof MaasError) return undefined;
      throw error;
    }
  }

  /** Leads the VLAN back to what it was. @returns what is left of the change, and why; nothing where it is undone. */
  private async undo(
    id: string,
    vlan: ObjectJson,
    before: DhcpState,
  ): Promise<{ readonly left?: ObjectJson; readonly refusal?: MaasError }> {
    let left = vlan;
    try {
      for (const form of dhcpSteps(liveDhcp(vlan), before)) left = await changeVlan(this.region, id, form);
      return {};
    } catch (refusal) {
      if (refusal instanceof MaasError) return { left, refusal };
      throw refusal;
    }
  }

  /** What a change that has ended in between has left, in words. */
  private leftOver(before: ObjectJson, left: ObjectJson, refusal: MaasError | undefined): string {
    const [had, has] = [before, left].map((vlan) =>
      hasDhcp(liveDhcp(vlan)) ? valuesOf(this.kind, this.decode(vlan)) : "no DHCP and no relay",
    );
    const restoring =
      refusal === undefined
        ? "Whether MAAS made the last change is not known, so what there was before was not restored."
        : `Restoring what there was before failed as well: ${refusal.problem}`;
    return (
      `The VLAN is changed in part: it had ${had ?? ""}, and has ${has ?? ""}. ${restoring} ` +
      "Once the cause is mended, apply again: the rest is changed then."
    );
  }

  /** Read now, not from the snapshot: the steps depend on what the region has this moment. */
  private async findVlan(id: string): Promise<ObjectJson> {
    try {
      return await readVlan(this.region, id);
    } catch (error) {
      if (!(error instanceof MaasNotFoundError)) throw error;
      throw noVlan("vlan", id, error);
    }
  }

  /** MAAS looks only whether the VLAN has any dynamic range; a range named here must be one of them. */
  private async checkRanges(id: string, ranges: Value | undefined): Promise<void> {
    for (const range of Array.isArray(ranges) ? ranges.filter(isKnown) : []) {
      const live = await this.region.snapshot.read("ipranges", textOf(range));
      const vlan = live && vlanOf(live);
      if (live?.type === "dynamic" && vlan === id) continue;
      const words =
        live === undefined
          ? {
              what: `the region has no IP range with id ${textOf(range)}`,
              fix: "Give the ids of maas_subnet_ip_range resources.",
            }
          : {
              what: `IP range ${textOf(range)} does not serve VLAN ${id}`,
              why: `It is a ${String(live.type)} range on VLAN ${textOf(vlan)}.`,
              fix: "DHCP hands out addresses of dynamic ranges on subnets of its own VLAN: name one of those.",
            };
      throw new ObjectError(fault("MAAS-OPS-16", "ip_ranges", words));
    }
  }

  /** What the VLAN has, but for what this run has paused. */
  private former(vlan: ObjectJson): { readonly live: Attributes; readonly isConfigured: boolean } {
    const state = stateBeforePause(this.region, textOf(vlan.id)) ?? liveDhcp(vlan);
    const { dhcpOn, primary, secondary, relay } = state;
    const racks = { primary_rack_controller: primary, secondary_rack_controller: secondary };
    const live = { ...this.decode(vlan), ...racks, relay_vlan: relay, dhcp_on: dhcpOn };
    return { live, isConfigured: hasDhcp(state) };
  }

  private decode(vlan: ObjectJson): Attributes {
    return { id: textOf(vlan.id), ...decode(this.kind, vlan) };
  }
}

/** DHCP: attributes of a VLAN, in an order that MAAS takes. */
export const vlanDhcp: Strategy = {
  ops: (region, kind) => new VlanDhcpOps(region, kind),
  // FABRIC/VID, both as numbers, is what canonical/maas calls it.
  lookUp: (region, key, when) => lookUpVlan(region, key.replace(/^(\d+)\/(\d+)$/, "$1:$2"), when),
  likelyCause: mistakenVid,
  check: checkDhcp,
};
