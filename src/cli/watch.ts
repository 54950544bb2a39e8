import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../lib/model/field";
import { ProblemError } from "../../lib/model/problem";
import { shown } from "../../lib/model/text";
import { MaasError } from "../maas/errors";
import { Snapshot } from "../maas/snapshot";
import { runSession } from "../reconcile/engine/run/session";
import { eventLine, eventsOf, type GuardEvent, type RegionState, stateOf } from "../reconcile/engine/verify/watch";
import { listRegion } from "../reconcile/region/live-network";
import type { Region } from "../reconcile/region/region";
import type { ConnectionOptions } from "./connection-options";
import type { EngineInput } from "./engine-input";
import { onInterrupt, tellUnreleased, withInputRegion } from "./execute-plan";
import { stderr, stdout } from "./output/terminal";

/** Kinds of what a VLAN without a range to serve may be healed by. */
const SERVED: readonly KindName[] = ["ip_range", "vlan_dhcp"];

/** How a region is watched. */
export interface WatchOptions extends ConnectionOptions {
  /** Seconds from one look to the next. */
  readonly interval: number;
  readonly heal?: true;
}

/**
 * Applies the document, if what it says of the events' objects is all that there is to do: what else differs is not for a
 * watch to decide.
 *
 * @returns whether the region is as the document says now
 */
async function heal(input: EngineInput, region: Region, url: string, events: readonly GuardEvent[]): Promise<boolean> {
  const objects = new Set(events.map(({ object }) => object));
  const concerns = ({ key, desired = {} }: { readonly key: string; readonly desired?: object }): boolean => {
    const { subnet, vlan } = desired as { readonly subnet?: unknown; readonly vlan?: unknown };
    return (
      [key, subnet, vlan].some((name) => typeof name === "string" && objects.has(name)) ||
      [...objects].some((name) => key.endsWith(` in ${name}`))
    );
  };
  return runSession(
    input.store,
    input.request,
    async (session) => {
      const fresh = { ...region, snapshot: new Snapshot(region.client) };
      const planned = await session.plan(fresh, { url, force: [] });
      const { steps } = planned.plan;
      const ranges = events.some(({ event }) => event === "dhcp_without_range");
      const isOnly = steps.every((step) => concerns(step) || (ranges && SERVED.includes(step.kind)));
      if (!isOnly || planned.standing.length > 0 || steps.some(({ action }) => action === "delete")) {
        stderr.write("Not healed: the document has other changes, or apply would refuse it. Run cdktf-maas plan.\n");
        return false;
      }
      const ended = await session.execute(fresh, planned, { concurrency: 1 });
      return ended.record !== undefined;
    },
    tellUnreleased,
  );
}

/** How often within an hour an object is healed of the same thing. What comes back is for people to mend where it comes from. */
const MOST_HEALINGS = 3;
const HOUR = 3_600_000;

/** When what was healed, so that MAAS and a watch do not undo each other for ever. */
class Healings {
  readonly #times = new Map<string, readonly number[]>();

  /** Whether the event may be healed once more. What has been healed too often is told on stderr. */
  mayHeal({ event, object }: GuardEvent, now: number): boolean {
    const key = `${event} ${object}`;
    const recent = (this.#times.get(key) ?? []).filter((time) => time > now - HOUR);
    this.#times.set(key, recent.length < MOST_HEALINGS ? [...recent, now] : recent);
    if (recent.length < MOST_HEALINGS) return true;
    stderr.write(
      shown(
        `Not healed: ${event} of ${object} has come again after ${MOST_HEALINGS} attempts to heal it within an hour. Remove its cause, as the event's fix says.`,
      ) + "\n",
    );
    return false;
  }
}

/** What a watch could not do, told when it changes and not at each look. */
class Outages {
  #told = "";

  tell(text: string): void {
    if (text !== this.#told) stderr.write(`${shown(text === "" ? "The region answers again." : text)}\n`);
    this.#told = text;
  }
}

/** Heals what may be healed of. A run that is refused or fails leaves the watch as it is. */
async function healed(
  input: EngineInput,
  region: Region,
  url: string,
  events: readonly GuardEvent[],
): Promise<boolean | undefined> {
  if (events.length === 0) return undefined;
  try {
    return await heal(input, region, url, events);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    stderr.write(`${shown(`Not healed: ${error.message}`)}\n`);
    return false;
  }
}

/** Looks at the region until the signal comes, and writes a line for each event. */
async function watchRegion(
  input: EngineInput,
  { interval, heal: mayHeal, signal }: Pick<WatchOptions, "interval" | "heal"> & { readonly signal: AbortSignal },
  region: Region,
  url: string,
): Promise<void> {
  const [healings, outages] = [new Healings(), new Outages()];
  const look = async (): Promise<RegionState> => stateOf(await listRegion(new Snapshot(region.client)));
  let before: RegionState | undefined;
  while (!signal.aborted) {
    try {
      const now = await look();
      const events = eventsOf(before, now, input.request.document);
      const healable = events.filter(
        (event) => mayHeal === true && event.path !== undefined && healings.mayHeal(event, Date.now()),
      );
      const isHealed = await healed(input, region, url, healable);
      for (const event of events) {
        const said = mayHeal === true && event.path !== undefined ? false : null;
        stdout.write(eventLine(event, new Date(), healable.includes(event) ? (isHealed ?? null) : said));
      }
      // What was written is not seen again, also where the next look fails.
      before = now;
      if (isHealed === true) before = await look();
      outages.tell("");
    } catch (error) {
      // A region that is away for a while is watched again.
      if (!(error instanceof MaasError)) throw error;
      if (!signal.aborted) outages.tell(`Not looked at: ${error.message}`);
    }
    await sleep(interval * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Looks at a region again and again until it is interrupted, and writes a line for each event. */
export async function watch(
  input: EngineInput,
  { interval, heal: mayHeal, ...connection }: WatchOptions,
): Promise<void> {
  await onInterrupt((signal) =>
    withInputRegion(input, { ...connection, signal }, (region, url) =>
      watchRegion(input, { interval, ...(mayHeal && { heal: mayHeal }), signal }, region, url),
    ),
  );
}
