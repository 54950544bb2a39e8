import { EngineUser } from "../support/engine";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

const RACK = {
  fabrics: [{ name: "b" }],
  racks: [{ hostname: "rack1", interfaces: [{ name: "eth0", fabric: "b" }, { name: "eth1" }] }],
};

describeWithTerraform()(
  "a fabric that leaves the configuration while what is on it moves, through real Terraform",
  () => {
    let user: EngineUser;
    let workspace: Workspace;

    beforeAll(async () => {
      user = await EngineUser.start(RACK);
    });

    beforeEach(async () => {
      user.reset();
      workspace = new Workspace({ MAAS_API_URL: user.simulator.url, MAAS_API_KEY: user.simulator.apiKey });
      await workspace.init();
    });

    afterEach(() => workspace.remove());

    afterAll(() => user.stop());

    /** A subnet and a rack's interface on that VLAN, beside the fabrics that are there. */
    const configuration = (place: "a" | "b", fabrics: string, lifecycle = {}): Configuration => {
      const all = [...fabrics];
      const of = <T>(block: (fabric: string) => T): Record<string, T> =>
        Object.fromEntries(all.map((fabric) => [fabric, block(fabric)]));
      return {
        resource: {
          maas_fabric: of((name) => ({ name, ...(name === "b" ? { adopt_existing: true } : { lifecycle }) })),
          maas_vlan: of((name) => ({ fabric: `\${maas_fabric.${name}.id}`, vid: 10 })),
          maas_subnet: { moved: { cidr: "10.1.0.0/24", vlan: `\${maas_vlan.${place}.id}` } },
          maas_rack_interface: {
            moved: { rack_controller: "rack1", name: "eth1", vlan: `\${maas_vlan.${place}.id}` },
          },
        },
      };
    };
    const fabrics = (): string[] => (user.state.fabrics as string[]).map((name) => JSON.parse(name) as string);
    const apply = (): Promise<{ code: number | null; output: string }> =>
      workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    const spaced = (output: string): string => output.replace(/\s+/g, " ");

    test("is warned of at plan, with what to do; so done, it goes", async () => {
      workspace.write(configuration("a", "ab"));
      await workspace.apply();
      workspace.write(configuration("b", "b"));
      const planned = spaced(await workspace.succeed(["plan", "-no-color"]));
      // What of it Terraform has shown by then depends on the time that it takes.
      expect(planned).toMatch(/Deleting the fabric a affects what (the configuration keeps|this run has not read)/);
      expect(planned).toMatch(/MAAS refuses while these are in it: (subnet 10\.1\.0\.0\/24|interface eth1 of rack1); /);
      expect(planned).toContain("Keep it in the configuration until the rest is moved: apply, remove it, apply again.");
      const { code, output } = await apply();
      expect([code, spaced(output)]).toEqual([1, expect.stringContaining("while something is still on it")]);
      workspace.write(configuration("b", "ab"));
      await workspace.apply();
      workspace.write(configuration("b", "b"));
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
      expect(fabrics()).not.toContain("a");
    });

    test("goes in one apply where it was applied with create_before_destroy", async () => {
      workspace.write(configuration("a", "ab", { create_before_destroy: true }));
      await workspace.apply();
      workspace.write(configuration("b", "b"));
      await workspace.apply();
      expect(await workspace.plan()).toEqual([]);
      expect(fabrics()).not.toContain("a");
    });
  },
);
