import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { apiPath } from "../../src/maas/api-url";
import type { ObjectJson } from "../../src/maas/codec";
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
import { type PlannedChange, describeWithTerraform, Workspace } from "../support/terraform";
import { dualStack, type Turns } from "./network";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

/** Which of the region's addresses a suite talks to. A shared region has one, of whichever family. */
const FAMILIES: readonly (readonly [string, number])[] = isSharedRegion
  ? [["the region's own URL", 0]]
  : [
      ["IPv4", 0],
      ["IPv6, http://[::1]", 1],
    ];

/** Sends Terraform the signal of Ctrl-C as soon as it has begun to make things. */
async function interruptAfterFirstPost(region: TestRegion, terraform: ChildProcess): Promise<void> {
  while (!region.requests().some(({ method }) => method === "POST")) await sleep(50);
  terraform.kill("SIGINT");
}

suite.each(FAMILIES)("the life of a network through real Terraform, over %s", (_, urlIndex) => {
  const names = ownNames();
  const nic = lentInterface();
  let region: TestRegion;
  let workspace: Workspace;
  let rack: string;
  let before: Record<string, unknown[]>;

  const write = (turns: Turns = {}): void => workspace.write(dualStack(names, rack, nic, turns));
  const actions = (changes: readonly PlannedChange[]): Record<string, readonly string[]> =>
    Object.fromEntries(changes.map(({ address, actions: what }) => [address, what]));
  const idOf = async (address: string): Promise<string> => (await workspace.state())[address]?.id as string;

  /** Deploys, and expects that the next plan finds nothing to do. */
  const applyCleanly = async (): Promise<void> => {
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
  };

  beforeAll(async () => {
    region = await startRegion();
    rack = await rackOf(region, nic);
    before = await inventory(region.api);
    // Over IPv4 with the built plugin as Terraform starts it.
    workspace = new Workspace(
      { MAAS_API_URL: region.urls[urlIndex], MAAS_API_KEY: region.apiKey },
      { startsPlugin: isSharedRegion || urlIndex === 0 },
    );
    write();
    await workspace.init();
  });

  afterAll(async () => {
    // Only after a failure is there something left to destroy, and then the region must not keep it.
    if (isSharedRegion) await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  test("it is made, each object by one POST, and the next plan is empty", async () => {
    region.forget();
    await workspace.apply();
    const posts = region.requests().filter(({ method }) => method === "POST");
    expect(posts).toHaveLength(1 + 1 + 1 + 3 + 4); // fabric, space, tagged VLAN, subnets, ranges
    expect(await workspace.plan()).toEqual([]);
    const state = await workspace.state();
    expect(state["maas_vlan.untagged"]?.id).toBe(state["maas_fabric.lab"]?.untagged_vlan);
    expect(state["maas_subnet.v6"]?.cidr).toBe(`${names.v6("20")}:/64`.toUpperCase());
    expect(state["maas_vlan_dhcp.lab"]?.dhcp_on).toBe(true);
  });

  test("a changed attribute is changed in place", async () => {
    const turns = { vlanName: "backup", mtu: 9000, description: "second", poolEnd: `${names.v4(1)}.180` };
    write(turns);
    expect(actions(await workspace.plan())).toEqual({
      "maas_vlan.untagged": ["update"],
      "maas_vlan.tagged": ["update"],
      "maas_subnet.v4": ["update"],
      "maas_subnet_ip_range.pool": ["update"],
    });
    await applyCleanly();
    const subnet = (await region.api.get(apiPath`subnets/${await idOf("maas_subnet.v4")}/`)) as ObjectJson;
    expect(subnet.description).toBe("second");
    write();
    await applyCleanly();
  });

  test("an attribute that is taken out of the configuration is emptied", async () => {
    const configuration = dualStack(names, rack, nic);
    const { v4 } = (configuration.resource as { maas_subnet: { v4: ObjectJson } }).maas_subnet;
    const { gateway_ip: _gateway, dns_servers: _dns, ...rest } = v4;
    (configuration.resource as { maas_subnet: Record<string, unknown> }).maas_subnet.v4 = rest;
    workspace.write(configuration);
    await applyCleanly();
    const subnet = (await region.api.get(apiPath`subnets/${await idOf("maas_subnet.v4")}/`)) as ObjectJson;
    expect([subnet.gateway_ip, subnet.dns_servers]).toEqual([null, []]);
    write();
    await applyCleanly();
  });

  test("what MAAS can't change is replaced", async () => {
    write({ routedCidr: `${names.v4(3)}.0/24` });
    expect(actions(await workspace.plan())).toEqual({ "maas_subnet.routed": ["delete", "create"] });
    await applyCleanly();
    write();
    await applyCleanly();
  });

  test("a drifted attribute is repaired", async () => {
    const [subnet, vlan] = [await idOf("maas_subnet.v4"), await idOf("maas_vlan.tagged")];
    await region.api.put(apiPath`subnets/${subnet}/`, [
      ["gateway_ip", ""],
      ["managed", "false"],
    ]);
    await region.api.put(apiPath`vlans/${vlan}/`, [["name", "drifted"]]);
    expect(actions(await workspace.plan())).toEqual({
      "maas_subnet.v4": ["update"],
      "maas_vlan.tagged": ["update"],
    });
    await applyCleanly();
  });

  test("DHCP that was switched off outside is switched on again", async () => {
    await region.api.put(apiPath`vlans/${await idOf("maas_vlan.untagged")}/`, [["dhcp_on", "false"]]);
    expect(actions(await workspace.plan())).toEqual({ "maas_vlan_dhcp.lab": ["create"] });
    await applyCleanly();
  });

  test("objects that were deleted outside are made again", async () => {
    await region.api.delete(apiPath`ipranges/${await idOf("maas_subnet_ip_range.kept")}/`);
    await region.api.delete(apiPath`subnets/${await idOf("maas_subnet.routed")}/`);
    expect(actions(await workspace.plan())).toEqual({
      "maas_subnet_ip_range.kept": ["create"],
      "maas_subnet.routed": ["create"],
    });
    await applyCleanly();
  });

  test("each type is imported by its id and by its natural key, after which the plan is empty", async () => {
    const backup = join(workspace.folder, "backup.tfstate");
    writeFileSync(backup, await workspace.succeed(["state", "pull"]));
    const v6 = names.v6("20");
    const keys: [string, string][] = [
      ["maas_fabric.lab", names.prefix],
      ["maas_space.lab", `${names.prefix}-space`],
      ["maas_vlan.tagged", `${names.prefix}:20`],
      ["maas_vlan_dhcp.lab", `${names.prefix}:untagged`],
      ["maas_subnet.v4", `${names.v4(1)}.0/24`],
      ["maas_subnet.v6", `${v6}:/64`],
      ["maas_subnet_ip_range.pool", `${names.v4(1)}.100-${names.v4(1)}.199`],
      ["maas_subnet_ip_range.pool6", `${v6}2::-${v6}2::ffff`],
      ...(nic === undefined ? [] : ([["maas_rack_interface.lent", `${nic.rack}/${nic.name}`]] as [string, string][])),
    ];
    const subnets = (await region.api.get("subnets/")) as readonly ObjectJson[];
    const routed = subnets.find(({ cidr }) => cidr === `${names.v4(2)}.0/24`);
    const made = await workspace.state();
    await workspace.succeed(["state", "rm", "maas_subnet.routed", ...keys.map(([address]) => address)]);
    await workspace.succeed(["import", "-no-color", "maas_subnet.routed", String(routed?.id)]);
    const blocks = keys.map(([to, id]) => ({ to, id }));
    workspace.write({ ...dualStack(names, rack, nic), import: blocks });
    // Imported objects have the region's spelling: at most that is settled, and nothing is made.
    for (const { actions } of await workspace.plan()) expect(actions).toEqual(["update"]);
    region.forget();
    await workspace.apply();
    expect(region.requests().filter(({ method }) => method === "POST")).toEqual([]);
    const after = await workspace.state();
    for (const [address] of keys) expect([address, after[address]?.id]).toEqual([address, made[address]?.id]);
    write();
    expect(await workspace.plan()).toEqual([]);
    // An imported object has no memory of what it was before; the state from before the imports has.
    await workspace.succeed(["state", "push", "-force", backup]);
    expect(await workspace.plan()).toEqual([]);
  });

  test("importing what is not there says what a key looks like", async () => {
    await workspace.succeed(["state", "rm", "maas_fabric.lab"]);
    const { code, output } = await workspace.terraform(["import", "-no-color", "maas_fabric.lab", "no-such-fabric"]);
    expect(code).not.toBe(0);
    expect(output).toContain('The region has no fabric "no-such-fabric"');
    await workspace.succeed(["import", "-no-color", "maas_fabric.lab", names.prefix]);
  });

  test("DHCP that the rack can't serve is refused at plan, with what the rack has, and nothing is written", async () => {
    const configuration = dualStack(names, rack, nic);
    (configuration.resource as { maas_vlan_dhcp: Record<string, ObjectJson> }).maas_vlan_dhcp.lab = {
      vlan: "${maas_vlan.tagged.id}",
      primary_rack_controller: "${data.maas_rack_controller.first.id}",
    };
    workspace.write(configuration);
    region.forget();
    const { code, output } = await workspace.terraform(["apply", "-auto-approve", "-no-color"]);
    expect(code).not.toBe(0);
    expect(output).toMatch(/has no interface on a VLAN with the VID 20,\s+so that it can't serve DHCP/);
    expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
    expect(output).not.toContain(region.apiKey.split(":")[2]);
    write();
    await applyCleanly();
  });

  test("Ctrl-C ends an apply soon, loses nothing, and the next apply goes on", async () => {
    const configuration = dualStack(names, rack, nic);
    const { maas_space } = configuration.resource as { maas_space: Record<string, unknown> };
    for (let index = 0; index < 40; index += 1) maas_space[`s${index}`] = { name: `${names.prefix}-s${index}` };
    workspace.write(configuration);
    region.forget();
    region.faults.set({ latency: 700 });
    const interrupted = await workspace.terraform(["apply", "-auto-approve", "-no-color"], {
      onStart: (child) => void interruptAfterFirstPost(region, child),
    });
    region.faults.clear();
    expect(interrupted.code).not.toBe(0);
    expect(interrupted.output).toContain("Interrupt received");
    const made = region.requests().filter(({ method }) => method === "POST").length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(40);

    await applyCleanly();
    expect(region.requests().filter(({ method }) => method === "POST")).toHaveLength(40);
    write();
    await applyCleanly();
  });

  test("it is destroyed, and what was there before still is as it was", async () => {
    await workspace.destroy();
    await expectAsBefore(region, before, names.prefix);
  });
});
