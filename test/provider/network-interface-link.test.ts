import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { ApiKey } from "../../src/maas/api-key";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { type Kept, ProviderDriver } from "../support/provider-driver";

jest.setTimeout(30_000);

const TYPE = "maas_network_interface_link";

let simulator: MaasSimulator;
let api: MaasClient;
let provider: ProviderDriver;
const running: ProviderDriver[] = [];
/** The Ready machine of the simulator's default region; eth0 is on fabric-0. */
let systemId: string;
let v4: string;
let v6: string;

type Made = Kept & { readonly state: Attributes };

const calls = (method: string): string[] =>
  simulator.requests
    .all()
    .filter((request) => request.method === method)
    .map(({ path }) => path.replace("/MAAS/api/2.0/", ""));

const nic = async (name = "eth0"): Promise<ObjectJson> => {
  const all = (await api.get(apiPath`nodes/${systemId}/interfaces/`)) as readonly ObjectJson[];
  const found = all.find((row) => row.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

/** The links of eth0 as `MODE ADDRESS-OR-CIDR`. */
const links = async (name = "eth0"): Promise<string[]> =>
  ((await nic(name)).links as ObjectJson[]).map(({ mode, ip_address, subnet }) =>
    [mode, ip_address ?? (subnet as ObjectJson | undefined)?.cidr].filter(Boolean).join(" "),
  );

const operate = async (op: string, form: readonly (readonly [string, string])[]): Promise<ObjectJson> => {
  const { id } = await nic();
  return (await api.post(apiPath`nodes/${systemId}/interfaces/${String(id)}/`, form, { op })) as ObjectJson;
};

const gateways = async (): Promise<unknown> => {
  const machine = (await api.get(apiPath`machines/${systemId}/`)) as ObjectJson;
  const { ipv4, ipv6 } = machine.default_gateways as Record<string, ObjectJson>;
  return { ipv4: ipv4?.link_id, ipv6: ipv6?.link_id };
};

const eth0 = (subnet: string, more: Attributes = {}): Attributes => ({
  machine: "machine1",
  network_interface: "eth0",
  subnet,
  ...more,
});

const make = (config: Attributes, kept?: Kept): Promise<Made> => provider.make(TYPE, config, kept);
const linkIdOf = ({ state }: Made): number => Number(textOf(state.id).split("/")[2]);

async function start(): Promise<ProviderDriver> {
  const started = await ProviderDriver.here({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
  running.push(started);
  expect(await started.configure()).toEqual([]);
  return started;
}

async function subnet(cidr: string, vlan: string, gateway?: string): Promise<string> {
  const made = await provider.make("maas_subnet", { cidr, vlan, gateway_ip: gateway ?? null });
  return textOf(made.state.id);
}

beforeEach(async () => {
  simulator = await MaasSimulator.start();
  api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  provider = await start();
  systemId = textOf((await provider.look("maas_machine", { hostname: "machine1" })).state?.id);
  v4 = await subnet("10.20.0.0/24", "fabric-0:0", "10.20.0.1");
  v6 = await subnet("2001:db8:20::/64", "fabric-0:0", "2001:db8:20::1");
  simulator.requests.clear();
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await api.close();
  await simulator.stop();
});

describe("an IPv4 and an IPv6 link on one interface", () => {
  test("are made, changed and destroyed without touching each other", async () => {
    const four = await make(eth0("10.20.0.0/24", { mode: "STATIC", ip_address: "10.20.0.9" }));
    const six = await make(eth0(v6, { mode: "static", ip_address: "2001:DB8:20:0:0::9" }));
    expect(four.state).toMatchObject({ subnet: "10.20.0.0/24", mode: "STATIC", default_gateway: false });
    expect(six.state).toMatchObject({ subnet: v6, mode: "static", ip_address: "2001:DB8:20:0:0::9" });
    expect(await links()).toEqual(["static 10.20.0.9", "static 2001:db8:20::9"]);

    const replaced = await provider.plan(TYPE, eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::a" }), six);
    expect(replaced.requiresReplace).toEqual(["ip_address"]);
    expect(await provider.destroy(TYPE, six)).toEqual([]);
    expect(await links()).toEqual(["static 10.20.0.9"]);
    const again = await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::a" }));
    expect(await links()).toEqual(["static 10.20.0.9", "static 2001:db8:20::a"]);

    expect(await provider.destroy(TYPE, four)).toEqual([]);
    expect(await links()).toEqual(["static 2001:db8:20::a"]);
    expect((await provider.read(TYPE, again)).state).toEqual(again.state);
    expect(await provider.destroy(TYPE, again)).toEqual([]);
    expect(await links()).toEqual(["link_up"]);
  });

  test("are made at once, each by one POST and a look at the interface, with one GET for the machine", async () => {
    const fresh = await start();
    simulator.requests.clear();
    const both = await Promise.all([fresh.make(TYPE, eth0(v4)), fresh.make(TYPE, eth0(v6))]);
    expect(both[0].state.id).not.toBe(both[1].state.id);
    const path = expect.stringMatching(/^nodes\/\w+\/interfaces\/\d+\/$/) as string;
    expect(calls("POST")).toEqual(Array(2).fill(expect.stringContaining("?op=link_subnet")));
    expect(calls("GET").filter((called) => !called.startsWith("subnets/"))).toEqual([
      "machines/?hostname=machine1",
      path,
      path,
    ]);
    expect(await links()).toEqual(expect.arrayContaining(["auto 10.20.0.0/24", "auto 2001:db8:20::/64"]));
  });

  test("are the default gateways of their families, and giving one up keeps the other", async () => {
    const four = await make(eth0(v4, { default_gateway: true }));
    const six = await make(eth0(v6, { default_gateway: true }));
    expect(await gateways()).toEqual({ ipv4: linkIdOf(four), ipv6: linkIdOf(six) });
    const plain = await make(eth0(v4), four);
    expect(plain.state).toMatchObject({ id: four.state.id, default_gateway: false });
    expect(await gateways()).toEqual({ ipv4: null, ipv6: linkIdOf(six) });
    const back = await make(eth0(v4, { default_gateway: true }), plain);
    expect(await gateways()).toEqual({ ipv4: linkIdOf(back), ipv6: linkIdOf(six) });
    expect((await provider.read(TYPE, six)).state).toMatchObject({ default_gateway: true });
  });
});

describe("making a link", () => {
  test("to several subnets and addresses of one family keeps them apart", async () => {
    const second = await subnet("2001:db8:21::/64", "fabric-0:0");
    const made = [
      await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::9" })),
      await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::a" })),
      await make(eth0(second, { mode: "STATIC" })),
    ];
    expect(new Set(made.map(({ state }) => state.id)).size).toBe(3);
    expect(made[2]?.state.ip_address).toMatch(/^2001:db8:21::/);
  });

  test.each([
    ["drop-after", "AUTO", {}],
    ["drop-after", "STATIC", { ip_address: "10.20.0.9" }],
    ["502", "DHCP", {}],
    ["drop-before", "STATIC", {}],
  ] as const)("makes nothing twice when %s hides the answer to a link of mode %s", async (fault, mode, more) => {
    simulator.faults.set({ faults: [{ fault, methods: ["POST"], times: 1 }] });
    const made = await make(eth0(v4, { mode, ...more }));
    expect((await nic()).links).toEqual([expect.objectContaining({ id: linkIdOf(made), mode: mode.toLowerCase() })]);
  });

  test("that the interface has already says how to import it or take it over", async () => {
    await operate("link_subnet", [
      ["mode", "auto"],
      ["subnet", v4],
    ]);
    const { told, state } = await provider.apply(TYPE, eth0(v4));
    expect(state).toBeUndefined();
    expect(told).toEqual([
      expect.objectContaining({
        summary: "eth0 of machine1 has such a link already",
        detail: expect.stringMatching(
          new RegExp(`terraform import ${TYPE}\\.NAME ${systemId}/\\d+/\\d+.*adopt_existing = true`, "s"),
        ) as string,
      }),
    ]);
    expect(await links()).toEqual(["auto 10.20.0.0/24"]);
  });

  test("takes over an existing one only when told to, and leaves it behind on destroy", async () => {
    await operate("link_subnet", [
      ["mode", "auto"],
      ["subnet", v4],
    ]);
    simulator.requests.clear();
    const adopted = await make(eth0(v4, { adopt_existing: true, default_gateway: true }));
    expect(calls("POST")).toEqual([expect.stringContaining("op=set_default_gateway")]);
    expect(await provider.destroy(TYPE, adopted)).toEqual([]);
    expect(await links()).toEqual(["auto 10.20.0.0/24"]);
    expect(await gateways()).toEqual({ ipv4: null, ipv6: null });
  });

  test("that would cost the interface its DHCP link is refused, of the other family it is made", async () => {
    await operate("link_subnet", [
      ["mode", "dhcp"],
      ["subnet", v4],
    ]);
    simulator.requests.clear();
    const { told } = await provider.apply(TYPE, eth0(v4, { mode: "STATIC", ip_address: "10.20.0.9" }));
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "mode",
        summary: "MAAS would remove the link DHCP to 10.20.0.0/24 from eth0 of machine1 for this one",
        detail: expect.stringMatching(/unlink-subnet \w+ \d+ id=\d+/) as string,
      }),
    ]);
    expect(calls("POST")).toEqual([]);
    await make(eth0(v6));
    expect(await links()).toEqual(["dhcp 10.20.0.0/24", "auto 2001:db8:20::/64"]);
  });

  test("of mode LINK_UP takes the one that MAAS keeps, and is refused beside others", async () => {
    const up = await make(eth0(v4, { mode: "LINK_UP" }));
    expect(up.state).toMatchObject({ mode: "LINK_UP", ip_address: null });
    expect(await provider.destroy(TYPE, up)).toEqual([]);
    await make(eth0(v4));
    const { told } = await provider.apply(TYPE, eth0(v6, { mode: "LINK_UP" }));
    expect(told).toEqual([
      expect.objectContaining({
        attribute: "mode",
        detail: expect.stringContaining("It has AUTO to 10.20.0.0/24") as string,
      }),
    ]);
  });
});

describe("a refusal is told at its attribute:", () => {
  const refusal = async (config: Attributes): Promise<unknown> => {
    const { told, state } = await provider.apply(TYPE, config);
    expect(state).toBeUndefined();
    expect(told).toHaveLength(1);
    return told[0];
  };
  const at = (attribute: string, summary: string, detail: string): unknown =>
    expect.objectContaining({
      attribute,
      summary: expect.stringContaining(summary) as string,
      detail: expect.stringContaining(detail) as string,
    });

  test("an address that is in use", async () => {
    await api.post("ipaddresses/", [["ip", "10.20.0.9"]], { op: "reserve" });
    expect(await refusal(eth0(v4, { mode: "STATIC", ip_address: "10.20.0.9" }))).toEqual(
      at("ip_address", "10.20.0.9 is already in use", "Choose a free address of 10.20.0.0/24"),
    );
  });

  test("an address in a dynamic range", async () => {
    await provider.make("maas_subnet_ip_range", {
      subnet: v4,
      type: "dynamic",
      start_ip: "10.20.0.100",
      end_ip: "10.20.0.199",
    });
    expect(await refusal(eth0(v4, { mode: "STATIC", ip_address: "10.20.0.150" }))).toEqual(
      at("ip_address", "inside a dynamic range", "400"),
    );
  });

  test("an address outside the subnet or of the other family, at plan", async () => {
    for (const [ip_address, text] of [
      ["10.21.0.9", "outside the subnet 10.20.0.0/24"],
      ["2001:db8:20::9", "an IPv4 subnet"],
    ] as const) {
      const { told } = await provider.plan(TYPE, eth0(v4, { mode: "STATIC", ip_address }));
      expect(told).toEqual([at("ip_address", text, "")]);
    }
    expect(calls("POST")).toEqual([]);
  });

  test("a subnet on another VLAN", async () => {
    const other = await subnet("10.21.0.0/24", "fabric-1:0");
    expect(await refusal(eth0(other, { mode: "STATIC", ip_address: "10.21.0.9" }))).toEqual(
      at(
        "subnet",
        "10.21.0.0/24 is on VLAN fabric-1:0, but eth0 of machine1 on VLAN fabric-0:0",
        "vlan of its maas_subnet",
      ),
    );
  });

  test("a second DHCP link", async () => {
    await make(eth0(v4, { mode: "DHCP" }));
    expect(await refusal(eth0(v6, { mode: "DHCP" }))).toEqual(
      at("mode", "has a DHCP link already", "DHCP to 10.20.0.0/24"),
    );
  });

  test("a default gateway on a subnet without one", async () => {
    const bare = await subnet("10.22.0.0/24", "fabric-0:0");
    expect(await refusal(eth0(bare, { default_gateway: true }))).toEqual(at("default_gateway", "gateway", "400"));
  });

  test("an interface that the machine does not have", async () => {
    expect(await refusal({ ...eth0(v4), network_interface: "eth9" })).toEqual(
      at("network_interface", 'Machine machine1 has no interface "eth9"', "eth0"),
    );
  });

  test("a machine that there is not, and a rack controller, which is none", async () => {
    for (const machine of ["nowhere", "rack1"]) {
      expect(await refusal({ ...eth0(v4), machine })).toEqual(
        at("machine", `The region has no machine "${machine}"`, "hostname or system id"),
      );
    }
  });

  test("an address or a default gateway that the mode does not take, before anything is asked", async () => {
    const wrong = eth0(v4, { mode: "dhcp", ip_address: "10.20.0.9", default_gateway: true });
    expect(await provider.validate(TYPE, wrong)).toEqual([
      at("ip_address", "A link of mode DHCP takes no address", "Set mode to STATIC"),
      at("default_gateway", "A link of mode DHCP can't be the default gateway", "AUTO or STATIC"),
    ]);
    expect(await provider.validate(TYPE, eth0(v4, { mode: "manual" }))).toEqual([
      at("mode", '"manual" is not possible here', "AUTO, DHCP, STATIC, LINK_UP"),
    ]);
  });
});

describe("a link that was changed outside", () => {
  test("is gone from the state when it, its interface or its machine is gone", async () => {
    const made = await make(eth0(v4));
    await operate("unlink_subnet", [["id", String(linkIdOf(made))]]);
    const fresh = await start();
    expect((await fresh.read(TYPE, made)).state).toBeUndefined();
    expect(await fresh.destroy(TYPE, made)).toEqual([]);
    const elsewhere = (id: string): Kept => ({ ...made, state: { ...made.state, id } });
    expect((await fresh.read(TYPE, elsewhere(`${systemId}/4711/1`))).state).toBeUndefined();
    expect((await fresh.read(TYPE, elsewhere("abcdef/1/1"))).state).toBeUndefined();
    expect(await fresh.destroy(TYPE, elsewhere("abcdef/1/1"))).toEqual([]);
  });

  test("shows that another link has become the default gateway, and takes it back", async () => {
    const made = await make(eth0(v4, { default_gateway: true }));
    const second = await subnet("10.23.0.0/24", "fabric-0:0", "10.23.0.1");
    const row = await operate("link_subnet", [
      ["mode", "auto"],
      ["subnet", second],
      ["default_gateway", "true"],
    ]);
    expect(row.links).toHaveLength(2);
    const fresh = await start();
    const read = await fresh.read(TYPE, made);
    expect(read.state).toMatchObject({ id: made.state.id, default_gateway: false });
    await fresh.make(TYPE, eth0(v4, { default_gateway: true }), read);
    expect(await gateways()).toMatchObject({ ipv4: linkIdOf(made) });
  });

  test("follows an interface that was renamed where it is named by id or MAC address", async () => {
    const { id, mac_address } = await nic();
    const byId = await make({ ...eth0(v4), network_interface: String(id) });
    const byMac = await make({ ...eth0(v6), machine: systemId, network_interface: String(mac_address).toUpperCase() });
    await api.put(apiPath`nodes/${systemId}/interfaces/${String(id)}/`, [["name", "lan0"]]);
    const fresh = await start();
    for (const made of [byId, byMac]) expect((await fresh.read(TYPE, made)).state).toEqual(made.state);
    const plan = await fresh.plan(TYPE, { ...eth0(v4), network_interface: "lan0" }, byId);
    expect(plan.requiresReplace).toEqual([]);
    expect(plan.planned).toEqual(byId.state);
  });
});

describe("removing a link", () => {
  test.each(["drop-after", "502", "drop-before"] as const)("is done once when %s hides the answer", async (fault) => {
    const four = await make(eth0(v4));
    await make(eth0(v6));
    simulator.faults.set({ faults: [{ fault, methods: ["POST"], times: 1 }] });
    expect(await provider.destroy(TYPE, four)).toEqual([]);
    expect(await links()).toEqual(["auto 2001:db8:20::/64"]);
  });
});

describe("importing", () => {
  test("takes the id, the subnet and the address, and the plan that follows is empty", async () => {
    const made = await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::9" }));
    const fresh = await start();
    for (const key of [
      textOf(made.state.id),
      "machine1/eth0:2001:DB8:20::/64",
      `${systemId}/eth0:${v6}`,
      "machine1/eth0:2001:db8:20:0::9",
      `machine1.maas/eth0#${textOf(made.state.id).split("/")[2] ?? ""}`,
    ]) {
      const imported = await fresh.import(TYPE, key);
      expect(imported.told).toEqual([]);
      expect(imported.state).toMatchObject({ id: made.state.id, machine: systemId, mode: "STATIC" });
      const config = eth0("2001:db8:20::/64", { mode: "static", ip_address: "2001:DB8:20::9" });
      const plan = await fresh.plan(TYPE, config, imported);
      expect(plan.requiresReplace).toEqual([]);
      expect({ ...plan.planned, adopt_existing: null }).toEqual(imported.state);
    }
  });

  test("of one of several links to a subnet asks which", async () => {
    await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::9" }));
    await make(eth0(v6, { mode: "STATIC", ip_address: "2001:db8:20::a" }));
    const { told } = await provider.import(TYPE, "machine1/eth0:2001:db8:20::/64");
    expect(told).toEqual([
      expect.objectContaining({
        detail: expect.stringMatching(/\(STATIC 2001:db8:20::9\), .* \(STATIC 2001:db8:20::a\)/) as string,
      }),
    ]);
  });

  test.each(["machine1/eth0:10.99.0.0/24", "machine1/eth9:10.20.0.0/24", "nowhere/eth0:10.20.0.0/24", "eth0"])(
    "of %s, which is none, shows what a key looks like",
    async (key) => {
      const { told } = await provider.import(TYPE, key);
      expect(told).toEqual([
        expect.objectContaining({ detail: expect.stringContaining("MACHINE/INTERFACE:SUBNET") as string }),
      ]);
    },
  );
});

describe("the data source of a machine", () => {
  test("finds it by hostname and by system id, with its interfaces", async () => {
    const byName = (await provider.look("maas_machine", { hostname: "machine1" })).state;
    expect(byName).toMatchObject({
      id: systemId,
      fqdn: "machine1.maas",
      status_name: "Ready",
      interfaces: [{ name: "eth0", mac_address: expect.any(String) as string, vlan: expect.any(String) as string }],
    });
    expect((await provider.look("maas_machine", { hostname: systemId })).state).toEqual({
      ...byName,
      hostname: systemId,
    });
  });

  test("says so when there is none, without listing the machines", async () => {
    const { told } = await provider.look("maas_machine", { hostname: "nowhere" });
    expect(told).toEqual([expect.objectContaining({ attribute: "hostname" })]);
    // A device may have the name: then the message says so.
    expect(calls("GET")).toEqual(["machines/?hostname=nowhere", "version/", "devices/?hostname=nowhere"]);
  });

  test("and the links of the machine are read with one GET", async () => {
    const made = [await make(eth0(v4)), await make(eth0(v6))];
    const fresh = await start();
    simulator.requests.clear();
    await fresh.look("maas_machine", { hostname: "machine1" });
    for (const one of made) expect((await fresh.read(TYPE, one)).state).toEqual(one.state);
    expect(calls("GET").filter((path) => path.startsWith("machines/"))).toHaveLength(1);
    expect(calls("GET").filter((path) => path.startsWith("nodes/"))).toEqual([]);
  });
});
