import { documentText, type NetworkDocument } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient, type MaasClientOptions } from "../../src/maas/client";
import { prepare, type Prepared } from "../../src/reconcile/engine/plan/prepare";
import { MemoryRecordStore } from "../../src/reconcile/engine/record/record-store";
import { runSession } from "../../src/reconcile/engine/run/session";
import { openRegion } from "../../src/reconcile/kinds";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";

/** The document as a reader of its file gives it. */
export const asRead = (document: NetworkDocument): NetworkDocument => readDocument(documentText(document));

/** The engine against a simulated region, with the record that a user's runs leave. */
export class EngineUser {
  readonly store = new MemoryRecordStore();

  private constructor(
    readonly simulator: MaasSimulator,
    readonly api: MaasClient,
  ) {}

  /** @param options of the client, such as the URL of a proxy before the region. */
  static async start(seed: Seed, maasVersion = "3.6", options: Partial<MaasClientOptions> = {}): Promise<EngineUser> {
    const simulator = await MaasSimulator.start({ port: 0, seed, maasVersion });
    const [apiUrl, apiKey] = [ApiUrl.parse(simulator.url), ApiKey.parse(simulator.apiKey)];
    return new EngineUser(simulator, new MaasClient({ apiUrl, apiKey, ...options }));
  }

  get record(): NetworkDocument | undefined {
    return this.store.record;
  }

  set record(record: NetworkDocument | undefined) {
    this.store.record = record;
  }

  /** Back to the seed, and nothing on record. */
  reset(): void {
    this.simulator.reset();
    this.record = undefined;
  }

  prepare(document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<Prepared> {
    return prepare(
      openRegion(this.api),
      { goal, document: asRead(document), ...(this.record && { record: this.record }) },
      { url: this.simulator.url, maxDeletions: Infinity },
    );
  }

  /** Runs what a document takes, whatever speaks against it. @throws the first failure of a step. */
  async run(document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<Prepared> {
    const region = openRegion(this.api);
    return runSession(this.store, { goal, document: asRead(document) }, async (session) => {
      const planned = await session.plan(region, { url: this.simulator.url, maxDeletions: Infinity, force: [] });
      const { failed, notTried } = await session.execute(region, { ...planned, standing: [] }, { concurrency: 4 });
      const [first] = failed;
      if (first !== undefined)
        throw new Error(
          `${first.step.action} ${first.step.kind} ${first.step.key}: ${String(first.error)}; ${notTried.length} not tried`,
        );
      return planned;
    });
  }

  /**
   * What the region holds by natural keys, in one order. Without what MAAS can't empty, which stays when a document is
   * silent about it.
   */
  get state(): Record<string, unknown> {
    const kept = (name: string, value: unknown): unknown => (name === "comment" || name === "mtu" ? undefined : value);
    const sorted = (list: unknown): unknown =>
      Array.isArray(list) ? list.map((item) => JSON.stringify(item, kept)).sort() : list;
    return Object.fromEntries(Object.entries(this.simulator.state).map(([name, list]) => [name, sorted(list)]));
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.simulator.stop();
  }
}
