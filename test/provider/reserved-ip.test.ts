import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { MaasSimulator } from "../../src/simulator";
import type { Seed } from "../../src/simulator/seed/notation";
import { ProviderDriver } from "../support/provider-driver";

jest.setTimeout(60_000);

const TYPE = "maas_reserved_ip";
const MAC = "52:54:00:00:00:50";
const SEED: Seed = {
  fabrics: [{ name: "lab" }],
  subnets: [
    { cidr: "10.1.0.0/24", fabric: "lab", gateway_ip: "10.1.0.1" },
    { cidr: "2001:db8:1::/64", fabric: "lab" },
  ],
  ip_ranges: [
    { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" },
    { type: "dynamic", start_ip: "2001:db8:1:0:2::", end_ip: "2001:db8:1:0:2::ffff" },
  ],
};
const THEIRS = { ip: "10.1.0.90", mac_address: MAC, comment: "theirs" };

let simulator: MaasSimulator;
let provider: ProviderDriver;

async function start(maasVersion: string, more: Seed = {}): Promise<void> {
  simulator = await MaasSimulator.start({ maasVersion, seed: { ...SEED, ...more } });
  provider = await ProviderDriver.start({
    environment: { MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey },
  });
  expect(await provider.configure()).toEqual([]);
}

async function stop(): Promise<void> {
  await provider.stop();
  await simulator.stop();
}

describe("reserved IPs", () => {
  beforeEach(() => start("3.6"));
  afterEach(stop);

  test.each([
    ["10.1.0.50", "10.1.0.0/24"],
    ["2001:DB8:1:0:3:0::50", "2001:db8:1::/64"],
  ])(
    "#330, #413: %s is made for a MAC address in any spelling, found again, changed in place and deleted",
    async (ip, cidr) => {
      const config = { ip, mac_address: "52-54-00-00-00-50", comment: "printer" };
      const made = await provider.make(TYPE, config);
      expect(made.state).toMatchObject(config);
      expect(simulator.requests.all().filter(({ method }) => method === "POST")).toHaveLength(1);
      const again = await provider.plan(TYPE, config, made);
      expect([again.told, again.planned]).toEqual([[], made.state]);

      const { state: found } = await provider.import(TYPE, ip.toUpperCase());
      expect(found).toMatchObject({ id: made.state.id, mac_address: MAC, comment: "printer" });
      const looked = await provider.look(TYPE, { ip });
      expect(looked.state).toMatchObject({ mac_address: MAC, comment: "printer" });

      // By its CIDR, the subnet is the one that MAAS has found by itself.
      const named = await provider.plan(TYPE, { ...config, subnet: cidr }, made);
      expect(named.requiresReplace).toEqual([]);
      const changed = await provider.make(TYPE, { ...config, comment: null }, made);
      expect(changed.state).toMatchObject({ id: made.state.id, comment: null });
      expect(
        (await provider.plan(TYPE, { ...config, mac_address: "52:54:00:00:00:51" }, changed)).requiresReplace,
      ).toEqual(["mac_address"]);
      expect(await provider.destroy(TYPE, changed)).toEqual([]);
      expect((await provider.read(TYPE, changed)).state).toBeUndefined();
    },
  );

  const refusedAtPlan: readonly (readonly [string, Attributes, string, RegExp])[] = [
    [
      "inside a dynamic range",
      { ip: "10.1.0.150" },
      "ip",
      /MAAS6-RSV-03.*inside the dynamic range.*such as 10\.1\.0\.2/s,
    ],
    ["inside one of IPv6", { ip: "2001:db8:1:0:2::9" }, "ip", /MAAS6-RSV-03/],
    ["the network's own", { ip: "10.1.0.0" }, "ip", /MAAS6-RSV-02/],
    ["the last of IPv6", { ip: "2001:db8:1:0:ffff:ffff:ffff:ffff" }, "ip", /MAAS6-RSV-02/],
    ["of another network", { ip: "10.9.0.5", subnet: "10.1.0.0/24" }, "ip", /MAAS6-RSV-01/],
    ["of the other family", { ip: "2001:db8:1::5", subnet: "10.1.0.0/24" }, "ip", /MAAS6-RSV-01.*an IPv6 address/s],
  ];

  test.each(refusedAtPlan)("an address that is %s is refused at plan", async (_title, config, attribute, words) => {
    const { told } = await provider.plan(TYPE, { mac_address: MAC, ...config });
    expect(told.map((one) => [one.severity, one.attribute])).toEqual([["error", attribute]]);
    expect(`${told[0]?.summary ?? ""} ${told[0]?.detail ?? ""}`).toMatch(words);
  });

  test("a MAC address that is none is told how to write it", async () => {
    const told = await provider.validate(TYPE, { ip: "10.1.0.50", mac_address: "5254.0000.0050" });
    expect(told).toMatchObject([
      { attribute: "mac_address", detail: expect.stringContaining(`Write ${MAC}.`) as string },
    ]);
  });

  test("one that is there is taken over only for the same MAC address, and gets its comment back", async () => {
    await stop();
    await start("3.6", { reserved_ips: [THEIRS] });
    const config = { ip: "10.1.0.90", mac_address: MAC, comment: "ours", adopt_existing: true };
    const other = await provider.apply(TYPE, { ...config, mac_address: "52:54:00:00:00:51" });
    expect(other.told).toMatchObject([{ attribute: "mac_address", severity: "error" }]);
    expect(other.told[0]?.detail).toContain(`Give mac_address = "${MAC}"`);
    const adopted = await provider.make(TYPE, config);
    expect(adopted.state).toMatchObject({ comment: "ours" });
    expect(await provider.destroy(TYPE, adopted)).toEqual([]);
    expect((await provider.read(TYPE, adopted)).state).toMatchObject({ comment: "theirs" });
  });

  test("a second one of a MAC address is refused with the one that it has", async () => {
    await provider.make(TYPE, { ip: "10.1.0.50", mac_address: MAC });
    const { told } = await provider.apply(TYPE, { ip: "10.1.0.51", mac_address: MAC });
    expect(told).toMatchObject([{ attribute: "mac_address" }]);
    expect(told[0]?.detail).toContain("10.1.0.50");
  });

  test("two devices exchange their addresses in one run", async () => {
    const config = (last: number, mac: string): Attributes => ({ ip: `10.1.0.${last}`, mac_address: mac });
    const [one, two] = [config(50, MAC), config(51, "52:54:00:00:00:51")];
    const made = [await provider.make(TYPE, one), await provider.make(TYPE, two)];
    const swapped = [config(50, textOf(two.mac_address)), config(51, MAC)];
    await Promise.all(
      made.map(async (instance, index) => {
        await provider.destroy(TYPE, instance);
        const { state } = await provider.make(TYPE, swapped[index] ?? {});
        expect(state).toMatchObject(swapped[index] ?? {});
      }),
    );
  });
});

test("#455: a release before 3.6 is told of at plan, with what to do there, and has none", async () => {
  await start("3.4");
  try {
    const config = { ip: "10.1.0.50", mac_address: MAC };
    const { told } = await provider.plan(TYPE, config);
    expect(told).toMatchObject([{ severity: "error" }]);
    expect(`${told[0]?.summary ?? ""} ${told[0]?.detail ?? ""}`).toMatch(
      /MAAS 3\.4.* has no reserved IPs.*3\.6.*type reserved from 10\.1\.0\.50 to 10\.1\.0\.50/s,
    );
    expect((await provider.look(TYPE, { ip: "10.1.0.50" })).told).toHaveLength(1);
  } finally {
    await stop();
  }
});
