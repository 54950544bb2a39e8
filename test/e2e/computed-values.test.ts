import { readFileSync, writeFileSync } from "node:fs";
import { ownNames, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

const suite = describeWithTerraform();

/** What a plan of Terraform ends with when nothing is to be done: no object and no output changes. */
const NOTHING_TO_DO = 0;

suite("values that MAAS computes, through real Terraform", () => {
  const names = ownNames();
  let region: TestRegion;
  let workspace: Workspace;

  const subnet = { cidr: `${names.v4(0)}.0/24`, vlan: "${maas_vlan.v.id}" };

  const write = (vlan: Configuration = {}, onSubnet: Configuration = {}): void =>
    workspace.write({
      resource: {
        maas_fabric: { f: { name: `${names.prefix}-f` }, g: { name: `${names.prefix}-g` } },
        maas_space: { a: { name: `${names.prefix}-a` }, b: { name: `${names.prefix}-b` } },
        maas_vlan: {
          v: { fabric: "${maas_fabric.f.id}", vid: 60, space: "${maas_space.a.name}", ...vlan },
          // Beside the subnet's VLAN: where it is follows from what the subnet computes.
          beside: { fabric: "${maas_subnet.s.fabric_id}", vid: "${maas_subnet.s.vid + 100}" },
        },
        maas_subnet: { s: { ...subnet, ...onSubnet } },
      },
      output: {
        space: { value: "${maas_subnet.s.space}" },
        place: { value: "${maas_subnet.s.fabric_id}:${maas_subnet.s.vid}" },
      },
    });

  const actions = async (): Promise<Record<string, readonly string[]>> =>
    Object.fromEntries((await workspace.plan()).map(({ address, actions: what }) => [address, what]));

  const output = async (name: string): Promise<string> =>
    JSON.parse(await workspace.succeed(["output", "-json", name])) as string;

  const nextPlan = async (): Promise<number> =>
    (await workspace.terraform(["plan", "-detailed-exitcode", "-no-color"])).code;

  beforeAll(async () => {
    region = await startRegion();
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    write();
    await workspace.init();
    await workspace.apply();
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test("are known while a subnet is edited, so that nothing beside it is touched", async () => {
    expect(await nextPlan()).toBe(NOTHING_TO_DO);
    write({}, { description: "edited" });
    expect(await actions()).toEqual({ "maas_subnet.s": ["update"] });
    await workspace.apply();
    expect(await nextPlan()).toBe(NOTHING_TO_DO);
  });

  test("follow a VLAN into another space in the same run", async () => {
    write({ space: "${maas_space.b.name}" }, { description: "edited" });
    await workspace.apply();
    expect(await output("space")).toBe(`${names.prefix}-b`);
    expect(await nextPlan()).toBe(NOTHING_TO_DO);
  });

  test("follow a space that is renamed in the same run", async () => {
    write({ space: "${maas_space.b.name}" }, { description: "edited" });
    const file = `${workspace.folder}/main.tf.json`;
    const renamed = readFileSync(file, "utf8").replaceAll(`${names.prefix}-b`, `${names.prefix}-c`);
    writeFileSync(file, renamed);
    await workspace.apply();
    expect(await output("space")).toBe(`${names.prefix}-c`);
    expect(await nextPlan()).toBe(NOTHING_TO_DO);
  });

  test("follow a VLAN out of every space in the same run", async () => {
    write({ space: "" }, { description: "edited" });
    await workspace.apply();
    expect(JSON.parse(await workspace.succeed(["output", "-json"]))).not.toHaveProperty("space");
    expect(await nextPlan()).toBe(NOTHING_TO_DO);
  });
});
