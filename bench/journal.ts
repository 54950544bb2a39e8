// What the journal costs: GETs, and time per create with and without it, through the real plugin against the simulator.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaasSimulator } from "../src/simulator";
import { ProviderDriver } from "../test/support/provider-driver";

const SIZES = [5, 20, 100, 400];
const RUNS = 3;

interface Cost {
  readonly gets: number;
  readonly ms: number;
}

async function measure(size: number, journal: string | undefined): Promise<Cost> {
  const simulator = await MaasSimulator.start();
  const environment = {
    ...{ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
    ...(journal !== undefined && { MAAS_JOURNAL: journal }),
  };
  const driver = await ProviderDriver.start({ environment });
  await driver.configure();
  const { state } = await driver.make("maas_fabric", { name: "bench" });
  simulator.requests.clear();
  const started = performance.now();
  const numbers = Array.from({ length: size }, (_, index) => index);
  for (let from = 0; from < size; from += 10)
    await Promise.all(
      numbers.slice(from, from + 10).map((index) =>
        driver.make("maas_subnet", {
          cidr: `10.${index >> 8}.${index & 255}.0/24`,
          vlan: state.untagged_vlan ?? null,
        }),
      ),
    );
  const ms = performance.now() - started;
  const gets = simulator.requests.count("GET");
  await driver.stop();
  await simulator.stop();
  return { gets, ms };
}

async function best(size: number, journal: string | undefined): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < RUNS; run += 1) costs.push(await measure(size, journal));
  return { gets: costs[0]?.gets ?? 0, ms: Math.min(...costs.map(({ ms }) => ms)) };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-bench-"));
  process.stdout.write("subnets   GETs without   with   ms/create without    with   ratio\n");
  for (const size of SIZES) {
    const without = await best(size, undefined);
    const withJournal = await best(size, join(folder, String(size)));
    const cells = [
      String(size).padStart(7),
      String(without.gets).padStart(15),
      String(withJournal.gets).padStart(7),
      (without.ms / size).toFixed(1).padStart(20),
      (withJournal.ms / size).toFixed(1).padStart(8),
      (withJournal.ms / without.ms).toFixed(2).padStart(8),
    ];
    process.stdout.write(`${cells.join("")}\n`);
  }
  rmSync(folder, { recursive: true });
}

void main();
