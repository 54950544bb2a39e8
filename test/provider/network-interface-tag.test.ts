import { KINDS } from "../../lib/model/kinds";
import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import { RawState } from "../../src/provider/protocol/tfplugin6_pb";
import { resourceBlock } from "../../src/provider/schema";
import { upgradeState } from "../../src/provider/stored";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

const TAG = "maas_network_interface_tag";
const PHYSICAL = "maas_network_interface_physical";

const MACS = ["52:54:00:00:01:00", "52:54:00:00:01:01"];

let user: ProviderUser;
let api: MaasClient;
let provider: ProviderUser["provider"];

beforeAll(async () => {
  user = await ProviderUser.start({
    fabrics: [{ name: "lab", vlans: [{ vid: 0 }] }],
    machines: ["node1", "node2"].map((hostname, at) => ({
      hostname,
      ...(at === 1 && { status: 6 }),
      interfaces: [
        { name: "eth0", fabric: "lab", ...(at === 0 && { mac_address: MACS[0] }) },
        { name: "eth1", fabric: "lab", ...(at === 0 && { mac_address: MACS[1], tags: ["sriov", "theirs"] }) },
      ],
    })),
  });
  ({ api, provider } = user);
});

beforeEach(() => user.reset());

afterAll(() => user.stop());

const nextRun = (): Promise<void> => user.nextRun();

const machine = async (hostname = "node1"): Promise<ObjectJson> =>
  ((await api.get("machines/")) as readonly ObjectJson[]).find((row) => row.hostname === hostname) ?? {};

async function nic(name: string, of = "node1"): Promise<ObjectJson> {
  const all = (await machine(of)).interface_set as readonly ObjectJson[];
  return all.find((row) => row.name === name) ?? {};
}

async function tagByHand(op: "add_tag" | "remove_tag", name: string, tag: string): Promise<void> {
  const path = `nodes/${textOf((await machine()).system_id)}/interfaces/${textOf((await nic(name)).id)}/`;
  await api.post(path, [["tag", tag]], { op });
}

const on = (name: string, ...tags: string[]): Attributes => ({ machine: "node1", interface_id: name, tags });

/** What the next run of Terraform reads and plans. */
async function next(config: Attributes, kept: Kept) {
  await nextRun();
  const read = await provider.read(TAG, kept);
  return { read, ...(await provider.plan(TAG, config, read)) };
}

test("tags are added and removed one by one, found again, and go on destroy", async () => {
  const made = await provider.make(TAG, on("eth0", "uplink", "fast"));
  expect((await nic("eth0")).tags).toEqual(["uplink", "fast"]);
  const { system_id: systemId } = await machine();
  expect(made.state.id).toBe(`${textOf(systemId)}/${textOf((await nic("eth0")).id)}`);
  const same = await next(on("eth0", "fast", "uplink"), made);
  expect([same.told, same.planned]).toEqual([[], same.read.state]);
  const changed = await provider.make(TAG, on("eth0", "slow", "fast"), made);
  expect((await nic("eth0")).tags).toEqual(["fast", "slow"]);
  await nextRun();
  expect(await provider.destroy(TAG, changed)).toEqual([]);
  expect((await nic("eth0")).tags).toEqual([]);
  expect(user.simulator.requests.count("PUT")).toBe(0);
});

test("a deployed machine's interfaces are tagged too, where MAAS lets nothing else of them be changed", async () => {
  const config = { ...on("eth0", "uplink"), machine: "node2" };
  const made = await provider.make(TAG, config);
  expect((await machine("node2")).status_name).toBe("Deployed");
  expect((await nic("eth0", "node2")).tags).toEqual(["uplink"]);
  expect(await provider.destroy(TAG, made)).toEqual([]);
  expect((await nic("eth0", "node2")).tags).toEqual([]);
});

test("tags of somebody else are removed only with adopt_existing, and restored on destroy", async () => {
  const refused = await provider.apply(TAG, on("eth1", "uplink", "sriov"));
  expect(refused.told).toMatchObject([
    {
      severity: "error",
      summary: expect.stringContaining("eth1 of node1 has tags that are not named here: sriov, theirs") as string,
      detail: expect.stringMatching(/terraform import maas_network_interface_tag\.NAME \w{6}\/\d+/) as string,
    },
  ]);
  expect((await nic("eth1")).tags).toEqual(["sriov", "theirs"]);
  const adopted = await provider.make(TAG, { ...on("eth1", "uplink", "sriov"), adopt_existing: true });
  expect((await nic("eth1")).tags).toEqual(["sriov", "uplink"]);
  expect(await provider.destroy(TAG, adopted)).toEqual([]);
  expect(new Set((await nic("eth1")).tags as string[])).toEqual(new Set(["sriov", "theirs"]));
});

test("tags that are all named are added to without being asked, and are there after a destroy", async () => {
  const made = await provider.make(TAG, on("eth1", "theirs", "sriov", "own"));
  expect(await provider.destroy(TAG, made)).toEqual([]);
  expect((await nic("eth1")).tags).toEqual(["sriov", "theirs"]);
});

test("what others have changed since is planned back, and what is gone is made anew", async () => {
  const config = on("eth0", "uplink");
  const made = await provider.make(TAG, config);
  await tagByHand("add_tag", "eth0", "stray");
  const { read, planned } = await next(config, made);
  expect([read.state?.tags, planned?.tags]).toEqual([["stray", "uplink"], ["uplink"]]);
  for (const tag of ["stray", "uplink"]) await tagByHand("remove_tag", "eth0", tag);
  expect((await next(config, made)).read.state).toBeUndefined();
  const path = `nodes/${textOf((await machine()).system_id)}/interfaces/${textOf((await nic("eth0")).id)}/`;
  await api.delete(path);
  await nextRun();
  expect(await provider.destroy(TAG, made)).toEqual([]);
});

test("it is imported by id, name, MAC address and number, and a state of canonical/maas plans empty", async () => {
  const { system_id: systemId } = await machine();
  const { id } = await nic("eth1");
  const own = `${textOf(systemId)}/${textOf(id)}`;
  const stored = {
    id: own,
    machine: textOf(systemId),
    device: null,
    interface_id: Number(id),
    tags: ["sriov", "theirs"],
  };
  for (const key of [own, "node1/eth1", `node1/${MACS[1] ?? ""}`, `node1/${textOf(id)}`, `${textOf(systemId)}/eth1`]) {
    const { state, told } = await provider.import(TAG, key);
    expect([told, state?.id, state?.tags]).toEqual([[], own, ["sriov", "theirs"]]);
  }
  const kind = KINDS.network_interface_tag;
  const raw = RawState.fromPartial({ json: new TextEncoder().encode(JSON.stringify(stored)) });
  const moved = upgradeState(raw, kind, resourceBlock(kind));
  const config = { machine: textOf(systemId), interface_id: textOf(id), tags: ["theirs", "sriov"] };
  const { read, planned, told, requiresReplace } = await next(config, { state: moved, private: new Uint8Array() });
  expect([told, requiresReplace, planned]).toEqual([[], [], read.state]);
  const found = await provider.look(TAG, { machine: "node1", interface_id: "eth1" });
  expect(found.state).toMatchObject({ id: own, tags: ["sriov", "theirs"] });
  const none = await provider.import(TAG, "node1/eth0");
  expect(none.told).toMatchObject([{ detail: expect.stringContaining("eth0 of node1 has no tags yet") as string }]);
});

describe("an interface that is managed here too", () => {
  const nicOf = (...tags: string[]): Attributes => ({
    ...{ machine: "node1", mac_address: MACS[0] ?? "", name: "eth0" },
    ...(tags.length > 0 && { tags }),
  });

  test("ignores the tags where it names none, also when something else of it changes", async () => {
    const own = await provider.make(PHYSICAL, nicOf());
    await provider.make(TAG, on("eth0", "uplink", "fast"));
    await nextRun();
    const read = await provider.read(PHYSICAL, own);
    const plan = await provider.plan(PHYSICAL, nicOf(), read);
    expect([plan.told, plan.planned]).toEqual([[], read.state]);
    await provider.make(PHYSICAL, { ...nicOf(), mtu: 9000 }, read);
    expect((await nic("eth0")).tags).toEqual(["fast", "uplink"]);
  });

  test("is warned of where it names other tags, whichever is planned first", async () => {
    for (const order of [
      [PHYSICAL, TAG],
      [TAG, PHYSICAL],
    ]) {
      await nextRun();
      const [first, second] = order.map((type) => [type, type === TAG ? on("eth0", "uplink") : nicOf("fast")] as const);
      expect((await provider.plan(...first!)).told).toEqual([]);
      expect((await provider.plan(...second!)).told).toMatchObject([
        {
          severity: "warning",
          summary: expect.stringContaining("tags of eth0 of node1 are set in two places") as string,
          detail: expect.stringContaining("Leave tags out of the maas_network_interface_physical") as string,
        },
      ]);
    }
  });

  test("is not warned of where it names the same tags, or is another one", async () => {
    await provider.plan(PHYSICAL, nicOf("uplink", "fast"));
    expect((await provider.plan(TAG, on(MACS[0] ?? "", "fast", "uplink"))).told).toEqual([]);
    expect((await provider.plan(TAG, { ...on("eth1", "x"), adopt_existing: true })).told).toEqual([]);
  });
});

test("a tag set that Terraform is told to replace is planned twice, and is not taken for two", async () => {
  const made = await provider.make(TAG, on("eth0", "uplink"));
  expect((await provider.plan(TAG, on("eth0", "uplink"), made)).told).toEqual([]);
  expect((await provider.plan(TAG, { ...on("eth0", "uplink"), adopt_existing: true })).told).toEqual([]);
});

test("two tag sets of one interface are refused at plan, and no tags and empty ones at validate", async () => {
  await provider.plan(TAG, on("eth0", "uplink"));
  expect((await provider.plan(TAG, on(MACS[0] ?? "", "fast"))).told).toMatchObject([
    {
      severity: "error",
      summary: expect.stringContaining(
        "nother maas_network_interface_tag of this run sets the tags of eth0 of node1",
      ) as string,
    },
  ]);
  for (const tags of [[], [""]] as string[][])
    expect(await provider.validate(TAG, on("eth0", ...tags))).toMatchObject([{ severity: "error" }]);
});

test("an interface that the machine does not have is refused at plan, with those that it has", async () => {
  expect((await provider.plan(TAG, on("eth7", "uplink"))).told).toMatchObject([
    { severity: "error", detail: expect.stringContaining("eth0, eth1") as string },
  ]);
});
