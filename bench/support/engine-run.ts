import type { NetworkDocument } from "../../lib/model/document";
import type { MaasClient } from "../../src/maas/client";
import type { RecordStore } from "../../src/reconcile/engine/record/record-store";
import { runSession } from "../../src/reconcile/engine/run/session";
import { openRegion } from "../../src/reconcile/kinds";

/** How many requests are under way at a time. */
export const CONCURRENCY = 4;

/** Plans and runs a document, as the command line does. */
export async function runEngine(
  client: MaasClient,
  store: RecordStore,
  {
    goal,
    document,
    url,
  }: { readonly goal: "apply" | "destroy"; readonly document: NetworkDocument; readonly url: string },
): Promise<void> {
  const region = openRegion(client);
  await runSession(store, { goal, document }, async (session) => {
    const planned = await session.plan(region, { url, maxDeletions: Infinity, force: [] });
    const { failed } = await session.execute(region, { ...planned, standing: [] }, { concurrency: CONCURRENCY });
    if (failed[0] !== undefined) throw new Error("a step failed", { cause: failed[0].error });
  });
}
