// How the simulator grows: creating subnets through HTTP, and listing them.
import { ApiKey } from "../src/maas/api-key";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import { MaasSimulator } from "../src/simulator";
import { timed } from "./support/table";

const SIZES = [500, 1000, 2500, 5000];
const PARALLEL = 8;

async function measure(size: number): Promise<{ create: number; list: number }> {
  const simulator = await MaasSimulator.start();
  const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  const cidrs = Array.from({ length: size }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  const create = await timed(async () => {
    for (let from = 0; from < size; from += PARALLEL) {
      const batch = cidrs.slice(from, from + PARALLEL);
      await Promise.all(batch.map((cidr) => client.post("subnets/", [["cidr", cidr]])));
    }
  });
  await client.get("subnets/");
  const list = await timed(() => client.get("subnets/"));
  await client.close();
  await simulator.stop();
  return { create, list };
}

async function main(): Promise<void> {
  process.stdout.write("subnets   created in   ms each   ratio   listed in\n");
  let base: number | undefined;
  for (const size of SIZES) {
    const { create, list } = await measure(size);
    const each = create / size;
    base ??= each;
    process.stdout.write(
      `${String(size).padStart(7)}  ${(create / 1000).toFixed(1).padStart(9)} s  ${each.toFixed(2).padStart(8)}  ${(each / base).toFixed(2).padStart(6)}  ${list.toFixed(0).padStart(7)} ms\n`,
    );
  }
}

void main();
