import { setTimeout as sleep } from "node:timers/promises";
import type { Form } from "../../maas/client";
import { MaasHttpError } from "../../maas/errors";

/** Milliseconds that a change is retried while other changes of the same run are in conflict with it. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 100;

/**
 * Makes a change, and retries it for a while when MAAS refuses it in words that match: two ranges side by side can only
 * be resized one after the other, shrinking first, and Terraform makes both changes at once in no order.
 *
 * @param onRefusal what can be done about it meanwhile
 * @throws what the last try threw.
 */
export async function retryOnConflict<T>(
  refusal: RegExp | undefined,
  change: () => Promise<T>,
  onRefusal?: () => Promise<void>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    try {
      return await change();
    } catch (error) {
      const mayPass = error instanceof MaasHttpError && error.status === 400 && refusal?.test(error.body) === true;
      if (!mayPass || performance.now() + pause > deadline) throw error;
    }
    await onRefusal?.();
    await sleep(pause);
  }
}

/** What MAAS keeps on a VLAN about its DHCP, by ids. */
export interface DhcpState {
  readonly dhcpOn: boolean;
  readonly primary: string | null;
  readonly secondary: string | null;
  readonly relay: string | null;
}

/** A VLAN without DHCP. */
export const DHCP_OFF: DhcpState = { dhcpOn: false, primary: null, secondary: null, relay: null };

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
