// What an import of a whole region costs as it grows: GETs and time, through the real plugin against the simulator.
import { MaasSimulator } from "../src/simulator";
import { importAll, regionOf } from "../test/support/import-region";
import { ProviderDriver } from "../test/support/provider-driver";

/** Fabrics of 100 objects each. */
const SIZES = [1, 4, 10];

async function main(): Promise<void> {
  for (const fabrics of SIZES) {
    const { seed, imports } = regionOf(fabrics);
    const simulator = await MaasSimulator.start({ seed });
    const driver = await ProviderDriver.start({
      environment: { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
    });
    await driver.configure();
    const started = performance.now();
    const faults = await importAll(driver, imports);
    const ms = performance.now() - started;
    if (faults.length > 0) throw new Error(faults.join("\n"));
    const gets = simulator.requests.count("GET");
    process.stdout.write(`${imports.length} objects: ${gets} GETs, ${(ms / imports.length).toFixed(2)} ms each\n`);
    await driver.stop();
    await simulator.stop();
  }
}

void main();
