import { isDeepStrictEqual } from "node:util";
import { type Attributes, UNKNOWN, type Value } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type Applied, type Kept, ProviderDriver, type Told } from "../support/provider-driver";

jest.setTimeout(60_000);

type Made = Kept & { readonly state: Attributes };

let simulator: MaasSimulator;
let api: MaasClient;
let provider: ProviderDriver;

/** Ids of two fabrics that both have the VIDs 20 and 30. */
let lab: string;
let den: string;
/** Ids of the VLANs, by FABRIC:VID. */
let ids: Record<string, string>;

const start = (): Promise<ProviderDriver> =>
  ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  ids = {};
  const fabrics: string[] = [];
  for (const name of ["lab", "den"]) {
    const fabric = (await api.post("fabrics/", [["name", name]])) as ObjectJson;
    fabrics.push(textOf(fabric.id));
    ids[`${name}:0`] = textOf((fabric.vlans as ObjectJson[])[0]?.id);
    for (const vid of ["20", "30"]) {
      const vlan = (await api.post(apiPath`fabrics/${textOf(fabric.id)}/vlans/`, [["vid", vid]])) as ObjectJson;
      ids[`${name}:${vid}`] = textOf(vlan.id);
    }
  }
  [lab = "", den = ""] = fabrics;
  provider = await start();
  expect(await provider.configure()).toEqual([]);
});

afterEach(async () => {
  await provider.stop();
  await api.close();
  await simulator.stop();
});

const cidr = "10.9.0.0/24";
const subnet = (config: Attributes, kept?: Kept): Promise<Made> =>
  provider.make("maas_subnet", { cidr, ...config }, kept);
/** The VLAN that the subnet is on by now. */
const placeOf = async ({ state }: Made): Promise<string> => {
  const { vlan } = (await api.get(apiPath`subnets/${textOf(state.id)}/`)) as { vlan: ObjectJson };
  return textOf(vlan.id);
};
const moveTo = ({ state }: Made, vlan: string): Promise<unknown> =>
  api.put(apiPath`subnets/${textOf(state.id)}/`, [["vlan", vlan]]);
const words = (told: readonly Told[]): string[] => told.map(({ summary, detail }) => `${summary}: ${detail}`);
/** A process of the provider that knows nothing of what the others did. */
async function nextRun(): Promise<void> {
  await provider.stop();
  provider = await start();
  await provider.configure();
}
/** What the next run would change. */
async function changesOf(type: string, config: Attributes, made: Made): Promise<Attributes> {
  await nextRun();
  const read = await provider.read(type, made);
  const { planned = {}, told } = await provider.plan(type, config, read);
  expect(told).toEqual([]);
  const isSame = (name: string, value: Value | undefined): boolean =>
    isDeepStrictEqual(value, read.state?.[name] ?? null);
  return Object.fromEntries(Object.entries(planned).filter(([name, value]) => !isSame(name, value)));
}
const changesOfSubnet = (config: Attributes, made: Made): Promise<Attributes> =>
  changesOf("maas_subnet", { cidr, ...config }, made);

describe("the VLAN of a subnet", () => {
  test("may be given in each spelling, and in another one later, without a change", async () => {
    const spellings = (): Attributes[] => [
      { vlan: ids["lab:20"] ?? "" },
      { vlan: "lab:20" },
      { fabric: "lab", vlan: "20" },
      { fabric: lab, vlan: "20" },
      { fabric: "lab", vlan: ids["lab:20"] ?? "" },
      { fabric: lab, vlan: "lab:20" },
    ];
    for (const first of spellings()) {
      const made = await subnet(first);
      expect(await placeOf(made)).toBe(ids["lab:20"]);
      expect(made.state).toMatchObject(first);
      await nextRun();
      const read = await provider.read("maas_subnet", made);
      expect(read.state).toEqual(made.state);
      for (const next of [...spellings(), {}, { fabric: "lab" }]) {
        const { planned, told } = await provider.plan("maas_subnet", { cidr, ...next }, read);
        expect({ first, next, planned, told }).toEqual({ first, next, planned: made.state, told: [] });
      }
      expect(await provider.destroy("maas_subnet", made)).toEqual([]);
    }
  });

  test("is another one where the fabric alone changes, and the subnet moves in place", async () => {
    const made = await subnet({ fabric: "lab", vlan: "20" });
    const config = { fabric: "den", vlan: "20" };
    expect(await changesOfSubnet(config, made)).toMatchObject({ fabric: "den" });
    const moved = await subnet(config, made);
    expect(moved.state).toMatchObject({ id: made.state.id, ...config, fabric_id: den });
    expect(await placeOf(moved)).toBe(ids["den:20"]);
    expect(await changesOfSubnet(config, moved)).toEqual({});
  });

  test("is not what the state has where somebody moved the subnet to the same VID of another fabric", async () => {
    const config = { fabric: "lab", vlan: "20" };
    const made = await subnet(config);
    await moveTo(made, ids["den:20"] ?? "");
    await nextRun();
    const read = await provider.read("maas_subnet", made);
    expect(read.state).toMatchObject({ fabric: den, vlan: "20" });
    expect(await changesOfSubnet(config, made)).toMatchObject({ fabric: "lab" });
    expect(await placeOf(await subnet(config, read))).toBe(ids["lab:20"]);
  });

  test("is told by its VID where somebody moved the subnet within the fabric", async () => {
    const config = { fabric: "lab", vlan: "20" };
    const made = await subnet(config);
    await moveTo(made, ids["lab:30"] ?? "");
    await nextRun();
    expect((await provider.read("maas_subnet", made)).state).toMatchObject({ fabric: "lab", vlan: "30" });
    expect(await changesOfSubnet(config, made)).toMatchObject({ vlan: "20" });
  });

  test("is the default one of the fabric, whatever its VID, where only that is given", async () => {
    await api.put(apiPath`vlans/${ids["lab:0"] ?? ""}/`, [["vid", "7"]]);
    await api.post(apiPath`fabrics/${lab}/vlans/`, [["vid", "0"]]);
    await nextRun();
    const made = await subnet({ fabric: "lab" });
    expect(await placeOf(made)).toBe(ids["lab:0"]);
    expect(made.state).toMatchObject({ fabric: "lab", vlan: ids["lab:0"], vid: 7 });
    expect(await changesOfSubnet({ fabric: "lab" }, made)).toEqual({});
    const moved = await subnet({ fabric: "den" }, made);
    expect(await placeOf(moved)).toBe(ids["den:0"]);
  });

  test("stays what it is within the fabric, and anywhere where neither is given", async () => {
    const made = await subnet({});
    for (const vlan of [ids["lab:30"] ?? "", ids["den:20"] ?? ""]) {
      await moveTo(made, vlan);
      expect(await changesOfSubnet({}, made)).toEqual({});
    }
    await nextRun();
    const read = (await provider.read("maas_subnet", made)) as Made;
    expect(await changesOfSubnet({ fabric: "den" }, read)).toEqual({});
    expect(await changesOfSubnet({ fabric: "lab" }, read)).toMatchObject({ fabric: "lab", vlan: UNKNOWN });
  });

  test("stays what it is where a subnet is adopted and the fabric is the one that it is in", async () => {
    await api.post("subnets/", [
      ["cidr", cidr],
      ["vlan", ids["lab:30"] ?? ""],
    ]);
    const adopted = await subnet({ fabric: "lab", adopt_existing: true });
    expect(await placeOf(adopted)).toBe(ids["lab:30"]);
    await provider.destroy("maas_subnet", adopted);
    expect(await placeOf(await subnet({ fabric: "den", adopt_existing: true }))).toBe(ids["den:0"]);
  });

  test("must be in the fabric that is given beside its id or its key", async () => {
    for (const vlan of [ids["den:20"] ?? "", "den:20"]) {
      const { told } = await provider.plan("maas_subnet", { cidr, fabric: "lab", vlan });
      expect(told).toEqual([
        expect.objectContaining({
          ...{ severity: "error", attribute: "fabric", summary: `The VLAN ${vlan} is not in the fabric "lab"` },
        }),
      ]);
      expect(words(told).join()).toContain("Leave fabric out");
    }
  });

  test("is unknown while its fabric is, and found by the apply", async () => {
    const { planned, told } = await provider.plan("maas_subnet", { cidr, fabric: UNKNOWN, vlan: "20" });
    expect(told).toEqual([]);
    expect(planned).toMatchObject({ fabric: UNKNOWN, vlan: "20" });
    expect((await provider.plan("maas_subnet", { cidr, fabric: UNKNOWN })).planned).toMatchObject({
      ...{ fabric: UNKNOWN, vlan: UNKNOWN },
    });
  });

  test("that the fabric does not have is an error of the plan, in the words of the configuration", async () => {
    const { told } = await provider.plan("maas_subnet", { cidr, fabric: "lab", vlan: "40" });
    expect(words(told)).toEqual([expect.stringContaining('The region has no VLAN "lab:40"')]);
  });

  test("follows a VLAN that moves into another fabric", async () => {
    const vlan = await provider.make("maas_vlan", { fabric: lab, vid: 50 });
    const made = await subnet({ vlan: vlan.state.id ?? "" });
    expect(made.state.fabric).toBe(lab);
    await nextRun();
    const [vlanNow, subnetNow] = [await provider.read("maas_vlan", vlan), await provider.read("maas_subnet", made)];
    // MAAS takes a VLAN for the default one of a fabric whose VLANs are all newer.
    const moved = await provider.plan("maas_vlan", { fabric: "fabric-0", vid: 50 }, vlanNow);
    expect(moved.requiresReplace).toEqual([]);
    const { planned } = await provider.plan("maas_subnet", { cidr, vlan: vlan.state.id ?? "" }, subnetNow);
    expect(planned).toMatchObject({ fabric: UNKNOWN, fabric_id: UNKNOWN });
  });
});

describe("DHCP of a VLAN", () => {
  const config = (): Attributes => ({ fabric: lab, vlan: "20", relay_vlan: ids["lab:30"] ?? "" });

  test("takes a fabric and a VID, and another fabric alone is another VLAN", async () => {
    const made = await provider.make("maas_vlan_dhcp", config());
    expect(made.state).toMatchObject({ id: ids["lab:20"], ...config() });
    expect(await changesOf("maas_vlan_dhcp", config(), made)).toEqual({});
    await nextRun();
    const read = await provider.read("maas_vlan_dhcp", made);
    const { requiresReplace } = await provider.plan("maas_vlan_dhcp", { ...config(), fabric: den }, read);
    expect(requiresReplace).toEqual(["vlan", "fabric"]);
    expect(
      (await provider.plan("maas_vlan_dhcp", { vlan: "lab:20", relay_vlan: ids["lab:30"] ?? "" }, read)).planned,
    ).toEqual(made.state);
  });

  test("is imported by the id of canonical/maas, FABRIC/VID, and needs no change in its words", async () => {
    await provider.make("maas_vlan_dhcp", config());
    await nextRun();
    const imported = await provider.import("maas_vlan_dhcp", `${lab}/20`);
    expect(imported.told).toEqual([]);
    expect(await changesOf("maas_vlan_dhcp", config(), imported as Made)).toEqual({});
  });

  test("takes ids of subnets and ranges, which are to be there", async () => {
    const { told } = await provider.plan("maas_vlan_dhcp", { ...config(), subnets: ["99"] });
    expect(words(told)).toEqual([expect.stringContaining('The region has no subnet "99"')]);
  });
});

describe("data sources", () => {
  const look = (config: Attributes): ReturnType<ProviderDriver["look"]> => provider.look("maas_vlan", config);

  test("find a VLAN by vlan, its VID or its id, as well as by vid, and show both", async () => {
    const spellings: Attributes[] = [{ vid: 20 }, { vlan: "20" }, { vlan: ids["lab:20"] ?? "" }];
    for (const given of spellings) {
      const { state, told } = await look({ fabric: "lab", ...given });
      expect(told).toEqual([]);
      expect(state).toMatchObject({ id: ids["lab:20"], fabric: "lab", vid: 20, vlan: "20", ...given });
    }
  });

  test("find no VLAN by its id in a fabric that it is not in", async () => {
    const { told } = await look({ fabric: "lab", vlan: ids["den:20"] ?? "" });
    expect(told).toEqual([expect.objectContaining({ severity: "error", attribute: "fabric" })]);
  });

  test("show the fabric of a subnet by its name", async () => {
    await subnet({ fabric: "lab", vlan: "20" });
    const { state } = await provider.look("maas_subnet", { cidr });
    expect(state).toMatchObject({ fabric: "lab", fabric_id: lab, vid: 20, vlan: ids["lab:20"] });
  });
});

describe("a configuration in the words of canonical/maas", () => {
  test("is valid, with a warning that names the better ones", async () => {
    const told = await provider.validate("maas_subnet", { cidr, fabric: "lab", vlan: "20" });
    expect(told).toEqual([expect.objectContaining({ severity: "warning", attribute: "fabric" })]);
    expect(words(told).join()).toContain('vlan = "lab:20"');
    expect(await provider.validate("maas_subnet", { cidr, vlan: "lab:20" })).toEqual([]);
    expect(await provider.validate("maas_subnet", { cidr })).toEqual([
      expect.objectContaining({ severity: "warning", attribute: "vlan" }),
    ]);
  });

  test("is refused with blocks ip_ranges, and the message names the command and the ranges", async () => {
    const block = { type: "dynamic", start_ip: "10.9.0.10", end_ip: "10.9.0.20", comment: null };
    const told = await provider.validate("maas_subnet", { cidr, vlan: "lab:20", ip_ranges: [block] });
    expect(told).toEqual([expect.objectContaining({ severity: "error", attribute: "ip_ranges" })]);
    expect(words(told).join()).toMatch(/npx cdktf-maas migrate main\.tf.*10\.9\.0\.10-10\.9\.0\.20/);
    expect(await provider.validate("maas_subnet", { cidr, vlan: "lab:20", ip_ranges: UNKNOWN })).toEqual([]);
  });

  test.each([true, false])("is refused with dhcp_on = %s, and the message names the command", async (dhcp_on) => {
    const told = await provider.validate("maas_vlan", { fabric: "lab", vid: 20, dhcp_on });
    expect(told).toEqual([expect.objectContaining({ severity: "error", attribute: "dhcp_on" })]);
    expect(words(told).join()).toContain("npx cdktf-maas migrate main.tf");
  });
});

describe("the provider's block", () => {
  test("takes the settings of canonical/maas that have no effect here, with a warning each", async () => {
    const told = await provider.validateProvider({ api_version: "2.0", installation_method: "snap" });
    expect(told).toEqual([
      expect.objectContaining({ severity: "warning", attribute: "api_version" }),
      expect.objectContaining({ severity: "warning", attribute: "installation_method" }),
    ]);
  });

  test("#475: with skip_api_checks plans new objects while the region is down, and says what such a plan can't know", async () => {
    await simulator.stop();
    await provider.stop();
    provider = await start();
    const told = await provider.configure({ skip_api_checks: true });
    expect(told).toEqual([expect.objectContaining({ severity: "warning", attribute: "skip_api_checks" })]);
    expect(words(told).join()).toContain("is there already");
    const begun = performance.now();
    const plans: Applied[] = [
      await provider.plan("maas_fabric", { name: "new" }),
      await provider.plan("maas_subnet", { cidr, fabric: "lab", vlan: "20" }),
      await provider.plan("maas_subnet_ip_range", {
        ...{ subnet: cidr, type: "reserved", start_ip: "10.9.0.1", end_ip: "10.9.0.2" },
      }),
    ];
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(plans.map(({ told: said }) => said)).toEqual([[], [], []]);
    expect(plans[1]?.planned).toMatchObject({ fabric: "lab", vlan: "20", id: UNKNOWN });
    simulator = await MaasSimulator.start();
  });
});

describe("a moved block", () => {
  const stored = { id: "7", cidr, fabric: "3", vlan: "20", ip_ranges: [], name: null };

  test("brings an object of canonical/maas or maas/maas here, and one of this provider with what is kept with it", async () => {
    for (const address of ["registry.terraform.io/canonical/maas", "registry.opentofu.org/maas/maas"]) {
      const moved = await provider.move("maas_subnet", { provider: address, type: "maas_subnet", state: stored });
      expect(moved.told).toEqual([]);
      expect(moved.state).toMatchObject({ id: "7", fabric: "3", vlan: "20" });
      expect(moved.private).toEqual(new Uint8Array());
    }
    const own = await provider.move("maas_subnet", {
      ...{ provider: "cdktf-maas.invalid/cdktf-maas/maas", type: "maas_subnet", state: stored },
      private: new Uint8Array([123, 125]),
    });
    expect(own.private).toEqual(new Uint8Array([123, 125]));
  });

  test("from another type or provider is refused with a way that works", async () => {
    for (const [address, type] of [
      ["registry.terraform.io/canonical/maas", "maas_vlan"],
      ["registry.terraform.io/hashicorp/null", "maas_subnet"],
    ] as const) {
      const { told, state } = await provider.move("maas_subnet", { provider: address, type, state: stored });
      expect(state).toBeUndefined();
      expect(words(told).join()).toMatch(/removed block.*import block/);
    }
  });
});
