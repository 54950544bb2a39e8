import { type Attributes, UNKNOWN, type Values } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { ApiKey } from "../../src/maas/api-key";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

let simulator: MaasSimulator;
let api: MaasClient;
let provider: ProviderDriver;

const calls = (method: string): string[] =>
  simulator.requests
    .all()
    .filter((request) => request.method === method)
    .map(({ path }) => path.replace("/MAAS/api/2.0/", ""));

const get = async (path: string): Promise<ObjectJson> => (await api.get(path)) as ObjectJson;
const list = async (path: string): Promise<readonly ObjectJson[]> => (await api.get(path)) as readonly ObjectJson[];
const make = (type: string, config: Attributes, kept?: Kept): Promise<Kept & { state: Attributes }> =>
  provider.make(type, config, kept);

/** A fabric with a subnet on its untagged VLAN. */
async function lab(
  name = "lab",
  cidr = "10.1.0.0/24",
): Promise<{ fabric: Kept & { state: Attributes }; vlan: string; subnet: string }> {
  const fabric = await make("maas_fabric", { name });
  const vlan = textOf(fabric.state.untagged_vlan);
  const subnet = await make("maas_subnet", { cidr, vlan });
  return { fabric, vlan, subnet: textOf(subnet.state.id) };
}

async function start(settings: Values = {}, environment: Record<string, string> = {}): Promise<ProviderDriver> {
  const started = await ProviderDriver.here({
    MAAS_API_URL: simulator.url,
    MAAS_API_KEY: simulator.apiKey,
    ...environment,
  });
  expect(await started.configure(settings)).toEqual([]);
  return started;
}

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  provider = await start();
});

afterEach(async () => {
  await provider.stop();
  await api.close();
  await simulator.stop();
});

describe("the configuration", () => {
  const configureWith = async (
    environment: Record<string, string | undefined>,
    config: Values = {},
  ): Promise<unknown> => {
    const started = await ProviderDriver.here({ MAAS_API_URL: undefined, MAAS_API_KEY: undefined, ...environment });
    const told = await started.configure(config);
    await started.stop();
    return told;
  };

  test("that is missing names the environment variables that would do", async () => {
    expect(await configureWith({})).toEqual([
      expect.objectContaining({ attribute: "api_url", detail: expect.stringContaining("MAAS_API_URL") as string }),
      expect.objectContaining({ attribute: "api_key", detail: expect.stringContaining("MAAS_API_KEY") as string }),
    ]);
  });

  test("wins over the environment", async () => {
    const told = await configureWith(
      { MAAS_API_URL: "http://wrong.invalid/MAAS" },
      { api_url: "http://::1:5240/MAAS", api_key: "a:b:c" },
    );
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "api_url",
        detail: expect.stringContaining("http://[::1]:5240/MAAS") as string,
      }),
    ]);
  });

  test("with a value that is known only later is refused at that attribute", async () => {
    expect(await configureWith({ MAAS_API_KEY: "a:b:c" }, { api_url: UNKNOWN })).toEqual([
      expect.objectContaining({ attribute: "api_url", summary: "api_url is not known yet" }),
    ]);
  });

  test("with a wrong secret tells nothing of the right one, neither in messages nor in the log", async () => {
    const [consumer, token, secret = ""] = simulator.apiKey.split(":");
    // A process, for its log.
    const wrong = await ProviderDriver.start({ environment: { MAAS_API_URL: simulator.url, TF_LOG: "trace" } });
    expect(await wrong.configure({ api_key: `${consumer}:${token}:wrongwrongwrong` })).toEqual([]);
    const { told } = await wrong.apply("maas_fabric", { name: "lab" });
    expect(told).toHaveLength(1);
    expect(told[0]?.detail).toContain("MAAS_API_KEY");
    expect(JSON.stringify(told)).not.toContain(secret);
    expect(wrong.plugin.log).toContain("MAAS API call");
    expect(wrong.plugin.log).not.toContain(secret);
    expect(wrong.plugin.log).not.toContain("wrongwrongwrong");
    await wrong.stop();
  });

  test("with the key of a user who may not change networks is told so", async () => {
    const plain = await start({ api_key: simulator.userApiKey });
    const { told, state } = await plain.apply("maas_fabric", { name: "lab" });
    expect(told[0]?.detail).toMatch(/403/);
    expect(state).toBeUndefined();
    await plain.stop();
  });
});

describe("creating", () => {
  test("is one POST, and keeps the spelling that was asked for", async () => {
    const { vlan } = await lab();
    simulator.requests.clear();
    const { state } = await make("maas_subnet", {
      cidr: "2001:DB8::/64",
      vlan,
      gateway_ip: "2001:DB8:0:0::1",
      dns_servers: ["2001:DB8::53"],
    });
    expect(state).toMatchObject({
      cidr: "2001:DB8::/64",
      gateway_ip: "2001:DB8:0:0::1",
      dns_servers: ["2001:DB8::53"],
    });
    expect(simulator.requests.all()).toHaveLength(1);
    expect(await get(apiPath`subnets/${textOf(state.id)}/`)).toMatchObject({
      cidr: "2001:db8::/64",
      gateway_ip: "2001:db8::1",
    });
  });

  test.each(["drop-after", "502"] as const)(
    "finds what an answer lost to %s has made, and makes nothing twice",
    async (fault) => {
      simulator.faults.set({ faults: [{ fault, methods: ["POST"], times: 1 }] });
      const { state } = await make("maas_fabric", { name: "lab" });
      const found = (await list("fabrics/")).filter(({ name }) => name === "lab");
      expect(found.map(({ id }) => String(id as number))).toEqual([state.id]);
    },
  );

  test("tries again when the connection broke before MAAS did anything", async () => {
    simulator.faults.set({ faults: [{ fault: "drop-before", methods: ["POST"], times: 1 }] });
    await make("maas_space", { name: "storage" });
    expect((await list("spaces/")).filter(({ name }) => name === "storage")).toHaveLength(1);
  });

  test("a range whose answer is lost is found by its ends", async () => {
    const { subnet } = await lab();
    simulator.faults.set({ faults: [{ fault: "drop-after", methods: ["POST"], times: 1 }] });
    await make("maas_subnet_ip_range", { subnet, type: "reserved", start_ip: "10.1.0.2", end_ip: "10.1.0.9" });
    expect(await list("ipranges/")).toHaveLength(1);
  });

  test("of what is there already says how to import it or take it over", async () => {
    await make("maas_fabric", { name: "lab" });
    const { told, state } = await provider.apply("maas_fabric", { name: "lab" });
    expect(state).toBeUndefined();
    expect(told).toEqual([
      expect.objectContaining({
        summary: "This fabric exists already",
        detail: expect.stringMatching(
          /terraform import maas_fabric\.NAME \d+.*adopt_existing = true.*already exists/s,
        ) as string,
      }),
    ]);
  });

  test("of a range on a subnet that is not there sends nothing", async () => {
    const { told } = await provider.apply("maas_subnet_ip_range", {
      subnet: "4711",
      type: "reserved",
      start_ip: "10.1.0.2",
      end_ip: "10.1.0.9",
    });
    expect(told).toEqual([
      expect.objectContaining({ attribute: "subnet", summary: 'The region has no subnet "4711"' }),
    ]);
    expect(calls("POST")).toEqual([]);
  });

  test("of a range outside its subnet fails at plan, at the end that is outside", async () => {
    const { subnet } = await lab();
    const plan = await provider.plan("maas_subnet_ip_range", {
      subnet,
      type: "reserved",
      start_ip: "10.1.0.250",
      end_ip: "10.1.1.9",
    });
    expect(plan.told).toEqual([
      expect.objectContaining({ attribute: "end_ip", summary: expect.stringContaining("10.1.0.0/24") as string }),
    ]);
  });

  test("of a subnet with a DNS server of the other family is refused before MAAS takes it", async () => {
    const { vlan } = await lab();
    const config = { cidr: "2001:db8::/64", vlan, dns_servers: ["10.0.0.53"] };
    expect(await provider.validate("maas_subnet", config)).toEqual([
      expect.objectContaining({ severity: "error", attribute: "dns_servers" }),
    ]);
  });

  test("shows MAAS's own refusal at the attribute that it is about", async () => {
    const { told } = await provider.apply("maas_fabric", { name: "fabric-77" });
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "name",
        summary: expect.stringContaining("Reserved fabric name") as string,
      }),
    ]);
  });
});

describe("adopting", () => {
  test("takes over what is there, changes only what is asked for, and gives it back", async () => {
    const { vlan } = await lab();
    await api.post("subnets/", [
      ["cidr", "10.9.0.0/24"],
      ["vlan", vlan],
      ["gateway_ip", "10.9.0.254"],
      ["name", "theirs"],
    ]);
    simulator.requests.clear();
    const adopted = await make("maas_subnet", {
      cidr: "10.9.0.0/24",
      vlan,
      gateway_ip: "10.9.0.1",
      adopt_existing: true,
    });
    expect(calls("POST")).toEqual([]);
    expect(adopted.state).toMatchObject({ name: "theirs", gateway_ip: "10.9.0.1" });
    expect(await provider.destroy("maas_subnet", adopted)).toEqual([]);
    const [subnet] = (await list("subnets/")).filter(({ cidr }) => cidr === "10.9.0.0/24");
    expect(subnet).toMatchObject({ name: "theirs", gateway_ip: "10.9.0.254" });
  });

  test("of VID 0 costs no POST, and a destroy gives the VLAN back as it was", async () => {
    const { fabric } = await lab();
    simulator.requests.clear();
    const vlan = await make("maas_vlan", { fabric: textOf(fabric.state.id), vid: 0, mtu: 9000 });
    expect(vlan.state).toMatchObject({ id: fabric.state.untagged_vlan, mtu: 9000, name: null });
    expect([calls("POST"), calls("PUT")]).toEqual([[], [expect.stringContaining("vlans/")]]);
    await provider.destroy("maas_vlan", vlan);
    expect(await get(apiPath`vlans/${textOf(vlan.state.id)}/`)).toMatchObject({ mtu: 1500 });
  });

  test("of an imported VID 0 leaves the VLAN alone on destroy", async () => {
    await lab();
    const imported = await provider.import("maas_vlan", "lab:untagged");
    expect(await provider.destroy("maas_vlan", imported)).toEqual([]);
    expect((await list("fabrics/")).find(({ name }) => name === "lab")?.vlans).toHaveLength(1);
  });
});

describe("changing", () => {
  test("sends nothing when nothing differs but the spelling", async () => {
    const { vlan } = await lab();
    const subnet = await make("maas_subnet", { cidr: "2001:db8::/64", vlan, gateway_ip: "2001:db8::1" });
    const plan = await provider.plan(
      "maas_subnet",
      { cidr: "2001:DB8:0::/64", vlan: "lab:untagged", gateway_ip: "2001:DB8::1" },
      subnet,
    );
    expect(plan.planned).toEqual(subnet.state);
    expect(plan.requiresReplace).toEqual([]);
  });

  test("keeps the boot architectures that MAAS drops from every PUT without them", async () => {
    const { vlan } = await lab();
    const config = { cidr: "10.2.0.0/24", vlan, disabled_boot_architectures: ["pxe", "uefi_amd64_tftp"] };
    const subnet = await make("maas_subnet", config);
    const changed = await make("maas_subnet", { ...config, description: "changed" }, subnet);
    expect(changed.state.disabled_boot_architectures).toEqual(["pxe", "uefi_amd64_tftp"]);
    const unmanaged = await make(
      "maas_subnet",
      { cidr: "10.2.0.0/24", vlan, description: "again" },
      { ...changed, private: new Uint8Array() },
    );
    expect(unmanaged.state.disabled_boot_architectures).toEqual(["pxe", "uefi_amd64_tftp"]);
  });

  test("of the fabric of a VLAN moves it in place, and another spelling of the same fabric changes nothing", async () => {
    const { fabric } = await lab();
    await make("maas_fabric", { name: "other" });
    const vlan = await make("maas_vlan", { fabric: "lab", vid: 10 });
    expect(vlan.state.fabric).toBe("lab");
    expect(
      (await provider.plan("maas_vlan", { fabric: textOf(fabric.state.id), vid: 10 }, vlan)).requiresReplace,
    ).toEqual([]);
    const moved = await provider.apply("maas_vlan", { fabric: "other", vid: 11 }, vlan);
    expect(moved.requiresReplace).toEqual([]);
    expect(moved.state).toMatchObject({ id: vlan.state.id, fabric: "other", vid: 11 });
    expect(await get(apiPath`vlans/${textOf(vlan.state.id)}/`)).toMatchObject({ fabric: "other", vid: 11 });
  });

  test("of a VLAN to a fabric that is still to be made, or from or to VID 0, replaces it", async () => {
    const { fabric } = await lab();
    const config = { fabric: textOf(fabric.state.id), vid: 10 };
    const vlan = await make("maas_vlan", config);
    const untagged = await make("maas_vlan", { ...config, vid: 0 });
    expect((await provider.plan("maas_vlan", { ...config, fabric: UNKNOWN }, vlan)).requiresReplace).toEqual([
      "fabric",
    ]);
    expect((await provider.plan("maas_vlan", { ...config, vid: 0 }, vlan)).requiresReplace).toEqual(["vid"]);
    expect((await provider.plan("maas_vlan", config, untagged)).requiresReplace).toEqual(["vid"]);
  });

  test("of an object whose former references are gone takes the new ones", async () => {
    const { fabric, subnet } = await lab();
    const config = { fabric: textOf(fabric.state.id), vid: 10 };
    const first = await make("maas_vlan", config);
    const kept = await make("maas_subnet", { cidr: "10.2.0.0/24", vlan: "lab:10" });
    const nic = await make("maas_rack_interface", {
      rack_controller: "rack1",
      name: "eth1",
      vlan: textOf(first.state.id),
    });
    await provider.destroy("maas_vlan", first);
    const second = await make("maas_vlan", config);
    const vlan = textOf(second.state.id);
    const link = { rack_controller: "rack1", name: "eth1", vlan };
    expect((await make("maas_subnet", { cidr: "10.2.0.0/24", vlan }, kept)).state.vlan).toBe(vlan);
    expect((await make("maas_rack_interface", link, nic)).state.vlan).toBe(vlan);
    expect(subnet).not.toBe(kept.state.id);
  });

  test("of a fabric's name, or of a VLAN's VID, replaces nothing that refers to it by them", async () => {
    const { fabric } = await lab();
    const vlan = await make("maas_vlan", { fabric: "lab", vid: 10 });
    const subnet = await make("maas_subnet", { cidr: "10.2.0.0/24", vlan: "lab:10" });
    await make("maas_subnet_ip_range", {
      ...{ subnet: textOf(subnet.state.id), type: "dynamic", start_ip: "10.2.0.100", end_ip: "10.2.0.199" },
    });
    await make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan: textOf(vlan.state.id) });
    const dhcp = await make("maas_vlan_dhcp", { vlan: "lab:10", primary_rack_controller: "rack1" });
    await provider.stop();
    provider = await start();
    expect((await provider.plan("maas_fabric", { name: "lab2" }, fabric)).told).toEqual([]);
    const vlanPlan = await provider.plan("maas_vlan", { fabric: "lab2", vid: 11 }, vlan);
    expect([vlanPlan.requiresReplace, vlanPlan.told]).toEqual([[], []]);
    const dhcpPlan = await provider.plan("maas_vlan_dhcp", { vlan: "lab2:11", primary_rack_controller: "rack1" }, dhcp);
    expect([dhcpPlan.requiresReplace, dhcpPlan.told]).toEqual([[], []]);
    // Terraform plans each object again once those before it are done.
    await provider.make("maas_fabric", { name: "lab2" }, fabric);
    await provider.make("maas_vlan", { fabric: "lab2", vid: 11 }, vlan);
    const again = await provider.plan("maas_vlan_dhcp", { vlan: "lab2:11", primary_rack_controller: "rack1" }, dhcp);
    expect(again.planned).toEqual(dhcpPlan.planned);
    expect(again.requiresReplace).toEqual([]);
  });

  test("of two ranges side by side works whichever is changed first", async () => {
    const { subnet } = await lab();
    const range = (start: number, end: number): Attributes => ({
      subnet,
      type: "reserved",
      start_ip: `10.1.0.${start}`,
      end_ip: `10.1.0.${end}`,
    });
    const low = await make("maas_subnet_ip_range", range(10, 19));
    const high = await make("maas_subnet_ip_range", range(20, 29));
    const growing = make("maas_subnet_ip_range", range(10, 24), low);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await make("maas_subnet_ip_range", range(25, 29), high);
    expect((await growing).state.end_ip).toBe("10.1.0.24");
  });

  test("is shown as failed at the attribute when MAAS takes it and does something else", async () => {
    const fabric = await make("maas_fabric", { name: "lab" });
    const other = await make("maas_fabric", { name: "other" });
    const vlan = await make("maas_vlan", { fabric: textOf(fabric.state.id), vid: 10, name: "mine" });
    const subnet = await make("maas_subnet", { cidr: "10.3.0.0/24", vlan: textOf(vlan.state.id) });
    await api.delete(apiPath`vlans/${textOf(vlan.state.id)}/`);
    const told = (
      await provider.apply(
        "maas_subnet",
        { cidr: "10.3.0.0/24", vlan: textOf(vlan.state.id), description: "x" },
        subnet,
      )
    ).told;
    expect(told).toEqual([expect.objectContaining({ attribute: "vlan" })]);
    expect(other.state.name).toBe("other");
  });
});

describe("reading", () => {
  test("drops from the state what is gone, and only that", async () => {
    const { subnet } = await lab();
    const range = await make("maas_subnet_ip_range", {
      subnet,
      type: "reserved",
      start_ip: "10.1.0.2",
      end_ip: "10.1.0.9",
    });
    await api.delete(apiPath`ipranges/${textOf(range.state.id)}/`);
    const fresh = await start();
    expect((await fresh.read("maas_subnet_ip_range", range)).state).toBeUndefined();
    simulator.faults.set({ faults: [{ fault: "500", methods: ["GET"] }] });
    const failed = await fresh.read("maas_subnet", {
      state: { id: subnet, cidr: "10.1.0.0/24" },
      private: new Uint8Array(),
    });
    expect(failed.told).toHaveLength(1);
    expect(failed.state).toMatchObject({ cidr: "10.1.0.0/24" });
    await fresh.stop();
  });

  test("of a hundred objects of every kind costs at most 30 GETs", async () => {
    const { fabric, subnet } = await lab();
    const kept: [string, Kept][] = [["maas_fabric", fabric]];
    for (let index = 1; index <= 25; index += 1) {
      kept.push(["maas_fabric", await make("maas_fabric", { name: `f${index}` })]);
      kept.push(["maas_space", await make("maas_space", { name: `s${index}` })]);
      kept.push(["maas_vlan", await make("maas_vlan", { fabric: textOf(fabric.state.id), vid: index })]);
      kept.push([
        "maas_subnet_ip_range",
        await make("maas_subnet_ip_range", {
          subnet,
          type: "reserved",
          start_ip: `10.1.0.${index}`,
          end_ip: `10.1.0.${index}`,
        }),
      ]);
    }
    const fresh = await start();
    simulator.requests.clear();
    await Promise.all(kept.map(([type, one]) => fresh.read(type, one)));
    await Promise.all(kept.map((_, index) => fresh.look("maas_fabric", { name: `f${(index % 25) + 1}` })));
    await Promise.all(["rack1", "rack2"].map((hostname) => fresh.look("maas_rack_controller", { hostname })));
    expect(calls("GET").length).toBeLessThanOrEqual(30);
    await fresh.stop();
  });

  test("drops attributes that an older schema had", async () => {
    const json = new TextEncoder().encode(JSON.stringify({ id: "1", name: "lab", gone_since: true }));
    const { upgradedState, diagnostics } = await provider.plugin.call("upgradeResourceState", {
      typeName: "maas_fabric",
      rawState: { json },
    });
    expect(diagnostics).toEqual([]);
    expect(upgradedState?.msgpack.length).toBeGreaterThan(0);
  });
});

describe("DHCP", () => {
  const pool = async (subnet: string): Promise<string> =>
    textOf(
      (await make("maas_subnet_ip_range", { subnet, type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }))
        .state.id,
    );
  const rackId = async (hostname: string): Promise<string> =>
    textOf((await provider.look("maas_rack_controller", { hostname })).state?.id);

  test("is served by racks that are named by hostname, and the two can be swapped", async () => {
    const { vlan, subnet } = await lab();
    const ranges = [await pool(subnet)];
    const first = await make("maas_vlan_dhcp", {
      vlan,
      primary_rack_controller: "rack1",
      secondary_rack_controller: "rack2",
      ip_ranges: ranges,
    });
    expect(first.state).toMatchObject({ id: vlan, primary_rack_controller: "rack1", dhcp_on: true });
    const swapped = await make(
      "maas_vlan_dhcp",
      { vlan, primary_rack_controller: "rack2", secondary_rack_controller: "rack1", ip_ranges: ranges },
      first,
    );
    expect(await get(apiPath`vlans/${vlan}/`)).toMatchObject({
      primary_rack: await rackId("rack2"),
      secondary_rack: await rackId("rack1"),
    });
    expect(await provider.destroy("maas_vlan_dhcp", swapped)).toEqual([]);
    expect(await get(apiPath`vlans/${vlan}/`)).toMatchObject({
      dhcp_on: false,
      primary_rack: null,
      secondary_rack: null,
    });
  });

  test("becomes a relay and a server again, in steps that MAAS takes", async () => {
    const { vlan, subnet } = await lab();
    const other = (await make("maas_fabric", { name: "other" })).state.untagged_vlan;
    await pool(subnet);
    const served = await make("maas_vlan_dhcp", { vlan, primary_rack_controller: "rack1" });
    const relayed = await make("maas_vlan_dhcp", { vlan, relay_vlan: other ?? null }, served);
    expect(relayed.state).toMatchObject({ dhcp_on: false, relay_vlan: other });
    const again = await make("maas_vlan_dhcp", { vlan, primary_rack_controller: "rack1" }, relayed);
    expect(again.state).toMatchObject({ dhcp_on: true, relay_vlan: null });
  });

  test("that somebody else has set up otherwise is not taken over silently", async () => {
    const { vlan, subnet } = await lab();
    await pool(subnet);
    await api.put(apiPath`vlans/${vlan}/`, [
      ["dhcp_on", "true"],
      ["primary_rack", "rack2"],
    ]);
    const { told } = await provider.apply("maas_vlan_dhcp", { vlan, primary_rack_controller: "rack1" });
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "vlan",
        detail: expect.stringContaining("terraform import maas_vlan_dhcp") as string,
      }),
    ]);
  });

  test("by a rack without an interface on the VLAN is warned of, since MAAS takes it and serves nobody", async () => {
    const { vlan, subnet } = await lab();
    await pool(subnet);
    const config = { vlan, primary_rack_controller: "rack1" };
    expect((await provider.plan("maas_vlan_dhcp", config)).told).toEqual([]);
    const { told, state } = await provider.apply("maas_vlan_dhcp", config);
    expect(told).toEqual([
      expect.objectContaining({
        severity: "warning",
        attribute: "primary_rack_controller",
        summary: expect.stringMatching(/^MAAS6-DHC-04: rack1 has no interface on VLAN/) as string,
      }),
    ]);
    expect(state).toMatchObject({ dhcp_on: true });
    const nic = await make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan });
    expect(nic.state.vlan).toBe(vlan);
    const fresh = await start();
    const other = await fresh.apply("maas_vlan_dhcp", { ...config, adopt_existing: true }, undefined);
    expect(other.told).toEqual([]);
    await fresh.stop();
  });

  test("names a range that can't serve the VLAN", async () => {
    const { vlan, subnet } = await lab();
    const reserved = await make("maas_subnet_ip_range", {
      subnet,
      type: "reserved",
      start_ip: "10.1.0.2",
      end_ip: "10.1.0.9",
    });
    const { told } = await provider.apply("maas_vlan_dhcp", {
      vlan,
      primary_rack_controller: "rack1",
      ip_ranges: [textOf(reserved.state.id)],
    });
    expect(told).toEqual([
      expect.objectContaining({ attribute: "ip_ranges", detail: expect.stringContaining("reserved") as string }),
    ]);
  });

  test("with an unknown rack lists the racks that there are", async () => {
    const { vlan } = await lab();
    const { told } = await provider.apply("maas_vlan_dhcp", { vlan, primary_rack_controller: "rack9" });
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "primary_rack_controller",
        detail: expect.stringMatching(/rack1, rack2/) as string,
      }),
    ]);
  });
});

describe("a rack interface", () => {
  test("is found by name, moved to a VLAN, and given back", async () => {
    const { vlan } = await lab();
    const before = (await provider.import("maas_rack_interface", "rack1/eth1")).state;
    const nic = await make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan });
    expect(nic.state).toMatchObject({ id: before?.id, vlan, rack_controller: "rack1" });
    const moved = await make(
      "maas_rack_interface",
      { rack_controller: "rack1", name: "eth1", vlan: "lab:untagged" },
      nic,
    );
    expect(moved.state.vlan).toBe(vlan);
    expect(await provider.destroy("maas_rack_interface", nic)).toEqual([]);
    expect((await provider.import("maas_rack_interface", textOf(before?.id))).state).toMatchObject({
      vlan: before?.vlan,
    });
  });

  test("whose VLAN is gone meanwhile is disconnected on destroy", async () => {
    const { vlan } = await lab();
    const other = await make("maas_fabric", { name: "other" });
    const [rack = "", id = ""] = textOf((await provider.import("maas_rack_interface", "rack1/eth1")).state?.id).split(
      "/",
    );
    await api.put(apiPath`nodes/${rack}/interfaces/${id}/`, [["vlan", textOf(other.state.untagged_vlan)]]);
    const nic = await make("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan });
    await provider.destroy("maas_fabric", other);
    expect(await provider.destroy("maas_rack_interface", nic)).toEqual([]);
    const racks = (await api.get("rackcontrollers/", { hostname: "rack1" })) as readonly ObjectJson[];
    const left = racks[0]?.interface_set as ObjectJson[] | undefined;
    expect(left?.find(({ name }) => name === "eth1")?.vlan).toBeNull();
  });

  test("that the rack does not have is refused with the names of those it has", async () => {
    const { vlan } = await lab();
    const { told } = await provider.apply("maas_rack_interface", { rack_controller: "rack1", name: "eth9", vlan });
    expect(told).toEqual([
      expect.objectContaining({ attribute: "name", detail: expect.stringContaining("eth0, eth1") as string }),
    ]);
  });
});

describe("importing", () => {
  test.each(["10.1.0.2-10.1.0.9", "10.1.0.2:10.1.0.9"])("takes a range written as %s", async (key) => {
    const { subnet } = await lab();
    const range = await make("maas_subnet_ip_range", {
      subnet,
      type: "reserved",
      start_ip: "10.1.0.2",
      end_ip: "10.1.0.9",
    });
    expect((await provider.import("maas_subnet_ip_range", key)).state).toEqual(range.state);
  });

  test("takes an IPv6 range and an IPv6 subnet in any spelling", async () => {
    const { vlan } = await lab();
    const subnet = await make("maas_subnet", { cidr: "2001:db8::/64", vlan });
    const range = await make("maas_subnet_ip_range", {
      subnet: "2001:DB8::/64",
      type: "reserved",
      start_ip: "2001:db8::1:0:0",
      end_ip: "2001:db8::1:0:ff",
    });
    expect((await provider.import("maas_subnet", "2001:DB8:0::/64")).state?.id).toBe(subnet.state.id);
    expect((await provider.import("maas_subnet_ip_range", "2001:db8:0:0:0:1::-2001:db8::1:0:ff")).state?.id).toBe(
      range.state.id,
    );
  });
});

describe("data sources", () => {
  test("find every kind by its natural key", async () => {
    const { vlan, subnet } = await lab();
    await make("maas_space", { name: "storage" });
    expect((await provider.look("maas_fabric", { name: "lab" })).state).toMatchObject({ untagged_vlan: vlan });
    expect((await provider.look("maas_space", { name: "storage" })).state?.id).toEqual(expect.any(String));
    expect((await provider.look("maas_vlan", { fabric: "lab", vid: 0 })).state).toMatchObject({ id: vlan, mtu: 1500 });
    expect((await provider.look("maas_subnet", { cidr: "10.1.0.0/24" })).state).toMatchObject({ id: subnet, vlan });
    const rack = (await provider.look("maas_rack_controller", { hostname: "rack1" })).state;
    expect(rack?.interfaces).toEqual([
      expect.objectContaining({ name: "eth0", vlan: expect.any(String) as string }),
      expect.objectContaining({ name: "eth1" }),
    ]);
  });

  test("say what there is when the name is wrong", async () => {
    const { told } = await provider.look("maas_fabric", { name: "labb" });
    expect(told).toEqual([
      expect.objectContaining({ attribute: "name", detail: expect.stringContaining("fabric-0, fabric-1") as string }),
    ]);
  });
});

describe("Ctrl-C", () => {
  test("ends reads that are waiting, and leaves the state as it was", async () => {
    const fabric = await make("maas_fabric", { name: "lab" });
    const fresh = await start();
    simulator.faults.set({ latency: 1_200 });
    const reading = fresh.read("maas_fabric", fabric);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await fresh.plugin.call("stopProvider", {});
    const { told, state } = await reading;
    expect(told[0]?.detail).toContain("stopped");
    expect(state).toEqual(fabric.state);
    simulator.faults.clear();
    await fresh.stop();
  });
});
