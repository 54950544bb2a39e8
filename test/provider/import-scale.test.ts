import { MaasSimulator } from "../../src/simulator";
import { FEW_FABRICS, importAll, regionOf } from "../support/import-region";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(120_000);

test("import blocks for 1,000 objects, by natural key, ask for lists: at most 30 GETs, and none for each object", async () => {
  const { seed, imports } = regionOf(FEW_FABRICS);
  expect(imports).toHaveLength(1000);
  const simulator = await MaasSimulator.start({ seed });
  const provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  try {
    expect(await provider.configure()).toEqual([]);
    expect(await importAll(provider, imports)).toEqual([]);
    expect(simulator.requests.count("GET")).toBeLessThanOrEqual(30);
    expect(simulator.requests.count()).toBe(simulator.requests.count("GET"));
    const paths = simulator.requests.all().map(({ path }) => path);
    expect(paths.filter((path) => path.includes("machines/"))).toEqual([]);
  } finally {
    await provider.stop();
    await simulator.stop();
  }
});
