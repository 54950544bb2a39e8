import { textOf } from "../../lib/model/text";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { ApiKey } from "../../src/maas/api-key";
import { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { MaasSimulator } from "../../src/simulator";
import { describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(120_000);

const suite = describeWithTerraform();

const SEED = {
  racks: [{ hostname: "rack1", interfaces: [{ name: "eth1", fabric: "fabric-0", vid: 0 }] }],
  machines: [{ hostname: "node1", interfaces: [{ name: "eth0" }] }],
};

suite.each(["3.4", "3.7.3"])("destroying what others are on, on MAAS %s", (version) => {
  let simulator: MaasSimulator;
  let api: MaasClient;
  let workspace: Workspace;

  const stack = (turns: Record<string, unknown> = {}, cidr = "10.9.0.0/24"): void => {
    const base = cidr.replace(/0\/24$/, "");
    workspace.write({
      resource: {
        maas_fabric: { lab: { name: "lab" } },
        maas_vlan: { v: { fabric: "${maas_fabric.lab.id}", vid: 10 } },
        maas_subnet: { s: { vlan: "${maas_vlan.v.id}", cidr, ...turns } },
        maas_subnet_ip_range: {
          own: { subnet: "${maas_subnet.s.id}", type: "reserved", start_ip: `${base}100`, end_ip: `${base}110` },
        },
      },
    });
  };

  const subnets = async (): Promise<ObjectJson[]> => (await api.get("subnets/")) as ObjectJson[];

  /** A machine's link and a reserved address on the subnet. */
  const occupy = async (): Promise<void> => {
    const [machine] = (await api.get("machines/")) as ObjectJson[];
    const [nic] = machine?.interface_set as ObjectJson[];
    const [subnet] = await subnets();
    const path = apiPath`nodes/${textOf(machine?.system_id)}/interfaces/${textOf(nic?.id)}/`;
    await api.put(path, [["vlan", textOf((subnet?.vlan as ObjectJson).id)]]);
    await api.post(
      path,
      [
        ["mode", "STATIC"],
        ["subnet", textOf(subnet?.id)],
        ["ip_address", "10.9.0.9"],
      ],
      {
        op: "link_subnet",
      },
    );
    await api.post("ipaddresses/", [["ip", "10.9.0.7"]], { op: "reserve" });
  };

  beforeEach(async () => {
    simulator = await MaasSimulator.start({ port: 0, seed: SEED, maasVersion: version });
    api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    workspace = new Workspace({ MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey });
    stack();
    await workspace.init();
    await workspace.apply();
  });

  afterEach(async () => {
    workspace.remove();
    await api.close();
    await simulator.stop();
  });

  test("is warned of in the plan, refused at the apply, and done once force_destroy is applied", async () => {
    await occupy();
    const plan = await workspace.succeed(["plan", "-destroy", "-no-color"]);
    expect(plan).toMatch(/Warning: Deleting the subnet 10\.9\.0\.0\/24 affects/);
    const flat = plan.replace(/[\s│]+/g, " ");
    expect(flat).toContain("10.9.0.9 of node1 (eth0); 10.9.0.7, reserved by admin");
    expect(flat).toContain("The destroy will be refused");
    expect(flat).not.toContain("10.9.0.100-10.9.0.110 in");
    const { code, output } = await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect(output.replace(/[\s│]+/g, " ")).toContain(
      "set force_destroy = true on this maas_subnet, apply, then destroy",
    );
    expect(await subnets()).toHaveLength(1);

    stack({ force_destroy: true });
    await workspace.apply();
    await workspace.succeed(["destroy", "-target=maas_subnet.s", "-auto-approve", "-no-color"]);
    expect(await subnets()).toEqual([]);
  });

  test("is warned of when the provider replaces the subnet, and refused with nothing lost", async () => {
    await occupy();
    stack({}, "10.8.0.0/24");
    const plan = (await workspace.succeed(["plan", "-no-color"])).replace(/[\s│]+/g, " ");
    expect(plan).toContain("10.9.0.9 of node1 (eth0); 10.9.0.7, reserved by admin");
    expect(plan).not.toContain("10.9.0.100-10.9.0.110 in");
    expect(plan).toContain("The destroy will be refused. Remove or move it in MAAS first");
    const { code } = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    expect(code).toBe(1);
    expect((await subnets()).map(({ cidr }) => cidr)).toEqual(["10.9.0.0/24"]);
  });

  test("a VLAN whose deletion would unlink machines is refused, and goes once a forced subnet took the links", async () => {
    await occupy();
    const alone = await workspace.terraform(["apply", "-replace=maas_vlan.v", "-auto-approve", "-no-color"]);
    expect(alone.code).toBe(1);
    const flat = alone.output.replace(/[\s│╷╵]+/g, " ");
    expect(flat).toContain("The VLAN lab:10 is not deleted: MAAS would delete with it what this run does not destroy");
    expect(flat).toContain("MAAS deletes with it: 10.9.0.9 of node1 (eth0)");
    const [machine] = (await api.get("machines/")) as ObjectJson[];
    expect(JSON.stringify(machine?.interface_set)).toContain("10.9.0.9");

    stack({ force_destroy: true });
    await workspace.apply();
    await workspace.succeed(["destroy", "-target=maas_vlan.v", "-auto-approve", "-no-color"]);
    expect(await subnets()).toEqual([]);
  });

  test("what the state has itself, but this run leaves, is said to be so", async () => {
    workspace.write({
      resource: {
        maas_fabric: { lab: { name: "lab" } },
        maas_vlan: { v: { fabric: "${maas_fabric.lab.id}", vid: 10 } },
        maas_subnet: { s: { vlan: "${maas_vlan.v.id}", cidr: "10.9.0.0/24" } },
        maas_subnet_ip_range: {
          own: {
            ...{ subnet: "10.9.0.0/24", type: "reserved", start_ip: "10.9.0.100", end_ip: "10.9.0.110" },
            depends_on: ["maas_subnet.s"],
          },
        },
      },
    });
    await workspace.apply();
    const { code, output } = await workspace.terraform([
      ...["apply", "-replace=maas_subnet.s", "-auto-approve", "-no-color"],
    ]);
    expect(code).toBe(1);
    const flat = output.replace(/[\s│╷╵]+/g, " ");
    expect(flat).toContain("MAAS would delete with it what this run does not destroy");
    expect(flat).toContain("refer there to an attribute of this maas_subnet in place of its name");
    const both = ["-replace=maas_subnet.s", "-replace=maas_subnet_ip_range.own"];
    await workspace.succeed(["apply", ...both, "-auto-approve", "-no-color"]);
    expect(await workspace.plan()).toEqual([]);
  });

  test("does not stop what only the run's own objects are on, and force_destroy = null plans nothing", async () => {
    expect(await workspace.plan()).toEqual([]);
    expect(await workspace.succeed(["plan", "-destroy", "-no-color"])).not.toContain("Warning");
    await workspace.destroy();
    expect(await subnets()).toEqual([]);
  });
});
