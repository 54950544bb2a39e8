import { UNKNOWN, type Values } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { ProviderDriver } from "../support/provider-driver";

const TYPE = "maas_next_free";

const SEED: Seed = {
  fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }] }],
  subnets: [
    { cidr: "10.20.0.0/27", fabric: "lab", vid: 10, gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2", "8.8.8.8"] },
    { cidr: "10.30.0.0/24", fabric: "lab", vid: 0 },
    { cidr: "2001:db8:20::/64", fabric: "lab", vid: 10, gateway_ip: "2001:db8:20::1:0:0" },
    { cidr: "2001:db8:40::/64", fabric: "lab", vid: 10 },
    { cidr: "2001:db8:40:2::/63", fabric: "lab", vid: 0 },
  ],
  ip_ranges: [
    { type: "reserved", start_ip: "10.20.0.3", end_ip: "10.20.0.4", subnet: "10.20.0.0/27" },
    { type: "dynamic", start_ip: "10.20.0.8", end_ip: "10.20.0.9", subnet: "10.20.0.0/27" },
  ],
  static_routes: [{ source: "10.20.0.0/27", destination: "10.30.0.0/24", gateway_ip: "10.20.0.5" }],
  reserved_ips: [{ ip: "10.20.0.7", mac_address: "52:54:00:00:00:07", subnet: "10.20.0.0/27" }],
  machines: [
    {
      hostname: "node-1",
      interfaces: [
        {
          name: "eth0",
          fabric: "lab",
          vid: 10,
          links: [
            { subnet: "10.20.0.0/27", mode: "static", ip_address: "10.20.0.6" },
            { subnet: "2001:db8:20::/64", mode: "static", ip_address: "2001:db8:20::1:0:1" },
          ],
        },
      ],
    },
  ],
};

describe("maas_next_free", () => {
  let simulator: MaasSimulator;
  let provider: ProviderDriver;

  /** A provider in a process of its own, as each run of Terraform starts one. */
  const run = async (config: Values = {}): Promise<ProviderDriver> => {
    const driver = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    expect((await driver.configure(config)).filter(({ severity }) => severity === "error")).toEqual([]);
    return driver;
  };
  const made = async (config: Values): Promise<Values> => (await provider.make(TYPE, config)).state;
  const V4 = { subnet: "10.20.0.0/27" };
  const SITE = { prefix: "2001:db8:40::/48" };

  beforeEach(async () => {
    simulator = await MaasSimulator.start({ seed: SEED, maasVersion: "3.6.5" });
    provider = await run();
  });

  afterEach(async () => {
    await provider.stop();
    await simulator.stop();
  });

  test("is the lowest address that no gateway, DNS server, range, route, machine and reserved IP has", async () => {
    expect(await made(V4)).toEqual({
      ...{ subnet: "10.20.0.0/27", size: null, prefix: null, prefix_length: null, cidr: null },
      ...{ id: "10.20.0.10", ip_address: "10.20.0.10", start_ip: "10.20.0.10", end_ip: "10.20.0.10" },
    });
    expect(await made({ subnet: "2001:db8:20::/64" })).toMatchObject({ ip_address: "2001:db8:20::1:0:2" });
  });

  test("is a range of as many addresses in a row", async () => {
    expect(await made({ ...V4, size: 4 })).toMatchObject({
      ...{ id: "10.20.0.10-10.20.0.13", ip_address: null, start_ip: "10.20.0.10", end_ip: "10.20.0.13" },
    });
    expect(await made({ subnet: "2001:db8:20::/64", size: 65536 })).toMatchObject({
      ...{ start_ip: "2001:db8:20::1:0:2", end_ip: "2001:db8:20::1:1:1" },
    });
  });

  test("is the lowest network of a prefix that no subnet overlaps, of either family", async () => {
    expect(await made(SITE)).toMatchObject({
      ...{ id: "2001:db8:40:1::/64", cidr: "2001:db8:40:1::/64", ip_address: null },
      ...{ start_ip: "2001:db8:40:1::", end_ip: "2001:db8:40:1:ffff:ffff:ffff:ffff" },
    });
    expect(await made(SITE)).toMatchObject({ cidr: "2001:db8:40:4::/64" });
    expect(await made({ prefix: "10.20.0.0/16" })).toMatchObject({ cidr: "10.20.1.0/24" });
    expect(await made({ prefix: "10.20.0.0/16", prefix_length: 26 })).toMatchObject({ cidr: "10.20.0.64/26" });
  });

  test("differs from all others of its run that are chosen at the same time", async () => {
    const asked = [V4, { ...V4, size: 2 }, V4, { ...V4, size: 3 }, V4, SITE, SITE, SITE];
    const plans = await Promise.all(asked.map((config) => provider.plan(TYPE, config)));
    expect(plans.every(({ planned }) => planned?.id === UNKNOWN)).toBe(true);
    const answers = await Promise.all(asked.map((config) => made(config)));
    const addresses = answers.slice(0, 5).flatMap(({ start_ip: start, end_ip: end }) => {
      const [first, last] = [start, end].map((ip) => Number(textOf(ip).split(".")[3]));
      return Array.from({ length: (last ?? 0) - (first ?? 0) + 1 }, (_, at) => (first ?? 0) + at);
    });
    expect(new Set(addresses).size).toBe(1 + 2 + 1 + 3 + 1);
    expect(new Set(answers.slice(5).map(({ cidr }) => cidr)).size).toBe(3);
  });

  test("skips what the run has made in the meantime, and what later runs see taken", async () => {
    const range = { subnet: "10.20.0.0/27", type: "reserved", start_ip: "10.20.0.10", end_ip: "10.20.0.11" };
    await provider.make("maas_subnet_ip_range", range);
    await provider.make("maas_subnet", { cidr: "2001:db8:40:1::/64", vlan: "lab:10" });
    expect(await made(V4)).toMatchObject({ id: "10.20.0.12" });
    expect(await made(SITE)).toMatchObject({ cidr: "2001:db8:40:4::/64" });
    const link = { machine: "node-1", network_interface: "eth0", subnet: "10.20.0.0/27", mode: "STATIC" };
    await provider.make("maas_network_interface_link", { ...link, ip_address: "10.20.0.12" });
    const later = await run();
    expect((await later.make(TYPE, V4)).state).toMatchObject({ id: "10.20.0.13" });
    // The /64 of the run before was given to nothing.
    expect((await later.make(TYPE, SITE)).state).toMatchObject({ cidr: "2001:db8:40:4::/64" });
    await later.stop();
  });

  test("is kept by each later run, whatever takes it, and is taken from no other of its state", async () => {
    const kept = await provider.make(TYPE, V4);
    const range = { subnet: "10.20.0.0/27", type: "reserved", start_ip: "10.20.0.10", end_ip: "10.20.0.10" };
    const later = await run();
    expect(await later.read(TYPE, kept)).toMatchObject({ state: kept.state, told: [] });
    expect((await later.make(TYPE, V4)).state).toMatchObject({ id: "10.20.0.11" });
    await later.make("maas_subnet_ip_range", range);
    expect(await later.read(TYPE, kept)).toMatchObject({ state: kept.state, told: [] });
    expect(await later.plan(TYPE, V4, kept)).toMatchObject({ planned: kept.state, requiresReplace: [], told: [] });
    const network = await provider.make(TYPE, SITE);
    expect(await later.read(TYPE, network)).toMatchObject({ state: network.state, told: [] });
    expect(await later.plan(TYPE, SITE, network)).toMatchObject({ planned: network.state, requiresReplace: [] });
    await later.stop();
  });

  test.each<[string, Values, readonly string[]]>([
    ["another subnet", { subnet: "10.30.0.0/24" }, ["subnet"]],
    ["a subnet that is only known later", { subnet: UNKNOWN }, ["subnet", "size", "prefix", "prefix_length"]],
    ["another size", { subnet: "10.20.0.0/27", size: 2 }, ["size"]],
    ["a prefix", { prefix: "2001:db8:40::/48" }, ["subnet", "prefix"]],
  ])("is replaced by %s", async (_, config, attributes) => {
    const kept = await provider.make(TYPE, V4);
    const { planned, requiresReplace, told } = await provider.plan(TYPE, config, kept);
    expect({ id: planned?.id, requiresReplace, told }).toEqual({ id: UNKNOWN, requiresReplace: attributes, told: [] });
  });

  test("stays where the same is asked for in other words", async () => {
    const { state: subnet } = await provider.look("maas_subnet", { cidr: "10.20.0.0/27" });
    const kept = await provider.make(TYPE, V4);
    const other = { subnet: subnet?.id ?? null, size: 1 };
    expect(await provider.plan(TYPE, other, kept)).toMatchObject({
      ...{ requiresReplace: [], planned: { ...kept.state, ...other } },
    });
    expect((await provider.make(TYPE, other, kept)).state).toEqual({ ...kept.state, ...other });
    const network = await provider.make(TYPE, SITE);
    const same = { prefix: "2001:DB8:40:0::/48", prefix_length: 64 };
    expect((await provider.plan(TYPE, same, network)).requiresReplace).toEqual([]);
    const longer = { ...SITE, prefix_length: 80 };
    expect((await provider.plan(TYPE, longer, network)).requiresReplace).toEqual(["prefix_length"]);
    expect((await provider.plan(TYPE, { prefix: "2001:db8::/32" }, network)).requiresReplace).toEqual(["prefix"]);
  });

  test("is kept with a warning when the subnet is gone, and a destroy frees nothing in MAAS", async () => {
    const subnet = await provider.make("maas_subnet", { cidr: "10.99.0.0/24", vlan: "lab:10" });
    const kept = await provider.make(TYPE, { subnet: subnet.state.id ?? null });
    expect(await provider.destroy("maas_subnet", subnet)).toEqual([]);
    const later = await run();
    expect(await later.read(TYPE, kept)).toMatchObject({
      state: kept.state,
      told: [
        { severity: "warning", attribute: "subnet", summary: expect.stringContaining("10.99.0.1 is gone") as string },
      ],
    });
    const calls = simulator.requests.count();
    expect(await later.planDestroy(TYPE, kept)).toEqual([]);
    expect(await later.destroy(TYPE, kept)).toEqual([]);
    expect(simulator.requests.count()).toBe(calls);
    await later.stop();
  });

  test("an answer that is destroyed may be given again in the same run", async () => {
    const kept = await provider.make(TYPE, V4);
    expect(await provider.destroy(TYPE, kept)).toEqual([]);
    expect((await provider.make(TYPE, { ...V4, size: 2 })).state).toMatchObject({ start_ip: "10.20.0.10" });
  });

  test("is imported by the answer, and fits the configuration that would give it", async () => {
    const fitting: [string, Values][] = [
      ["10.20.0.20", V4],
      ["10.20.0.20-10.20.0.22", { ...V4, size: 3 }],
      ["2001:db8:20::1:0:9", { subnet: "2001:db8:20::/64" }],
      ["2001:db8:40:7::/64", SITE],
      ["10.20.3.0/26", { prefix: "10.20.0.0/16", prefix_length: 26 }],
    ];
    for (const [id, config] of fitting) {
      const imported = await provider.import(TYPE, id);
      expect(imported).toMatchObject({ told: [], state: { id } });
      expect(await provider.plan(TYPE, config, imported)).toMatchObject({ requiresReplace: [], planned: { id } });
      expect(await provider.plan(TYPE, { subnet: "10.30.0.0/24" }, imported)).toMatchObject({
        requiresReplace: expect.arrayContaining(["subnet"]) as string[],
      });
    }
    expect((await provider.import(TYPE, "lab")).told).toMatchObject([
      { severity: "error", summary: '"lab" is no answer of maas_next_free' },
    ]);
  });

  test("where nothing is free, the message says how much is", async () => {
    const { told } = await provider.apply(TYPE, { ...V4, size: 30 });
    expect(told).toMatchObject([
      {
        ...{ severity: "error", attribute: "subnet" },
        summary: "The subnet 10.20.0.0/27 has no 30 free addresses in a row",
        detail: expect.stringContaining("Set size to 21 or less") as string,
      },
    ]);
    expect((await provider.apply(TYPE, { prefix: "2001:db8:40:2::/63" })).told).toMatchObject([
      { attribute: "prefix", detail: expect.stringContaining("2001:db8:40:2::/63") as string },
    ]);
  });

  test("a subnet that there is not is refused by the plan, unless it was told not to ask", async () => {
    const config = { subnet: "10.1.0.0/24" };
    expect((await provider.plan(TYPE, config)).told).toMatchObject([{ severity: "error", attribute: "subnet" }]);
    const alone = await run({ skip_api_checks: true });
    expect((await alone.plan(TYPE, config)).told.filter(({ severity }) => severity === "error")).toEqual([]);
    expect((await alone.apply(TYPE, config)).told).toMatchObject([{ severity: "error", attribute: "subnet" }]);
    await alone.stop();
    expect(await provider.validate(TYPE, { size: 2 })).toHaveLength(2);
    const made = await provider.apply(TYPE, { subnet: UNKNOWN, prefix: UNKNOWN });
    expect(made.told).toMatchObject([{ severity: "error" }]);
  });
});
