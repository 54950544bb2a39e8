import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkDocument } from "../../lib/model/document";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type CommandResult, type CommandSettings, type RunningCommand, startCommand } from "./command-line";
import { documentOf, SHOP } from "./shop-document";

/** A folder with a document, and the simulated region that it is for. */
export class ShopFolder {
  private constructor(
    readonly simulator: MaasSimulator,
    readonly path: string,
    private readonly api: MaasClient,
  ) {}

  static async start(): Promise<ShopFolder> {
    const simulator = await MaasSimulator.start();
    const api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    const shop = new ShopFolder(simulator, mkdtempSync(join(tmpdir(), "cdktf-maas-cli-")), api);
    shop.wants(SHOP);
    return shop;
  }

  /** Writes the document. */
  wants(objects: NetworkDocument["objects"], apiUrl = this.simulator.url): void {
    this.write("maas-network.json", documentOf(objects, apiUrl));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.path, file), text);
  }

  has(file: string): boolean {
    return existsSync(join(this.path, file));
  }

  read(file: string): string {
    return readFileSync(join(this.path, file), "utf8");
  }

  /** Starts a command in the folder, with the region's API key. */
  start(args: readonly string[], { env, ...settings }: CommandSettings = {}): RunningCommand {
    return startCommand(args, {
      ...settings,
      ...{ cwd: this.path, env: { MAAS_API_KEY: this.simulator.apiKey, ...env } },
    });
  }

  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
    return this.start(args, { env }).result;
  }

  /** What the region has of the shop, by natural keys. */
  made(): string[] {
    const { fabrics, vlans, subnets, ranges } = this.simulator.state;
    return [
      ...fabrics.filter((name) => name === "shop").map((name) => `fabric ${name}`),
      ...vlans.filter(({ fabric, vid }) => fabric === "shop" && vid !== 0).map(({ vid }) => `vlan ${vid}`),
      ...subnets.filter(({ cidr }) => /^10\.7[78]\./.test(cidr)).map(({ cidr }) => `subnet ${cidr}`),
      ...ranges.filter(({ subnet }) => subnet === "10.77.0.0/24").map(({ startIp }) => `range ${startIp}`),
    ];
  }

  /** Makes a reserved range behind the engine's back, and tells its id. */
  async addRange(cidr: string, start: string, end: string): Promise<string> {
    const subnets = (await this.api.get("subnets/")) as readonly ObjectJson[];
    const subnet = textOf(subnets.find((row) => row.cidr === cidr)?.id);
    const range = await this.api.post("ipranges/", [
      ["type", "reserved"],
      ["subnet", subnet],
      ["start_ip", start],
      ["end_ip", end],
    ]);
    return textOf((range as ObjectJson).id);
  }

  async removeRange(id: string): Promise<void> {
    await this.api.delete(apiPath`ipranges/${id}/`);
  }

  async stop(): Promise<void> {
    await this.api.close();
    await this.simulator.stop();
    rmSync(this.path, { recursive: true });
  }
}
