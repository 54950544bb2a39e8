import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { ProviderDriver } from "./provider-driver";
import type { InProcessPlugin } from "./in-process-plugin";

/** The provider in this process against a simulated region, and the region's API beside it. */
export class ProviderUser {
  private constructor(
    readonly simulator: MaasSimulator,
    readonly api: MaasClient,
    readonly provider: ProviderDriver<InProcessPlugin>,
  ) {}

  static async start(seed: Seed): Promise<ProviderUser> {
    const simulator = await MaasSimulator.start({ seed });
    const { url, apiKey } = simulator;
    const api = new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: ApiKey.parse(apiKey) });
    return new ProviderUser(simulator, api, await ProviderDriver.here({ MAAS_API_URL: url, MAAS_API_KEY: apiKey }));
  }

  /** Another run of Terraform: nothing is known of the region, or of the state. */
  async nextRun(): Promise<void> {
    expect(await this.provider.configure()).toEqual([]);
  }

  /** Another run of Terraform, on the region as it was first. */
  async reset(): Promise<void> {
    this.simulator.reset();
    await this.nextRun();
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await this.api.close();
    await this.simulator.stop();
  }
}
