import type { ManagedKindName } from "../../../../lib/model/kinds";
import type { Attributes } from "../../../../lib/model/known";
import type { ObjectJson } from "../../../../src/maas/codec";
import type { Step } from "../../../../src/reconcile/engine/plan/order";
import { readLive } from "../../../../src/reconcile/engine/plan/read-live";
import { StepExecutor } from "../../../../src/reconcile/engine/run/run";
import { openRegion } from "../../../../src/reconcile/kinds";
import { ObjectError, TakenError } from "../../../../src/reconcile/objects/failure";
import { RegionObjects } from "../../../../src/reconcile/region-objects";
import { EngineUser } from "../../../support/engine";
import { documentOf } from "../support/documents";

const V4 = "10.0.0.0/24";

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    spaces: [{ name: "green" }],
    fabrics: [{ name: "lab", class_type: "10g", vlans: [{ vid: 10, mtu: 9000, space: "green" }] }, { name: "spare" }],
    subnets: [{ cidr: V4, fabric: "lab", vid: 10, gateway_ip: "10.0.0.1" }],
    racks: [
      {
        hostname: "rack1",
        interfaces: [
          { name: "eth0", fabric: "spare" },
          { name: "eth1", fabric: "spare", addresses: [] },
        ],
      },
    ],
    machines: [
      {
        hostname: "node1",
        interfaces: [
          { name: "eth0", fabric: "lab", vid: 10, links: [{ mode: "STATIC", subnet: V4, ip_address: "10.0.0.9" }] },
        ],
      },
    ],
  });
});

afterAll(() => user.stop());

beforeEach(() => user.reset());

/** Work on what the region has of these objects, whose ids are known. */
async function working(usedSubnets: readonly string[] = []): Promise<{ work: StepExecutor; step: typeof stepOf }> {
  const region = openRegion(user.api);
  const named = { fabric: ["lab", "spare"], subnet: [V4], space: ["green"], rack_controller: ["rack1"] };
  const live = await readLive(region, [documentOf([], named)]);
  const ids = new Map(live.objects.map(({ kind, key, id }) => [`${kind} ${key}`, id]));
  user.simulator.requests.clear();
  const work = new StepExecutor(new RegionObjects(region), ids, new Set(usedSubnets));
  const withLive: typeof stepOf = (action, kind, key, more) => {
    const found = live.find(kind, key);
    return { ...stepOf(action, kind, key, more), ...(found && { id: found.id, live: found.attributes }) };
  };
  return { work, step: withLive };
}

const stepOf = (
  action: Step["action"],
  kind: ManagedKindName,
  key: string,
  more: { readonly desired?: Attributes; readonly original?: Attributes } = {},
): Step => ({ ...{ action, kind, key, path: `lab/${key}`, differences: [], after: [] }, ...more });

const calls = (): string[] =>
  user.simulator.requests.all().map(({ method, path }) => `${method} ${path.replace(/^\/MAAS\/api\/2\.0/, "")}`);

const vlan10 = (): { readonly mtu: number; readonly space: string } | undefined =>
  user.simulator.state.vlans.find(({ vid }) => vid === 10);

test("what a step has made is known to the next one by its key, without a look for it", async () => {
  const { work } = await working();
  await work.run(stepOf("create", "fabric", "new", { desired: { name: "new" } }));
  await work.run(stepOf("create", "vlan", "new:20", { desired: { fabric: "new", vid: 20 } }));
  const other = { cidr: "10.0.9.0/24", vlan: "new:20" };
  await work.run(stepOf("create", "subnet", other.cidr, { desired: other }));
  const inFabric: unknown = expect.stringMatching(/^POST \/fabrics\/\d+\/vlans\/$/);
  expect(calls()).toEqual(["POST /fabrics/", inFabric, "POST /subnets/"]);
  expect(user.simulator.state.vlans).toContainEqual(expect.objectContaining({ fabric: "new", vid: 20 }));
});

test("what refers to something that nobody knows is refused before anything is sent", async () => {
  const { work } = await working();
  const step = stepOf("create", "vlan", "nope:20", { desired: { fabric: "nope", vid: 20 } });
  await expect(work.run(step)).rejects.toThrow(/has no fabric "nope"/);
  expect(calls().filter((call) => !call.startsWith("GET"))).toEqual([]);
});

test("an update sends what differs, and nothing where nothing does", async () => {
  const { work, step } = await working();
  const same = step("update", "vlan", "lab:10");
  await work.run({ ...same, desired: { ...same.live } });
  expect(calls()).toEqual([]);
  await work.run({ ...same, desired: { ...same.live, mtu: 1500 } });
  expect(calls()).toEqual([expect.stringMatching(/^PUT \/vlans\/\d+\/$/)]);
  expect(vlan10()?.mtu).toBe(1500);
});

test("what MAAS takes and does not keep is an error, which names the attribute", async () => {
  const { work, step } = await working();
  const untagged = step("update", "vlan", "lab:0");
  const kept = work.run({ ...untagged, desired: { ...untagged.live, name: "mine" } });
  await expect(kept).rejects.toThrow(ObjectError);
  await expect(kept).rejects.toThrow(/MAAS did not keep name/);
});

test("a deletion of what has gone already is done", async () => {
  const { work, step } = await working();
  const deletion = step("delete", "space", "green");
  await work.run(deletion);
  await work.run(deletion);
  expect(user.simulator.state.spaces).not.toContain("green");
});

test("a subnet with addresses of nodes goes only where that is said, and other subnets are never forced", async () => {
  for (const [used, query] of [
    [[], ""],
    [["subnet 10.9.0.0/24"], ""],
    [[`subnet ${V4}`], "?force=true"],
  ] as const) {
    user.reset();
    const { work, step } = await working(used);
    await work.run(step("delete", "subnet", V4)).catch(() => undefined);
    expect(calls().at(-1)).toMatch(new RegExp(`^DELETE /subnets/\\d+/${query.replace("?", "\\?")}$`));
  }
});

describe("what is given back", () => {
  test("gets what it had, and what it had none of is emptied where MAAS can", async () => {
    const { work, step } = await working();
    const original = { cidr: V4, vlan: "lab:0", dns_servers: [], gateway_ip: null };
    await work.run(step("release", "subnet", V4, { original }));
    expect(user.simulator.state.subnets).toContainEqual(
      expect.objectContaining({ cidr: V4, vlan: { fabric: "lab", vid: 0 }, gatewayIp: null }),
    );
  });

  test("keeps what nobody knows of", async () => {
    const { work, step } = await working();
    await work.run(step("release", "vlan", "lab:10", { original: { fabric: "lab", vid: 10, mtu: 1400 } }));
    expect([vlan10()?.mtu, vlan10()?.space]).toEqual([1400, "undefined"]);
  });

  test("does without a reference to what has gone since", async () => {
    const { work, step } = await working();
    const nic = step("release", "rack_interface", "rack1/eth1", {
      original: { rack_controller: "rack1", name: "eth1", vlan: "gone:0" },
    });
    await work.run(nic);
    const moved = user.simulator.state.interfaces.find(({ node, name }) => node === "rack1" && name === "eth1");
    expect(moved?.vlan).toBeNull();
  });

  test("leaves its VLAN where nobody knows which one it was on, so that the VLAN can go", async () => {
    const { work, step } = await working();
    await work.run(step("release", "rack_interface", "rack1/eth1"));
    const moved = user.simulator.state.interfaces.find(({ node, name }) => node === "rack1" && name === "eth1");
    expect(moved?.vlan).toBeNull();
  });

  test("goes back by its name to what has been made anew since", async () => {
    const { work, step } = await working();
    await work.run(step("delete", "space", "green"));
    const rows = (await user.api.post("spaces/", [["name", "green"]])) as ObjectJson;
    expect(rows.name).toBe("green");
    const fresh = await working();
    await fresh.work.run(
      fresh.step("release", "vlan", "lab:10", { original: { fabric: "lab", vid: 10, space: "green" } }),
    );
    expect(vlan10()?.space).toBe("green");
  });
});

test.each<[ManagedKindName, string, Attributes]>([
  ["fabric", "lab", { name: "lab" }],
  ["space", "green", { name: "green" }],
  ["subnet", V4, { cidr: V4, vlan: "lab:10" }],
])("a %s that is there although the plan did not see it is told without Terraform", async (kind, key, desired) => {
  const { work } = await working();
  const error: unknown = await work.run(stepOf("create", kind, key, { desired })).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TakenError);
  expect((error as TakenError).message).toMatch(/exists already: .* plan again\. .* --force existing\. MAAS said: /);
  expect((error as TakenError).message).not.toMatch(/terraform|adopt_existing/i);
});
