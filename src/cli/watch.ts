import { setTimeout as sleep } from "node:timers/promises";
import type { KindName } from "../../lib/model/field";
import { MaasError } from "../maas/errors";
import { Snapshot } from "../maas/snapshot";
import { runSession } from "../reconcile/engine/run/session";
import { eventLine, eventsOf, type GuardEvent, type RegionState, stateOf } from "../reconcile/engine/verify/watch";
import { listRegion } from "../reconcile/region/live-network";
import type { Region } from "../reconcile/region/region";
import type { EngineInput } from "./engine-input";
import { withInputRegion } from "./execute-plan";
import type { ConnectionOptions } from "./live-region";
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
  return runSession(input.store, input.request, async (session) => {
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
  });
}

/** Looks at a region again and again until it is interrupted, and writes a line for each event. */
export async function watch(
  input: EngineInput,
  { interval, heal: mayHeal, ...connection }: WatchOptions,
): Promise<void> {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  await withInputRegion(input, connection, async (region, url) => {
    let before: RegionState | undefined;
    while (!controller.signal.aborted) {
      try {
        const now = stateOf(await listRegion(new Snapshot(region.client)));
        const events = eventsOf(before, now, input.request.document);
        const healable = events.filter(({ path, event }) => path !== undefined && event !== "subnet_created");
        const healed = mayHeal === true && healable.length > 0 ? await heal(input, region, url, healable) : undefined;
        for (const event of events)
          stdout.write(eventLine(event, new Date(), healable.includes(event) ? (healed ?? null) : null));
        before = healed === true ? stateOf(await listRegion(new Snapshot(region.client))) : now;
      } catch (error) {
        // A region that is away for a while is watched again.
        if (!(error instanceof MaasError)) throw error;
        stderr.write(`Not looked at: ${error.message}\n`);
      }
      await sleep(interval * 1000, undefined, { signal: controller.signal }).catch(() => undefined);
    }
  });
}
