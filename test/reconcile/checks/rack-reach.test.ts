import type { DocumentObject, NetworkDocument } from "../../../lib/model/document";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { openRegion } from "../../../src/reconcile/kinds";
import { ObjectError } from "../../../src/reconcile/objects/failure";
import { RegionObjects } from "../../../src/reconcile/region-objects";
import { EngineUser } from "../../support/engine";
import { ProviderDriver } from "../../support/provider-driver";

jest.setTimeout(60_000);

let user: EngineUser;
let driver: ProviderDriver;

const nics = (...places: readonly { readonly fabric: string; readonly vid?: number }[]) =>
  places.map((place, at) => ({ name: `eth${at}`, ...place }));

beforeAll(async () => {
  user = await EngineUser.start({
    fabrics: [
      { name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 30 }] },
      { name: "other", vlans: [{ vid: 0 }, { vid: 10 }] },
    ],
    subnets: [
      { cidr: "10.1.0.0/24", fabric: "lab", vid: 10 },
      { cidr: "10.3.0.0/24", fabric: "lab", vid: 30 },
    ],
    ip_ranges: [
      { type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" },
      { type: "dynamic", start_ip: "10.3.0.100", end_ip: "10.3.0.199" },
    ],
    racks: [
      { hostname: "rack1", interfaces: nics({ fabric: "lab" }, { fabric: "other" }) },
      { hostname: "rack2", interfaces: nics({ fabric: "lab" }, { fabric: "other", vid: 10 }) },
    ],
  });
  const { url, apiKey } = user.simulator;
  driver = await ProviderDriver.here({ MAAS_API_URL: url, MAAS_API_KEY: apiKey });
  await driver.configure();
});

afterAll(async () => {
  await driver.stop();
  await user.stop();
});

const WHAT = "has no interface on a VLAN with the VID 10, so that it can't serve DHCP on VLAN lab:10";
const FIX =
  "Rack controllers that have one: rack2 (eth1 on other:10). Name one of them, or put an interface of rack1 on VLAN lab:10 (it has eth0 on lab:0, eth1 on other:0)";

describe("DHCP on a tagged VLAN where a rack has no interface", () => {
  const dhcp = (attributes: Attributes): Attributes => ({ vlan: "lab:10", ...attributes });

  test.each([
    ["primary_rack_controller", { primary_rack_controller: "rack1" }],
    ["secondary_rack_controller", { primary_rack_controller: "rack2", secondary_rack_controller: "rack1" }],
  ])("is refused when Terraform plans it, at %s, with the racks that could", async (attribute, racks) => {
    const { told } = await driver.plan("maas_vlan_dhcp", dhcp(racks));
    expect(told).toMatchObject([{ severity: "error", attribute, summary: `rack1 ${WHAT}` }]);
    expect(told[0]?.detail).toContain(FIX);
  });

  test("is planned for a rack that MAAS takes, and where the same run puts an interface on the VLAN", async () => {
    expect((await driver.plan("maas_vlan_dhcp", dhcp({ primary_rack_controller: "rack2" }))).told).toEqual([]);
    const [nic, planned] = await Promise.all([
      driver.plan("maas_rack_interface", { rack_controller: "rack1", name: "eth1", vlan: "lab:30" }),
      driver.plan("maas_vlan_dhcp", { vlan: "lab:30", primary_rack_controller: "rack1" }),
    ]);
    expect([nic.told, planned.told]).toEqual([[], []]);
  });

  const object = (key: string, origin: DocumentObject["origin"], attributes: Attributes): DocumentObject => ({
    ...{ key, path: `stack/${key}`, origin, attributes },
  });

  const documentOf = (rack: string, moved: readonly DocumentObject[] = []): NetworkDocument => ({
    objects: {
      fabric: [object("lab", "look_up", { name: "lab" })],
      vlan: [object("lab:10", "look_up", { fabric: "lab", vid: 10 })],
      rack_controller: [object(rack, "look_up", {})],
      rack_interface: moved,
      vlan_dhcp: [object("lab:10", "create", { vlan: "lab:10", primary_rack_controller: rack })],
    },
    suppressions: [],
  });

  test("is refused when the command line plans it, and planned where the document moves an interface there", async () => {
    await expect(user.prepare(documentOf("rack1"))).rejects.toMatchObject({
      problems: [
        { subject: { path: "stack/lab:10" }, what: `rack1 ${WHAT}`, fix: expect.stringContaining(FIX) as string },
      ],
    });
    const moved = object("rack1/eth1", "create", { rack_controller: "rack1", name: "eth1", vlan: "lab:10" });
    const kinds = async (document: NetworkDocument): Promise<string[]> =>
      (await user.prepare(document)).plan.steps.map(({ kind }) => kind);
    expect(await kinds(documentOf("rack1", [moved]))).toEqual(["rack_interface", "vlan_dhcp"]);
    expect(await kinds(documentOf("rack2"))).toEqual(["vlan_dhcp"]);
  });

  test("is explained where MAAS refuses it all the same", async () => {
    const region = openRegion(user.api);
    const created = new RegionObjects(region).create(
      KINDS.vlan_dhcp,
      dhcp({ primary_rack_controller: "rack1" }),
      false,
    );
    const error: unknown = await created.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ObjectError);
    expect(error).toMatchObject({ problem: { attribute: "primary_rack_controller" } });
    expect((error as ObjectError).problem.fix).toMatch(
      /rack2 \(eth1 on other:10\).* MAAS said: .*primary_rack: Select a valid choice/,
    );
  });
});

test.each([
  ["maas_subnet", { cidr: "10.9.0.0/24", vlan: "0" }, "0 is a VID, not an id"],
  [
    "maas_subnet",
    { cidr: "10.9.1.0/24", vlan: "lab:4095" },
    'A VID is a number from 0 to 4094, or untagged, and "4095" is none.',
  ],
  ["maas_vlan_dhcp", { vlan: "lab:5000", primary_rack_controller: "rack1" }, '"5000" is none'],
  ["maas_rack_interface", { rack_controller: "rack2", name: "eth1", vlan: "lab:99999" }, '"99999" is none'],
])("%s with a VLAN that can never exist is refused when it is planned: %j", async (type, config, detail) => {
  const { told } = await driver.plan(type, config);
  expect(told).toMatchObject([
    { severity: "error", attribute: "vlan", detail: expect.stringContaining(detail) as string },
  ]);
});

test("VID 0 with the name that MAAS shows is no change, whether it is made, planned again or changed", async () => {
  const config = { fabric: "lab", vid: 0, name: "untagged" };
  const made = await driver.make("maas_vlan", config);
  expect(made.state.name).toBe("untagged");
  const read = await driver.read("maas_vlan", made);
  expect((await driver.plan("maas_vlan", config, read)).planned).toEqual(read.state);
  const plain = await driver.plan("maas_vlan", { fabric: "lab", vid: 0 }, read);
  expect(plain.told).toEqual([]);
  expect(await driver.destroy("maas_vlan", read)).toEqual([]);
});
