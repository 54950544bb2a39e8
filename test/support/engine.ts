import { documentText, type NetworkDocument } from "../../lib/model/document";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { Snapshot } from "../../src/maas/snapshot";
import { converge } from "../../src/reconcile/engine/converge";
import { prepare, type Prepared } from "../../src/reconcile/engine/prepare";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";

/** The engine against a simulated region, with the record that a user's runs leave. */
export class EngineUser {
  record: string | undefined;

  private constructor(
    readonly simulator: MaasSimulator,
    readonly api: MaasClient,
  ) {}

  static async start(seed: Seed, maasVersion = "3.6"): Promise<EngineUser> {
    const simulator = await MaasSimulator.start({ port: 0, seed, maasVersion });
    const { url, apiKey } = simulator;
    return new EngineUser(simulator, new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(apiKey) }));
  }

  /** Back to the seed, and nothing on record. */
  reset(): void {
    this.simulator.reset();
    this.record = undefined;
  }

  prepare(document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<Prepared> {
    const record = this.record === undefined ? {} : { record: this.record };
    return prepare(
      { client: this.api, snapshot: new Snapshot(this.api) },
      { goal, document: documentText(document), ...record },
      { url: this.simulator.url, maxDeletions: Infinity },
    );
  }

  /** @throws the first failure of a step. */
  async run(document: NetworkDocument, goal: "apply" | "destroy" = "apply"): Promise<Prepared> {
    const region = { client: this.api, snapshot: new Snapshot(this.api) };
    const record = this.record === undefined ? {} : { record: this.record };
    const prepared = await prepare(
      region,
      { goal, document: documentText(document), ...record },
      { url: this.simulator.url, maxDeletions: Infinity },
    );
    this.record = prepared.record.before;
    const { failed, notTried, record: after } = await converge(region, prepared, { concurrency: 4 });
    const [first] = failed;
    if (first !== undefined)
      throw new Error(
        `${first.step.action} ${first.step.kind} ${first.step.key}: ${String(first.error)}; ${notTried.length} not tried`,
      );
    this.record = after ?? prepared.record.after;
    return prepared;
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
