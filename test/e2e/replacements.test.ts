import type { ObjectJson } from "../../src/maas/codec";
import { expectAsBefore, inventory, lentInterface, ownNames, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";
import { dualStack } from "./network";

jest.setTimeout(120_000);

type Resources = Record<string, Record<string, Record<string, unknown>>>;

describeWithTerraform()("an object that Terraform replaces, through real Terraform", () => {
  const names = ownNames();
  const nic = lentInterface();
  let region: TestRegion;
  let workspace: Workspace;
  let rack: string;
  let before: Record<string, unknown[]>;

  const configuration = (edit: (resources: Resources) => void = () => undefined): Configuration => {
    const whole = dualStack(names, rack, nic);
    edit(whole.resource as Resources);
    return whole;
  };
  /** Every resource of the type, with these settings added. */
  const everywhere =
    (settings: Record<string, unknown>, types?: readonly string[]) =>
    (resources: Resources): void => {
      for (const [type, objects] of Object.entries(resources))
        if (types?.includes(type) !== false) for (const one of Object.values(objects)) Object.assign(one, settings);
    };
  const start = async (edit?: (resources: Resources) => void): Promise<void> => {
    workspace.write(configuration(edit));
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
  };
  const replace = (address: string): Promise<string> =>
    workspace.succeed(["apply", "-auto-approve", "-no-color", `-replace=${address}`]);

  beforeAll(async () => {
    region = await startRegion();
    const racks = (await region.api.get("rackcontrollers/")) as readonly ObjectJson[];
    rack = String(racks[0]?.hostname);
    before = await inventory(region.api);
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    workspace.write(configuration());
    await workspace.init();
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  const KINDS = [
    "maas_vlan.untagged",
    "maas_vlan.tagged",
    "maas_subnet.v4",
    "maas_subnet_ip_range.pool",
    "maas_vlan_dhcp.lab",
    ...(nic === undefined ? [] : ["maas_rack_interface.lent"]),
  ];

  test.each(KINDS)("%s is replaced in one apply, after which the next plan is empty", async (address) => {
    await start();
    await replace(address);
    expect(await workspace.plan()).toEqual([]);
  });

  test("it is destroyed, and what was there before still is as it was", async () => {
    await start();
    await workspace.destroy();
    await expectAsBefore(region, before, names.prefix);
  });

  // What a later instance takes over counts as found, so that no destroy deletes it: the region is cleaned at the end.
  const ADOPTABLE = [
    ...["maas_fabric", "maas_space", "maas_vlan", "maas_subnet", "maas_subnet_ip_range"],
    ...["maas_vlan_dhcp", "maas_rack_interface"],
  ];

  test.each(["maas_fabric.lab", "maas_space.lab", ...KINDS])(
    "%s is taken over by the instance that is created before it is destroyed",
    async (address) => {
      const edit = (resources: Resources): void => {
        everywhere({ adopt_existing: true }, ADOPTABLE)(resources);
        everywhere({ lifecycle: { create_before_destroy: true } })(resources);
      };
      await start(edit);
      const id = (await workspace.state())[address]?.id;
      await replace(address);
      expect((await workspace.state())[address]?.id).toBe(id);
      expect(await workspace.plan()).toEqual([]);
    },
  );

  test.each(["maas_fabric.lab", "maas_vlan.tagged", "maas_subnet.routed", "maas_subnet_ip_range.kept"])(
    "%s can't be there twice, and the message names create_before_destroy",
    async (address) => {
      const edit = everywhere({ lifecycle: { create_before_destroy: true } });
      await start(edit);
      const { code, output } = await workspace.terraform([
        ...["apply", "-auto-approve", "-no-color", `-replace=${address}`],
      ]);
      expect(code).not.toBe(0);
      expect(output).toContain("create_before_destroy");
      expect(await workspace.plan()).toEqual([]);
    },
  );
});
