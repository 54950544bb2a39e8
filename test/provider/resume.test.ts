import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isManaged, KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { ApiKey } from "../../src/maas/api-key";
import { ApiUrl } from "../../src/maas/api-url";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { CuttingProxy } from "../support/cutting-proxy";
import type { PluginClient } from "../support/plugin-client";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(120_000);

let simulator: MaasSimulator;
let proxy: CuttingProxy;
let api: MaasClient;
let journal: string;
const running: ProviderDriver[] = [];

beforeEach(async () => {
  simulator = await MaasSimulator.start({
    seed: {
      fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }] }, { name: "racks" }],
      subnets: [
        { cidr: "10.1.0.0/24", fabric: "lab", vid: 0 },
        { cidr: "10.9.0.0/24", fabric: "lab", vid: 10 },
      ],
      ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
      racks: ["rack1", "rack2"].map((hostname) => ({
        hostname,
        interfaces: [
          { name: "eth0", fabric: "lab" },
          { name: "eth1", fabric: "racks" },
        ],
      })),
      machines: [
        { hostname: "node1", interfaces: ["eth0", "eth1", "eth2", "eth3"].map((name) => ({ name, fabric: "lab" })) },
      ],
      devices: [{ hostname: "ups", interfaces: [{ name: "eth0", fabric: "lab", mac_address: "52:54:00:00:04:00" }] }],
    },
  });
  proxy = await CuttingProxy.start(simulator.url);
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  journal = mkdtempSync(join(tmpdir(), "cdktf-maas-resume-"));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((driver) => driver.stop()));
  await api.close();
  await proxy.stop();
  await simulator.stop();
  rmSync(journal, { recursive: true });
});

type Memory = Readonly<Record<string, string>>;

const surroundings = (memory: Memory = { MAAS_JOURNAL: journal }) => ({
  ...{ MAAS_API_URL: proxy.url, MAAS_API_KEY: simulator.apiKey, ...memory },
});

async function configured<D extends ProviderDriver>(started: Promise<D>): Promise<D> {
  const driver = await started;
  running.push(driver);
  await driver.configure();
  return driver;
}

/** A plugin as each run of Terraform has it, which knows of the others only what they have left. */
const plugin = (memory?: Memory): Promise<ProviderDriver> => configured(ProviderDriver.here(surroundings(memory)));

/** The same as a process, which can be killed. */
const processOf = (memory?: Memory): Promise<ProviderDriver<PluginClient>> =>
  configured(ProviderDriver.start({ environment: surroundings(memory) }));

/** Creates the object with a plugin that is killed right after the region has done the first change. */
async function cutOff(type: string, config: Attributes): Promise<void> {
  const driver = await processOf();
  proxy.onWrite(1, () => driver.plugin.signal("SIGKILL"));
  await expect(driver.apply(type, config)).rejects.toThrow();
  proxy.onWrite(0, () => undefined);
}

/** Ids of the fabrics and subnets, by name and CIDR. */
const ids = async (): Promise<Record<string, string>> => {
  const fabrics = (await api.get("fabrics/")) as readonly ObjectJson[];
  const subnets = (await api.get("subnets/")) as readonly ObjectJson[];
  const named = [...fabrics.map(({ name, id }) => [name, id]), ...subnets.map(({ cidr, id }) => [cidr, id])];
  return Object.fromEntries(named) as Record<string, string>;
};

const CASES: readonly [title: string, type: string, config: (id: Record<string, string>) => Attributes][] = [
  ["a fabric", "maas_fabric", () => ({ name: "new", description: "kept hidden by MAAS" })],
  ["a space", "maas_space", () => ({ name: "new", description: "new" })],
  ["a VLAN", "maas_vlan", () => ({ fabric: "lab", vid: 20, name: "new" })],
  ["an IPv4 subnet", "maas_subnet", () => ({ vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.1" })],
  [
    "an IPv6 subnet",
    "maas_subnet",
    () => ({ vlan: "lab:10", cidr: "2001:DB8:2:0::/64", dns_servers: ["2001:db8:2::5"] }),
  ],
  [
    "a dynamic range",
    "maas_subnet_ip_range",
    (id) => ({ subnet: String(id["10.1.0.0/24"]), type: "dynamic", start_ip: "10.1.0.20", end_ip: "10.1.0.29" }),
  ],
  [
    "a reserved range",
    "maas_subnet_ip_range",
    (id) => ({
      subnet: String(id["10.1.0.0/24"]),
      type: "reserved",
      start_ip: "10.1.0.2",
      end_ip: "10.1.0.9",
      comment: "new",
    }),
  ],
  [
    "a link",
    "maas_network_interface_link",
    () => ({ machine: "node1", network_interface: "eth0", subnet: "10.1.0.0/24" }),
  ],
  [
    "a link with an address",
    "maas_network_interface_link",
    () => ({
      machine: "node1",
      network_interface: "eth0",
      subnet: "10.1.0.0/24",
      mode: "STATIC",
      ip_address: "10.1.0.50",
    }),
  ],
  [
    "a static route",
    "maas_static_route",
    () => ({ source: "10.1.0.0/24", destination: "10.9.0.0/24", gateway_ip: "10.1.0.9", metric: 7 }),
  ],
  ["a DNS domain", "maas_dns_domain", () => ({ name: "lab.example", ttl: 60 })],
  [
    "a DNS record of addresses",
    "maas_dns_record",
    () => ({ type: "A/AAAA", name: "www", domain: "maas", data: "10.1.0.77 2001:db8:77::7", ttl: 0 }),
  ],
  ["a DNS record of another type", "maas_dns_record", () => ({ type: "TXT", fqdn: "maas", data: "hello" })],
  [
    "a physical interface",
    "maas_network_interface_physical",
    () => ({ machine: "node1", mac_address: "52:54:00:00:00:09", name: "eth9", vlan: "lab:0" }),
  ],
  ["a bond", "maas_network_interface_bond", () => ({ machine: "node1", name: "bond0", parents: ["eth1", "eth2"] })],
  ["a bridge", "maas_network_interface_bridge", () => ({ machine: "node1", name: "br0", parent: "eth3" })],
  [
    "a VLAN interface",
    "maas_network_interface_vlan",
    () => ({ machine: "node1", parent: "eth3", vlan: "lab:10", tags: ["ours"] }),
  ],
  [
    "a device",
    "maas_device",
    () => ({ hostname: "switch1", network_interfaces: [{ mac_address: "52:54:00:00:02:01" }] }),
  ],
  [
    "a reserved IP",
    "maas_reserved_ip",
    () => ({ ip: "10.1.0.60", mac_address: "52-54-00-00-00-60", comment: "printer" }),
  ],
  [
    "a DHCP snippet",
    "maas_dhcp_snippet",
    () => ({ name: "ntp", value: "option ntp-servers 10.1.0.5;", subnet: "10.1.0.0/24" }),
  ],
  [
    "tags of an interface",
    "maas_network_interface_tag",
    () => ({ machine: "node1", interface_id: "eth1", tags: ["new", "fast"] }),
  ],
  [
    "a physical interface of a device",
    "maas_network_interface_physical",
    () => ({ device: "ups", mac_address: "52:54:00:00:04:09", name: "eth9", vlan: "lab:0" }),
  ],
  [
    "a link of a device",
    "maas_network_interface_link",
    () => ({
      ...{ device: "ups", network_interface: "eth0", subnet: "10.1.0.0/24" },
      ...{ mode: "STATIC", ip_address: "10.1.0.51" },
    }),
  ],
  [
    "tags of an interface of a device",
    "maas_network_interface_tag",
    () => ({ device: "ups", interface_id: "eth0", tags: ["new", "fast"] }),
  ],
  ["a setting", "maas_configuration", () => ({ key: "upstream_dns", value: "10.1.0.5" })],
  ["the untagged VLAN", "maas_vlan", () => ({ fabric: "lab", vid: 0, mtu: 9000 })],
  ["DHCP of a VLAN", "maas_vlan_dhcp", () => ({ vlan: "lab:0", primary_rack_controller: "rack1" })],
  ["a rack interface", "maas_rack_interface", () => ({ rack_controller: "rack1", name: "eth1", vlan: "lab:10" })],
];

test.each(CASES)(
  "%s whose create was cut off after the commit is finished by the next run",
  async (_title, type, configOf) => {
    const config = configOf(await ids());
    await cutOff(type, config);
    const writes = (): number => simulator.requests.count() - simulator.requests.count("GET");
    const before = writes();
    const next = await plugin();
    const { told, state, private: after } = await next.apply(type, config);
    expect(told.map(({ severity, summary }) => [severity, summary])).toEqual([
      ["warning", expect.stringMatching(/^(?:This|The) .* was begun by an earlier run$/)],
    ]);
    expect(told[0]?.detail).toMatch(/\.jsonl, line 1\)/);
    expect(state?.id).toEqual(expect.any(String));
    // A description that MAAS does not show is sent again. Tags are set one by one.
    const isLeft = ("description" in config && type === "maas_fabric") || type === "maas_network_interface_tag";
    expect(writes() - before).toBe(isLeft ? 1 : 0);
    const kept: Kept = { state, private: after };
    expect((await (await plugin()).plan(type, config, kept)).planned).toEqual(state);
  },
);

test("an object of somebody else that is there before is not taken for one of a run that was cut off", async () => {
  const theirs = (await api.post("fabrics/", [["name", "new"]])) as ObjectJson;
  const driver = await processOf();
  proxy.onWrite(1, () => driver.plugin.signal("SIGKILL"));
  await expect(driver.apply("maas_fabric", { name: "new" })).rejects.toThrow();
  proxy.onWrite(0, () => undefined);
  const { told } = await (await plugin()).apply("maas_fabric", { name: "new" });
  expect(told).toMatchObject([{ severity: "error", summary: "This fabric exists already" }]);
  expect(told[0]?.detail).toContain(`with id ${textOf(theirs.id)}`);
});

test("an object that is not what was sent is not taken over, and the error names the line of the journal", async () => {
  await cutOff("maas_subnet", { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.1" });
  const made = ((await api.get("subnets/")) as readonly ObjectJson[]).find(({ cidr }) => cidr === "10.2.0.0/24");
  await api.put(`subnets/${textOf(made?.id)}/`, [["gateway_ip", "10.2.0.2"]]);
  const { told } = await (
    await plugin()
  ).apply("maas_subnet", { vlan: "lab:10", cidr: "10.2.0.0/24", gateway_ip: "10.2.0.1" });
  expect(told).toMatchObject([{ severity: "error", summary: "This subnet exists already" }]);
  expect(told[0]?.detail).toMatch(/earlier run that was cut off may have created it \(.*\.jsonl, line 1\)/);
});

test("an adopted object gets back what it was, although the run that adopted it was cut off", async () => {
  const subnet = ((await api.get("subnets/")) as readonly ObjectJson[]).find(({ cidr }) => cidr === "10.1.0.0/24");
  const path = `subnets/${textOf(subnet?.id)}/`;
  const before = await api.put(path, [
    ["gateway_ip", "10.1.0.1"],
    ["description", "before"],
  ]);
  const config = {
    vlan: "lab:0",
    cidr: "10.1.0.0/24",
    gateway_ip: "10.1.0.2",
    description: "mine",
    adopt_existing: true,
  };
  await cutOff("maas_subnet", config);
  const next = await plugin();
  const kept = await next.make("maas_subnet", config);
  expect(kept.state.gateway_ip).toBe("10.1.0.2");
  expect(await next.destroy("maas_subnet", kept)).toEqual([]);
  const { gateway_ip, description } = (await api.get(path)) as ObjectJson;
  expect({ gateway_ip, description }).toEqual({ gateway_ip: before.gateway_ip, description: before.description });
});

test("what a run that was cut off was to adopt, and did not change, is not taken over without adopt_existing", async () => {
  const space = (await api.post("spaces/", [["name", "theirs"]])) as ObjectJson;
  const config = { name: "theirs", description: "new" };
  // At each call that comes before the change.
  for (let at = 1, isSent = false; !isSent; at += 1) {
    const first = await processOf();
    proxy.cutAt(at, "before", () => first.plugin.signal("SIGKILL"));
    isSent = await first.apply("maas_space", { ...config, adopt_existing: true }).then(
      () => true,
      () => false,
    );
    proxy.cutAt(0, "before", () => undefined);
    if (isSent) expect(at).toBeGreaterThan(2);
    else {
      const { told, state } = await (await plugin()).apply("maas_space", config);
      expect([state, told]).toMatchObject([undefined, [{ severity: "error", summary: "This space exists already" }]]);
      expect(await api.get(`spaces/${textOf(space.id)}/`)).toEqual(space);
    }
  }
});

test("an intent ends when a later run has the object in its state", async () => {
  const first = await plugin();
  const kept = await first.make("maas_fabric", { name: "new" });
  await (await plugin()).read("maas_fabric", kept);
  await api.delete(`fabrics/${textOf(kept.state.id)}/`);
  const theirs = (await api.post("fabrics/", [["name", "new"]])) as ObjectJson;
  const { told } = await (await plugin()).apply("maas_fabric", { name: "new" });
  expect(told).toMatchObject([{ severity: "error", summary: "This fabric exists already" }]);
  expect(told[0]?.detail).not.toContain("journal");
  expect(textOf(theirs.id)).not.toBe(kept.state.id);
});

test("no journal is written without a folder for it", async () => {
  const driver = await plugin({});
  await driver.make("maas_fabric", { name: "new" });
  expect(readdirSync(journal)).toEqual([]);
});

describe("the default gateway of IPv6, which MAAS clears with that of IPv4", () => {
  const TYPE = "maas_network_interface_link";
  const link = { machine: "node1", network_interface: "eth0", subnet: "10.1.0.0/24" };
  const gateways = (): unknown => simulator.state.defaultGateways.map(({ subnet }) => subnet);

  /** Gives the machine a default gateway of IPv6 by hand, and one of IPv4 by the provider. */
  const bothFamilies = async (): Promise<Kept> => {
    const { "10.1.0.0/24": v4 = "" } = await ids();
    const subnet = await api.put(`subnets/${v4}/`, [["gateway_ip", "10.1.0.1"]]);
    const six = await api.post("subnets/", [
      ["cidr", "2001:db8:1::/64"],
      ["gateway_ip", "2001:db8:1::1"],
      ["vlan", textOf((subnet.vlan as ObjectJson).id)],
    ]);
    const [machine] = (await api.get("machines/")) as readonly ObjectJson[];
    const [nic] = machine?.interface_set as readonly ObjectJson[];
    const form = [
      ["mode", "auto"],
      ["subnet", textOf((six as ObjectJson).id)],
      ["default_gateway", "true"],
    ] as const;
    await api.post(`nodes/${textOf(machine?.system_id)}/interfaces/${textOf(nic?.id)}/`, form, { op: "link_subnet" });
    const four = await (await plugin()).make(TYPE, { ...link, default_gateway: true });
    expect(gateways()).toEqual(["10.1.0.0/24", "2001:db8:1::/64"]);
    return four;
  };

  const cutAfterClear = async (four: Kept, memory?: Readonly<Record<string, string>>): Promise<void> => {
    const driver = await processOf(memory);
    proxy.onWrite(1, () => driver.plugin.signal("SIGKILL"));
    await expect(driver.apply(TYPE, link, four)).rejects.toThrow();
    proxy.onWrite(0, () => undefined);
    expect(gateways()).toEqual([]);
  };

  test("is set again by the run after one that was killed in between: the plan has a change", async () => {
    const four = await bothFamilies();
    await cutAfterClear(four);
    const read = await (await plugin()).read(TYPE, four);
    expect(read.state).toMatchObject({ default_gateway: null });
    const next = await plugin();
    const after = await next.make(TYPE, link, read);
    expect([after.state.default_gateway, gateways()]).toEqual([false, ["2001:db8:1::/64"]]);
    const later = await plugin();
    expect((await later.read(TYPE, after)).state).toEqual(after.state);
    expect((await later.plan(TYPE, link, after)).planned).toEqual(after.state);
  });

  test("is set again too where the link is to be the default gateway after all: the plan has a change", async () => {
    const four = await bothFamilies();
    await cutAfterClear(four);
    const next = await plugin();
    const wanted = { ...link, default_gateway: true };
    const read = await next.read(TYPE, four);
    expect((await next.plan(TYPE, wanted, read)).planned).not.toEqual(read.state);
    const after = await next.make(TYPE, wanted, read);
    expect([after.state.default_gateway, gateways()]).toEqual([true, ["10.1.0.0/24", "2001:db8:1::/64"]]);
  });

  test("is given up where its own link is to be no default gateway any more", async () => {
    const four = await bothFamilies();
    const wanted = { ...link, subnet: "2001:db8:1::/64" };
    const six = await (await plugin()).make(TYPE, { ...wanted, adopt_existing: true, default_gateway: true });
    await cutAfterClear(four);
    const next = await plugin();
    const read = [await next.read(TYPE, four), await next.read(TYPE, six)] as const;
    await next.make(TYPE, link, read[0]);
    await next.make(TYPE, { ...wanted, adopt_existing: true }, read[1]);
    expect(gateways()).toEqual([]);
    const later = await plugin();
    expect((await later.read(TYPE, six)).state).toMatchObject({ default_gateway: false });
  });

  test("is set again without a journal, too: Terraform's data folder remembers it", async () => {
    const four = await bothFamilies();
    const memory = { TF_DATA_DIR: journal };
    await cutAfterClear(four, memory);
    expect(readdirSync(join(journal, "maas-journal"))).toHaveLength(1);
    const next = await plugin(memory);
    await next.make(TYPE, link, await next.read(TYPE, four));
    expect(gateways()).toEqual(["2001:db8:1::/64"]);
  });

  test("is cleared and set again where Terraform's data folder can't be written", async () => {
    const four = await bothFamilies();
    writeFileSync(join(journal, "maas-journal"), "no folder");
    const next = await plugin({ TF_DATA_DIR: journal });
    await next.make(TYPE, link, four);
    expect(gateways()).toEqual(["2001:db8:1::/64"]);
  });

  test("is set again too where the link is destroyed after all", async () => {
    const four = await bothFamilies();
    await cutAfterClear(four);
    const next = await plugin();
    expect(await next.destroy(TYPE, await next.read(TYPE, four))).toEqual([]);
    expect(gateways()).toEqual(["2001:db8:1::/64"]);
  });

  test("is left to whoever has chosen another one since", async () => {
    const four = await bothFamilies();
    await cutAfterClear(four);
    await api.post("subnets/", [
      ["cidr", "2001:db8:2::/64"],
      ["gateway_ip", "2001:db8:2::1"],
      [
        "vlan",
        textOf(((await api.get("subnets/")) as readonly ObjectJson[]).map(({ vlan }) => (vlan as ObjectJson).id)[0]),
      ],
    ]);
    const other = { ...link, subnet: "2001:db8:2::/64", default_gateway: true };
    await (await plugin({})).make(TYPE, other);
    const next = await plugin();
    expect((await next.read(TYPE, four)).state).toMatchObject({ default_gateway: false });
    expect(gateways()).toEqual(["2001:db8:2::/64"]);
  });

  test("is named with the command that sets it where it can't be set again", async () => {
    const four = await bothFamilies();
    simulator.faults.set({ faults: [{ fault: "500", path: "op=set_default_gateway", times: 3 }] });
    const { told, state } = await (await plugin()).apply(TYPE, link, four);
    expect(state).toMatchObject({ default_gateway: true });
    expect(told).toMatchObject([
      {
        attribute: "default_gateway",
        summary: "node1 has lost its IPv6 default gateway, the link AUTO to 2001:db8:1::/64 of eth0",
        detail: expect.stringMatching(/set-default-gateway \w+ \d+ link_id=\d+/) as string,
      },
    ]);
    simulator.faults.clear();
    const next = await plugin();
    await next.make(TYPE, link, await next.read(TYPE, four));
    expect(gateways()).toEqual(["2001:db8:1::/64"]);
  });
});

describe("DHCP that somebody has configured, and whose change takes several calls", () => {
  const TYPE = "maas_vlan_dhcp";
  const swapped = {
    vlan: "lab:0",
    ...{ primary_rack_controller: "rack2", secondary_rack_controller: "rack1", adopt_existing: true },
  };
  const relayed = { vlan: "lab:0", relay_vlan: "lab:10", adopt_existing: true };
  const served = { dhcpOn: true, primaryRack: "rack1", secondaryRack: "rack2", relayVlan: null };

  const dhcp = (): unknown => simulator.state.vlans.find(({ fabric, vid }) => fabric === "lab" && vid === 0);

  beforeEach(async () => {
    const fabrics = (await api.get("fabrics/")) as readonly ObjectJson[];
    const vlans = fabrics.find(({ name }) => name === "lab")?.vlans as readonly ObjectJson[];
    await api.put(`vlans/${textOf(vlans.find(({ vid }) => vid === 0)?.id)}/`, [
      ["dhcp_on", "true"],
      ["primary_rack", "rack1"],
      ["secondary_rack", "rack2"],
    ]);
    expect(dhcp()).toMatchObject(served);
  });

  /** MAAS sets no new secondary beside a primary whose rackd is dead. */
  const report = (rackd: "running" | "dead", ...racks: string[]): void =>
    simulator.reportRacks(Object.fromEntries(racks.map((name) => [name, { services: { rackd } }])));

  test("is as it was before where MAAS refuses a later one", async () => {
    report("dead", "rack2");
    const { told, state } = await (await plugin()).apply(TYPE, swapped);
    expect([told.map(({ severity }) => severity), state]).toEqual([["error"], undefined]);
    expect(told[0]?.summary).toContain("The primary rack controller must be up and running");
    expect(dhcp()).toMatchObject(served);
  });

  test("is in the state as far as it has come where MAAS refuses to undo it as well, and is restored from there", async () => {
    report("dead", "rack1", "rack2");
    const { told, state, private: after } = await (await plugin({})).apply(TYPE, swapped);
    expect(told).toMatchObject([{ severity: "error" }]);
    expect(told[0]?.summary).toContain("The primary rack controller must be up and running");
    expect(told[0]?.detail).toMatch(
      /The VLAN is changed in part: it had .*secondary_rack_controller = "\w+".*, and has .*dhcp_on = true\b.*\. Restoring what there was before failed as well: .*up and running/s,
    );
    expect(state).toMatchObject({ secondary_rack_controller: null, dhcp_on: true });
    expect(dhcp()).toMatchObject({ ...served, secondaryRack: null });
    report("running", "rack1", "rack2");
    // Terraform replaces an instance whose creation has failed.
    expect(await (await plugin({})).destroy(TYPE, { state, private: after })).toEqual([]);
    expect(dhcp()).toMatchObject(served);
  });

  test.each([1, 2, 3])(
    "is finished by the next run where the plugin is killed at change %i, and gets back what it had",
    async (at) => {
      const driver = await processOf();
      proxy.onWrite(at, () => driver.plugin.signal("SIGKILL"));
      await expect(driver.apply(TYPE, relayed)).rejects.toThrow();
      proxy.onWrite(0, () => undefined);
      expect(dhcp()).toMatchObject({ dhcpOn: false, relayVlan: at < 3 ? null : { vid: 10 } });
      const next = await plugin();
      const kept = await next.make(TYPE, relayed);
      expect(kept.state.dhcp_on).toBe(false);
      expect(await next.destroy(TYPE, kept)).toEqual([]);
      expect(dhcp()).toMatchObject(served);
    },
  );

  test("is not forgotten without a journal where a run is killed that changes or restores it", async () => {
    const { relay_vlan: _, ...own } = relayed;
    const kept = await (await plugin({})).make(TYPE, { ...own, primary_rack_controller: "rack1" });
    const changing = await processOf({});
    proxy.onWrite(1, () => changing.plugin.signal("SIGKILL"));
    await expect(changing.apply(TYPE, relayed, kept)).rejects.toThrow();
    proxy.onWrite(0, () => undefined);
    const off = await (await plugin({})).read(TYPE, kept);
    expect(off.state).toMatchObject({ dhcp_on: false, primary_rack_controller: null, relay_vlan: null });
    const next = await plugin({});
    const after = await next.make(TYPE, relayed, off);
    expect(dhcp()).toMatchObject({ dhcpOn: false, relayVlan: { vid: 10 } });
    expect((await next.plan(TYPE, relayed, after)).planned).toEqual(after.state);
    expect(await (await plugin({})).destroy(TYPE, after)).toEqual([]);
    expect(dhcp()).toMatchObject(served);
  });
});

test("every kind of resource has a case here", () => {
  const types = Object.values(KINDS)
    .filter(isManaged)
    .map(({ type }) => type);
  expect(new Set(CASES.map(([, type]) => type))).toEqual(new Set(types));
});
