import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Values } from "../../lib/model/known";
import { MaasSimulator } from "../../src/simulator";
import { ProviderDriver } from "../support/provider-driver";

let simulator: MaasSimulator;
let folder: string;

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-folder-"));
});

afterEach(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true });
});

type Environment = Readonly<Record<string, string>>;

const startIn = (environment: Environment): Promise<ProviderDriver> =>
  ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey, ...environment }, folder);

/** Creates an object and destroys it. */
async function liveThrough(driver: ProviderDriver, config: Values): Promise<void> {
  expect(await driver.configure(config)).toEqual([]);
  const made = await driver.make("maas_fabric", { name: "lab" });
  expect(await driver.destroy("maas_fabric", made)).toEqual([]);
}

describe("a relative path starts where Terraform runs, which is not where the provider's process does:", () => {
  test.each<[string, Values, Environment]>([
    ["journal_path", { journal_path: "kept-here" }, {}],
    ["MAAS_JOURNAL", {}, { MAAS_JOURNAL: "kept-here" }],
  ])("%s", async (_, config, environment) => {
    const driver = await startIn(environment);
    await liveThrough(driver, config);
    await driver.stop();
    expect(readdirSync(join(folder, "kept-here"))).toContainEqual(expect.stringMatching(/\.jsonl$/));
    expect(existsSync("kept-here")).toBe(false);
  });

  test.each<[string, string, Environment]>([
    ["Terraform's data folder", ".terraform", {}],
    ["TF_DATA_DIR", "data", { TF_DATA_DIR: "data" }],
  ])("%s", async (_, data, environment) => {
    mkdirSync(join(folder, data));
    const driver = await startIn(environment);
    const config = { key: "upstream_dns", value: "192.0.2.1" };
    expect(await driver.configure()).toEqual([]);
    const made = await driver.make("maas_configuration", config);
    // A second instance of the same object, as `terraform state mv` or a renamed block leaves it.
    const twin = await driver.import("maas_configuration", "upstream_dns");
    await driver.read("maas_configuration", twin);
    expect(await driver.destroy("maas_configuration", made)).toEqual([]);
    await driver.stop();
    expect(readdirSync(join(folder, data))).not.toEqual([]);
  });

  test.each<[string, Values, Environment]>([
    ["tls_ca_cert_path", { tls_ca_cert_path: "ca.pem" }, {}],
    ["MAAS_API_CACERT", {}, { MAAS_API_CACERT: "ca.pem" }],
  ])("%s", async (_, config, environment) => {
    writeFileSync(join(folder, "ca.pem"), "no certificate");
    const driver = await startIn(environment);
    const [told] = await driver.configure(config);
    await driver.stop();
    expect(told?.detail).toContain(`holds no certificate (${join(folder, "ca.pem")})`);
  });
});
