import { KINDS } from "../../../lib/model/kinds";
import type { Attributes, Value } from "../../../lib/model/known";
import type { Form } from "../../maas/client";
import { decode, type ObjectJson } from "../../maas/codec";

/** What MAAS keeps on a VLAN about its DHCP, by ids. */
export interface DhcpState {
  readonly dhcpOn: boolean;
  readonly primary: string | null;
  readonly secondary: string | null;
  readonly relay: string | null;
}

/** A VLAN without DHCP. */
export const DHCP_OFF: DhcpState = { dhcpOn: false, primary: null, secondary: null, relay: null };

const orNull = (value: Value | undefined): string | null => (typeof value === "string" ? value : null);

/** The state that the attributes ask for. */
export function desiredDhcp(attributes: Attributes): DhcpState {
  const relay = orNull(attributes.relay_vlan);
  return {
    dhcpOn: relay === null,
    primary: orNull(attributes.primary_rack_controller),
    secondary: orNull(attributes.secondary_rack_controller),
    relay,
  };
}

/** The state that the row of a VLAN tells. */
export const liveDhcp = (vlan: ObjectJson): DhcpState => ({
  ...desiredDhcp(decode(KINDS.vlan_dhcp, vlan)),
  dhcpOn: vlan.dhcp_on === true,
});

/** Whether a VLAN in that state has DHCP, of its own or by a relay. */
export const hasDhcp = ({ dhcpOn, relay }: DhcpState): boolean => dhcpOn || relay !== null;

const rack = (name: "primary_rack" | "secondary_rack", value: string | null): Form => [[name, value ?? ""]];
const dhcpOn = (on: boolean): Form => [["dhcp_on", String(on)]];
const relayTo = (vlan: string | null): Form => [["relay_vlan", vlan ?? ""]];

function switchOff(live: DhcpState): Form[] {
  const steps: Form[] = [];
  // Clearing the primary while there is a secondary would promote the secondary, so the secondary goes first.
  if (live.secondary !== null) steps.push([...dhcpOn(false), ...rack("secondary_rack", null)]);
  if (live.primary !== null || (live.dhcpOn && steps.length === 0)) {
    steps.push([...dhcpOn(false), ...rack("primary_rack", null)]);
  }
  return steps;
}

function switchOn(live: DhcpState, desired: DhcpState): Form[] {
  // MAAS drops the relay by itself when DHCP is on, so that a relay never ends before DHCP is accepted.
  const primary = [...dhcpOn(true), ...rack("primary_rack", desired.primary)];
  // MAAS refuses a secondary that is the stored primary, and drops it when the two are swapped in one PUT.
  const inTwo = desired.primary === live.secondary || desired.secondary === live.primary;
  if (inTwo && desired.secondary !== null) {
    return [primary, [...dhcpOn(true), ...rack("secondary_rack", desired.secondary)]];
  }
  const clears = desired.secondary === null && live.secondary === null;
  return [clears ? primary : [...primary, ...rack("secondary_rack", desired.secondary)]];
}

/**
 * The PUTs on a VLAN that lead from `live` to `desired`, in order; none when they are equal. Every state in between is
 * one that MAAS accepts, and running the steps again from any of them ends in the same state.
 *
 * @see MAAS forms/vlan.py (3.6.4); live regions 3.4.10 and 3.6.5
 */
export function dhcpSteps(live: DhcpState, desired: DhcpState): Form[] {
  if (JSON.stringify(live) === JSON.stringify(desired)) return [];
  if (desired.dhcpOn) return switchOn(live, desired);
  const off = switchOff(live);
  return live.relay === desired.relay ? off : [...off, relayTo(desired.relay)];
}
