import { MaasSimulator } from "../../src/simulator";
import { textOf } from "../../lib/model/text";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

describe.each(["3.4.10", "3.6.5"])("values that MAAS %s does not have", (maasVersion) => {
  let simulator: MaasSimulator;
  let provider: ProviderDriver;

  beforeAll(async () => {
    simulator = await MaasSimulator.start({ maasVersion });
    provider = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    expect(await provider.configure()).toEqual([]);
  });

  afterAll(async () => {
    await provider.stop();
    await simulator.stop();
  });

  test("are none in a VLAN, whatever MAAS shows in their place", async () => {
    const fabric = await provider.make("maas_fabric", { name: "names" });
    const config = { fabric: textOf(fabric.state.id), vid: 60, name: "" };
    const made = await provider.make("maas_vlan", config);
    expect(made.state).toMatchObject({ name: "", space: null });
    const named = await provider.make("maas_vlan", { ...config, name: "sixty" }, made);
    const emptied = await provider.make("maas_vlan", config, named);
    expect(emptied.state.name).toBe("");
    expect((await provider.import("maas_vlan", "names:60")).state).toMatchObject({ name: null, space: null });
    expect((await provider.look("maas_vlan", { fabric: "names", vid: 60 })).state).toMatchObject({
      ...{ name: null, space: null },
    });
  });

  test("are the same in a data source and in the resource", async () => {
    const fabric = await provider.make("maas_fabric", { name: "lists" });
    const vlan = textOf(fabric.state.untagged_vlan);
    const { state } = await provider.make("maas_subnet", { cidr: "10.7.0.0/24", vlan });
    const found = await provider.look("maas_subnet", { cidr: "10.7.0.0/24" });
    const { adopt_existing: _, force_destroy: _force, ip_ranges: _blocks, ...read } = state;
    // canonical/maas, whose word it is, has the name here and the id there.
    expect(found.state).toEqual({ ...read, fabric: "lists" });
    expect(read).toMatchObject({ dns_servers: [], disabled_boot_architectures: [], gateway_ip: null, description: "" });
  });
});
