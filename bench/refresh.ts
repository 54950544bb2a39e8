// What a refresh costs as a stack grows: GETs and time, through the real plugin against the simulator.
import type { Attributes } from "../lib/model/known";
import { MaasSimulator } from "../src/simulator";
import { type Kept, ProviderDriver } from "../test/support/provider-driver";

const SIZES = [5, 20, 100, 400, 1600];

async function inChunks<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += 10) await Promise.all(items.slice(from, from + 10).map(work));
}

async function measure(size: number): Promise<{ gets: number; ms: number; posts: number }> {
  const simulator = await MaasSimulator.start();
  const environment = { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
  const driver = await ProviderDriver.start({ environment });
  await driver.configure();
  const fabric = await driver.make("maas_fabric", { name: "bench" });
  const kept: [string, Kept][] = [];
  const numbers = Array.from({ length: size }, (_, index) => index);
  const make = async (type: string, config: Attributes): Promise<Kept & { state: Attributes }> => {
    const made = await driver.make(type, config);
    kept.push([type, made]);
    return made;
  };
  await inChunks(numbers, async (index) => {
    const network = `10.${index >> 8}.${index & 255}`;
    const subnet = await make("maas_subnet", { cidr: `${network}.0/24`, vlan: fabric.state.untagged_vlan ?? null });
    await make("maas_subnet_ip_range", {
      subnet: subnet.state.id ?? null,
      type: "dynamic",
      start_ip: `${network}.100`,
      end_ip: `${network}.199`,
    });
  });
  const posts = simulator.requests.count("POST");
  await driver.stop();

  const fresh = await ProviderDriver.start({ environment });
  await fresh.configure();
  simulator.requests.clear();
  const started = performance.now();
  await inChunks(kept, async ([type, one]) => void (await fresh.read(type, one)));
  const ms = performance.now() - started;
  const gets = simulator.requests.count("GET");
  await fresh.stop();
  await simulator.stop();
  return { gets, ms, posts };
}

async function main(): Promise<void> {
  process.stdout.write("subnets  objects   POSTs  GETs of a refresh   ms/object   ratio\n");
  let base: number | undefined;
  for (const size of SIZES) {
    const { gets, ms, posts } = await measure(size);
    const each = ms / (2 * size);
    base ??= each;
    const cells = [size, 2 * size, posts, gets, each.toFixed(2), (each / base).toFixed(2)];
    process.stdout.write(`${cells.map((cell) => String(cell).padStart(9)).join("")}\n`);
  }
}

void main();
