import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  expectAsBefore,
  inventory,
  isSharedRegion,
  lentInterface,
  ownNames,
  rackOf,
  startRegion,
  type TestRegion,
} from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";
import { dualStack } from "./network";

jest.setTimeout(120_000);

type Resources = Record<string, Record<string, Record<string, unknown>>>;

interface State {
  resources: {
    mode: string;
    type: string;
    name: string;
    instances: { status?: string; attributes: { id: string } }[];
  }[];
}

describeWithTerraform()("an object that Terraform replaces or renames, through real Terraform", () => {
  const names = ownNames();
  const nic = lentInterface();
  let region: TestRegion;
  let workspace: Workspace;
  let rack: string;
  let before: Record<string, unknown[]>;

  /** The network, with what refers to others by natural keys. A machine that may be changed is only in a region of our own. */
  const configuration = (edit: (resources: Resources) => void = () => undefined): Configuration => {
    const whole = dualStack(names, rack, nic);
    const resources = whole.resource as Resources;
    Object.assign(resources.maas_vlan ?? {}, {
      by_name: {
        ...{ fabric: names.prefix, vid: 30, space: `${names.prefix}-space` },
        depends_on: ["maas_fabric.lab", "maas_space.lab"],
      },
    });
    Object.assign(resources.maas_subnet ?? {}, {
      by_name: { vlan: `${names.prefix}:30`, cidr: `${names.v4(4)}.0/24`, depends_on: ["maas_vlan.by_name"] },
      ...(!isSharedRegion && { machines: { vlan: "fabric-0:untagged", cidr: `${names.v4(3)}.0/24` } }),
    });
    if (!isSharedRegion) {
      const link = { machine: "machine1", network_interface: "eth0", mode: "STATIC", ip_address: `${names.v4(3)}.9` };
      resources.maas_network_interface_link = { link: { ...link, subnet: "${maas_subnet.machines.id}" } };
    }
    edit(resources);
    return whole;
  };
  /** Every resource, with these settings added. */
  const everywhere =
    (settings: Record<string, unknown>) =>
    (resources: Resources): void => {
      for (const one of Object.values(resources).flatMap((objects) => Object.values(objects)))
        Object.assign(one, settings);
    };
  const expectNoChanges = async (): Promise<void> => {
    expect(await workspace.succeed(["plan", "-no-color", "-detailed-exitcode"])).toContain("No changes");
  };
  const start = async (edit?: (resources: Resources) => void): Promise<void> => {
    workspace.write(configuration(edit));
    await workspace.apply();
    await expectNoChanges();
  };
  const replace = (address: string): Promise<string> =>
    workspace.succeed(["apply", "-auto-approve", "-no-color", `-replace=${address}`]);

  const stateFile = (): string => join(workspace.folder, "terraform.tfstate");
  const readState = (): State => JSON.parse(readFileSync(stateFile(), "utf8")) as State;
  const ids = (): Record<string, string | undefined> =>
    Object.fromEntries(
      readState().resources.map(({ type, name, instances }) => [`${type}.${name}`, instances[0]?.attributes.id]),
    );

  beforeAll(async () => {
    region = await startRegion();
    rack = await rackOf(region, nic);
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

  const expectDestroyed = async (): Promise<void> => {
    await workspace.destroy();
    await expectAsBefore(region, before, names.prefix);
  };

  const KINDS = [
    "maas_space.lab",
    "maas_vlan.untagged",
    "maas_vlan.tagged",
    "maas_vlan.by_name",
    "maas_subnet.v4",
    "maas_subnet_ip_range.pool",
    "maas_vlan_dhcp.lab",
    ...(nic === undefined ? [] : ["maas_rack_interface.lent"]),
    ...(isSharedRegion ? [] : ["maas_network_interface_link.link"]),
  ];

  describe("one at a time", () => {
    beforeAll(() => start());

    test.each(KINDS)("%s is replaced in one apply, after which the next plan is empty", async (address) => {
      await replace(address);
      await expectNoChanges();
    });

    test("every tainted object is replaced in one apply", async () => {
      const state = readState();
      for (const { mode, instances } of state.resources)
        if (mode === "managed") for (const instance of instances) instance.status = "tainted";
      writeFileSync(stateFile(), JSON.stringify(state));
      await workspace.apply();
      await expectNoChanges();
    });

    test("every name is changed in place", async () => {
      const formerly = ids();
      workspace.write(
        JSON.parse(
          JSON.stringify(configuration())
            .replaceAll(`"${names.prefix}-space"`, `"${names.prefix}-space-2"`)
            .replaceAll(`"${names.prefix}"`, `"${names.prefix}-2"`)
            .replaceAll(`"${names.prefix}:`, `"${names.prefix}-2:`)
            .replaceAll('"storage"', '"storage-2"')
            .replaceAll('"vid":20', '"vid":21'),
        ) as Configuration,
      );
      await workspace.apply();
      await expectNoChanges();
      expect(ids()).toEqual(formerly);
      await start();
    });

    test("every object that nothing refers to goes on under another address without a moved block", async () => {
      workspace.write(
        configuration((resources) => {
          for (const type of Object.keys(resources).filter((name) => !/maas_(fabric|vlan)$/.test(name))) {
            const objects = Object.entries(resources[type] ?? {});
            const isReferredTo = (name: string): boolean =>
              JSON.stringify(configuration()).includes(`{${type}.${name}.id}`);
            resources[type] = Object.fromEntries(
              objects.map(([name, one]) => [type === "maas_space" || isReferredTo(name) ? name : `${name}_2`, one]),
            );
          }
        }),
      );
      const said = await workspace.apply();
      expect(said).toMatch(/ ([5-9]) added, 0 changed, \1 destroyed/);
      await expectNoChanges();
    });

    test("all is destroyed, and what was there before still is as it was", expectDestroyed);
  });

  describe("before the former instance is destroyed", () => {
    const address = (kind: string): string => kind.replace("maas_vlan.by_name", "maas_fabric.lab");

    beforeAll(() =>
      start((resources) => everywhere({ adopt_existing: true, lifecycle: { create_before_destroy: true } })(resources)),
    );

    test.each(KINDS.map(address))("%s is taken over by the new instance", async (kind) => {
      const formerly = ids();
      await replace(kind);
      expect(ids()).toEqual(formerly);
    });

    test("after which the next plan is empty, and a destroy leaves nothing", async () => {
      await expectNoChanges();
      await expectDestroyed();
    });
  });

  describe("before the former instance is destroyed, without adopt_existing", () => {
    beforeAll(() => start(everywhere({ lifecycle: { create_before_destroy: true } })));

    test.each(["maas_fabric.lab", "maas_vlan.tagged", "maas_subnet.routed", "maas_subnet_ip_range.kept"])(
      "%s can't be there twice, and the message names create_before_destroy",
      async (address) => {
        const { code, output } = await workspace.terraform([
          ...["apply", "-auto-approve", "-no-color", `-replace=${address}`],
        ]);
        expect(code).not.toBe(0);
        expect(output).toContain("create_before_destroy");
      },
    );

    test("after which nothing is lost", expectNoChanges);
  });
});
