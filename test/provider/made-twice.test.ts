import type { Attributes } from "../../lib/model/known";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

const MAC = "52:54:00:00:02:01";

let user: ProviderUser;
let provider: ProviderUser["provider"];
let labId: string;

beforeAll(async () => {
  user = await ProviderUser.start({
    fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }] }],
    subnets: [{ cidr: "10.1.0.0/24", fabric: "lab", vid: 10 }],
    machines: [{ hostname: "node1", interfaces: [{ name: "eth0", fabric: "lab" }] }],
    devices: [{ hostname: "switch1", interfaces: [{ name: "eth0", mac_address: MAC, fabric: "lab" }] }],
  });
  ({ provider } = user);
  const fabrics = (await user.api.get("fabrics/")) as readonly { name: string; id: number }[];
  labId = String(fabrics.find(({ name }) => name === "lab")?.id);
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

const DOMAIN = { name: "www", domain: "maas" };

const TWICE: readonly (readonly [type: string, attribute: string, first: Attributes, second: Attributes])[] = [
  [
    "maas_network_interface_physical",
    "mac_address",
    { device: "switch1", mac_address: MAC, vlan: "lab:10" },
    { device: "switch1", mac_address: MAC.toUpperCase(), name: "uplink", vlan: "lab:10" },
  ],
  [
    "maas_network_interface_physical",
    "name",
    { machine: "node1", mac_address: "52:54:00:00:03:01", name: "eth7", vlan: "lab:10" },
    { machine: "node1", mac_address: "52:54:00:00:03:02", name: "eth7", vlan: "lab:10" },
  ],
  ["maas_subnet", "cidr", { cidr: "2001:db8:9::/64", vlan: "lab:10" }, { cidr: "2001:DB8:9:0::/64", vlan: "lab:0" }],
  ["maas_space", "name", { name: "green" }, { name: "green", description: "of the lab" }],
  ["maas_vlan", "vid", { fabric: "lab", vid: 30 }, { fabric: "ID", vid: 30, name: "other" }],
  [
    "maas_device",
    "hostname",
    { hostname: "sw9", network_interfaces: [{ mac_address: "52:54:00:00:04:01" }] },
    { hostname: "sw9", network_interfaces: [{ mac_address: "52:54:00:00:04:02" }] },
  ],
  ["maas_dns_domain", "name", { name: "lab.example" }, { name: "lab.example", ttl: 300 }],
];

const withIds = (config: Attributes): Attributes => (config.fabric === "ID" ? { ...config, fabric: labId } : config);

test.each(TWICE)(
  "two %s of one run that are one object by %s are refused at plan",
  async (type, attribute, first, second) => {
    expect((await provider.plan(type, first)).told).toEqual([]);
    const { told } = await provider.plan(type, withIds(second));
    expect(told).toMatchObject([{ severity: "error", attribute }]);
    expect(told[0]?.summary).toContain(`Another ${type} of this run is the`);
    // The next run knows nothing of it.
    await user.nextRun();
    expect((await provider.plan(type, withIds(second))).told).toEqual([]);
  },
);

test("one that is replaced is planned twice, and is not taken for two; nor are two whose keys may be the same", async () => {
  const config = { name: "green" };
  const made = await provider.make("maas_space", config);
  await user.nextRun();
  expect((await provider.plan("maas_space", config, made)).told).toEqual([]);
  expect((await provider.plan("maas_space", config)).told).toEqual([]);
  for (const [type, one] of [
    ["maas_dns_record", { type: "TXT", ...DOMAIN, data: "a" }],
    ["maas_dhcp_snippet", { name: "boot", value: 'option domain-name "a";', subnet: "10.1.0.0/24" }],
  ] as const)
    for (const comment of ["first", "second"]) {
      const { told } = await provider.plan(type, {
        ...one,
        ...(type === "maas_dhcp_snippet" && { description: comment }),
      });
      expect([type, told.filter(({ severity }) => severity === "error")]).toEqual([type, []]);
    }
});
