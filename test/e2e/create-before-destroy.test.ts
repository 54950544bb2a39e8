import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiPath } from "../../src/maas/api-url";
import type { ObjectJson } from "../../src/maas/codec";
import {
  expectAsBefore,
  inventory,
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
  resources: { type: string; name: string; mode: string; instances: Record<string, unknown>[] }[];
}

describeWithTerraform()("create_before_destroy with adopt_existing, through real Terraform", () => {
  const names = ownNames();
  const nic = lentInterface();
  let region: TestRegion;
  let workspace: Workspace;
  let before: Record<string, unknown[]>;
  let adopted: readonly (readonly [string, unknown])[];
  let addresses: string[];

  /** Somebody's network, which the configuration adopts and changes. */
  const makeAdopted = async (): Promise<Resources> => {
    const { api } = region;
    const post = (path: string, form: [string, string][]): Promise<ObjectJson> =>
      api.post(path, form, undefined, { made: () => Promise.resolve(undefined) });
    const v4 = names.v4(5);
    const fabric = await post("fabrics/", [
      ["name", `${names.prefix}-theirs`],
      ["class_type", "1g"],
    ]);
    const space = await post("spaces/", [
      ["name", `${names.prefix}-their-space`],
      ["description", "theirs"],
    ]);
    const [untagged] = fabric.vlans as ObjectJson[];
    await api.put(apiPath`vlans/${String(untagged?.id)}/`, [["mtu", "9000"]]);
    const vlan = await post(apiPath`fabrics/${String(fabric.id)}/vlans/`, [
      ["vid", "7"],
      ["name", "their-vlan"],
    ]);
    const subnet = await post("subnets/", [
      ["cidr", `${v4}.0/24`],
      ["vlan", String(vlan.id)],
      ["description", "theirs"],
    ]);
    const range = await post("ipranges/", [
      ["subnet", String(subnet.id)],
      ["type", "reserved"],
      ["start_ip", `${v4}.2`],
      ["end_ip", `${v4}.9`],
      ["comment", "theirs"],
    ]);
    const paths = [
      ["fabrics", fabric],
      ["spaces", space],
      ["vlans", vlan],
      ["subnets", subnet],
      ["ipranges", range],
    ] as const;
    adopted = await Promise.all(
      [...paths, ["vlans", untagged] as const].map(async ([path, row]) => {
        const at = `${path}/${String(row?.id)}/`;
        return [at, await api.get(at)] as const;
      }),
    );
    return {
      maas_fabric: { theirs: { name: `${names.prefix}-theirs`, class_type: "2g" } },
      maas_space: { theirs: { name: `${names.prefix}-their-space`, description: "ours" } },
      maas_vlan: {
        their_untagged: { fabric: "${maas_fabric.theirs.id}", vid: 0, mtu: 1500, space: "${maas_space.theirs.name}" },
        theirs: { fabric: "${maas_fabric.theirs.id}", vid: 7, name: "our-vlan" },
      },
      maas_subnet: { theirs: { vlan: "${maas_vlan.theirs.id}", cidr: `${v4}.0/24`, description: "ours" } },
      maas_subnet_ip_range: {
        theirs: {
          ...{ subnet: "${maas_subnet.theirs.id}", type: "reserved", comment: "ours" },
          ...{ start_ip: `${v4}.2`, end_ip: `${v4}.9` },
        },
      },
    };
  };

  /** Objects of every kind, made and adopted, each replaced before it is destroyed. */
  const configuration = (rack: string, theirs: Resources): Configuration => {
    const whole = dualStack(names, rack, nic);
    const resources = whole.resource as Resources;
    for (const [type, objects] of Object.entries(theirs)) resources[type] = { ...resources[type], ...objects };
    for (const one of Object.values(resources).flatMap((objects) => Object.values(objects)))
      Object.assign(one, { adopt_existing: true, lifecycle: { create_before_destroy: true } });
    addresses = Object.entries(resources).flatMap(([type, objects]) =>
      Object.keys(objects).map((name) => `${type}.${name}`),
    );
    return whole;
  };

  const stateFile = (): string => join(workspace.folder, "terraform.tfstate");
  const readState = (): State => JSON.parse(readFileSync(stateFile(), "utf8")) as State;
  const expectRegionAsBefore = async (): Promise<void> => {
    for (const [path, row] of adopted) expect([path, await region.api.get(path)]).toEqual([path, row]);
    await expectAsBefore(region, before, `${names.prefix}-space`);
  };

  /** Applies, and replaces every object in a second run. The state after the first one. */
  const applyAndReplace = async (): Promise<State> => {
    await workspace.apply();
    const former = readState();
    const replace = addresses.map((address) => `-replace=${address}`);
    const said = await workspace.succeed(["apply", "-auto-approve", "-no-color", ...replace]);
    expect(said).toContain(`${addresses.length} added, 0 changed, ${addresses.length} destroyed`);
    expect(said).not.toMatch(/with the id \S+ stays/);
    return former;
  };

  beforeAll(async () => {
    region = await startRegion();
    const theirs = await makeAdopted();
    before = await inventory(region.api);
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    workspace.write(configuration(await rackOf(region, nic), theirs));
    await workspace.init();
  });

  afterAll(async () => {
    workspace.remove();
    await region.stop();
  });

  test("a later destroy deletes what the first instances created, and restores what they adopted", async () => {
    await applyAndReplace();
    expect(await workspace.plan()).toEqual([]);
    await workspace.destroy();
    await expectRegionAsBefore();
  });

  test.each([[[]], [["-refresh=false"]]])(
    "so it does where former instances are left to that run (%j)",
    async (options) => {
      const former = await applyAndReplace();
      // As after a run that was cut off before the first destroy of a former instance.
      rmSync(join(workspace.folder, ".terraform", "maas-handovers"), { recursive: true });
      const state = readState();
      for (const resource of state.resources.filter(({ mode }) => mode === "managed")) {
        const same = former.resources.find(({ type, name }) => type === resource.type && name === resource.name);
        resource.instances.push({ ...same?.instances[0], deposed: "00000001" });
      }
      writeFileSync(stateFile(), JSON.stringify(state));
      await workspace.succeed(["destroy", "-auto-approve", "-no-color", ...options]);
      await expectRegionAsBefore();
    },
  );
});
