import { setTimeout as sleep } from "node:timers/promises";
import type { NetworkDocument } from "../../../lib/model/document";
import { spelled } from "../../../lib/model/problem";
import { Snapshot } from "../../maas/snapshot";
import type { Region } from "../region";
import { PlanError, unknownValues } from "./plan-problems";
import { planFor } from "./prepare";
import { dhcp } from "./verify/dhcp";
import { drift } from "./verify/drift";
import { hasErrors, type Observation } from "./verify/observation";
import type { Round } from "./verify/round";
import { rules } from "./verify/rules";
import { staticRanges } from "./verify/static-ranges";

/** A clock to wait by, in milliseconds. */
export interface Clock {
  now(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

const CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { ...(signal && { signal }) }),
};

/** How a region is verified. Times are in milliseconds. */
export interface VerifyOptions {
  /** URL of the region, as `ApiUrl` spells it. */
  readonly url: string;
  /** How long to wait for what is not as desired; 0 = look once. */
  readonly timeout: number;
  /** From one look to the next. */
  readonly interval: number;
  /** Told of each look after which there is another one. */
  readonly onWait?: (observations: readonly Observation[]) => void;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What was found at the last look. */
export interface Verification {
  /** Whether nothing is other than the document wants it. What the region does not tell counts for neither. */
  readonly isAsDesired: boolean;
  readonly observations: readonly Observation[];
  /** How often the region was looked at. */
  readonly looks: number;
}

const missing = ({ problems }: PlanError): Observation[] =>
  problems.map((problem) => ({
    ...{ ...spelled(problem), check: "look_up", severity: "error" },
    why: "The document relies on it, and nobody here makes it.",
  }));

/**
 * One look. The rules need long lists of the region, so that they are left for when all else is as it should be, or
 * there is no further look.
 */
async function look(round: Round, isLast: boolean): Promise<Observation[]> {
  const found = [...drift(round), ...(await dhcp(round)), ...(await staticRanges(round))];
  return hasErrors(found) && !isLast ? found : [...found, ...(await rules(round))];
}

async function lookAt(
  client: Region["client"],
  document: NetworkDocument,
  { url, isLast }: { readonly url: string; readonly isLast: boolean },
): Promise<Observation[]> {
  const region = { client, snapshot: new Snapshot(client) };
  try {
    const planned = await planFor(region, { goal: "apply", document }, url);
    return await look({ ...planned, region, document }, isLast);
  } catch (error) {
    if (error instanceof PlanError && unknownValues(document).length === 0) return missing(error);
    throw error;
  }
}

/**
 * Looks whether a region is as a document wants it, its DHCP is served and the rules hold, again and again until it is so
 * or the time is up: racks follow what MAAS is told with delay. Changes nothing.
 *
 * A look makes at most 60 GETs, and one for each subnet that has static ranges.
 *
 * @throws PlanError for a document with values that only Terraform knows, MaasError
 */
export async function verify(
  client: Region["client"],
  document: NetworkDocument,
  { url, timeout, interval, onWait, signal, clock = CLOCK }: VerifyOptions,
): Promise<Verification> {
  const end = clock.now() + timeout;
  for (let looks = 1; ; looks++) {
    const isLast = clock.now() >= end;
    const observations = await lookAt(client, document, { url, isLast });
    const isAsDesired = !hasErrors(observations);
    if (isAsDesired || isLast) return { isAsDesired, observations, looks };
    onWait?.(observations);
    await clock.wait(Math.min(interval, Math.max(0, end - clock.now())), signal);
  }
}
