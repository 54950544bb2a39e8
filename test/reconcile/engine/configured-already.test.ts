import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../../src/maas/codec";
import type { DesiredObject } from "../../../src/reconcile/engine/plan/read-live";
import { EngineUser } from "../../support/engine";
import { documentOf } from "./support/documents";
import { adopted, at, dhcp, fabric, nic, relay, vlan } from "./support/objects";

jest.setTimeout(60_000);

let user: EngineUser;

beforeAll(async () => {
  user = await EngineUser.start({
    spaces: [{ name: "green" }],
    fabrics: [{ name: "lab", vlans: [{ vid: 0 }, { vid: 10 }, { vid: 20 }] }, { name: "racks" }],
    subnets: [{ cidr: "10.1.0.0/24", fabric: "lab", vid: 0 }],
    ip_ranges: [{ type: "dynamic", start_ip: "10.1.0.100", end_ip: "10.1.0.199" }],
    racks: ["rack1", "rack2"].map((hostname) => ({
      hostname,
      interfaces: [
        { name: "eth0", fabric: "lab" },
        { name: "eth1", fabric: "racks" },
      ],
    })),
  });
});
afterAll(() => user.stop());
beforeEach(() => user.reset());

const list = async (path: string): Promise<readonly ObjectJson[]> =>
  (await user.api.get(path)) as readonly ObjectJson[];

async function vlanId(vid: number): Promise<string> {
  const lab = (await list("fabrics/")).find(({ name }) => name === "lab");
  return textOf((lab?.vlans as readonly ObjectJson[]).find((row) => row.vid === vid)?.id);
}

async function rack(hostname: string): Promise<ObjectJson> {
  return (await list("rackcontrollers/")).find((row) => row.hostname === hostname) ?? {};
}

const setVlan = async (vid: number, form: readonly (readonly [string, string])[]): Promise<void> => {
  await user.api.put(`vlans/${await vlanId(vid)}/`, form);
};

const switchOn = async (): Promise<void> =>
  setVlan(0, [
    ["dhcp_on", "true"],
    ["primary_rack", textOf((await rack("rack1")).system_id)],
  ]);

/** Puts rack1/eth1 on VLAN 20. */
async function moveInterface(): Promise<void> {
  const { system_id: id, interface_set: nics } = await rack("rack1");
  const eth1 = (nics as readonly ObjectJson[]).find(({ name }) => name === "eth1");
  await user.api.put(`nodes/${textOf(id)}/interfaces/${textOf(eth1?.id)}/`, [["vlan", await vlanId(20)]]);
}

interface Case {
  readonly wanted: DesiredObject;
  /** Configures the object as somebody else would. */
  readonly configure: () => Promise<void>;
  /** What the refusal tells of it. */
  readonly about: RegExp;
}

/** What test/provider/configured-already.test.ts has for the provider. */
const CASES: Record<string, Case> = {
  "DHCP that is exactly as asked": {
    wanted: dhcp("lab:0", "rack1"),
    configure: switchOn,
    about: /^DHCP of VLAN lab:0/,
  },
  "DHCP by another rack": { wanted: dhcp("lab:0", "rack2", "rack1"), configure: switchOn, about: /lab:0/ },
  "a DHCP relay": {
    wanted: relay("lab:10", "lab:0"),
    configure: async () => setVlan(10, [["relay_vlan", await vlanId(0)]]),
    about: /lab:10/,
  },
  "DHCP in place of which there is to be a relay": {
    wanted: relay("lab:0", "lab:20"),
    configure: switchOn,
    about: /lab:0/,
  },
  "an untagged VLAN with an MTU": {
    wanted: vlan("lab:0", { mtu: 1400 }),
    configure: () => setVlan(0, [["mtu", "9000"]]),
    about: /^VLAN lab:0 .*mtu = 9000/,
  },
  "an untagged VLAN in a space": {
    wanted: vlan("lab:0"),
    configure: () => setVlan(0, [["space", "green"]]),
    about: /space = "green"/,
  },
  "an untagged VLAN with DHCP": {
    wanted: vlan("lab:0", { mtu: 1400 }),
    configure: switchOn,
    about: /dhcp_on = true/,
  },
  "a rack interface on another VLAN": {
    wanted: nic("rack1/eth1", "lab:10"),
    configure: moveInterface,
    about: /^rack interface rack1\/eth1 .*vlan = "lab:20"/,
  },
};

/** A document that wants the object, and looks up what it refers to. */
const wanting = (object: DesiredObject) =>
  documentOf([object], {
    ...{ fabric: ["lab"], space: ["green"], rack_controller: ["rack1", "rack2"] },
    vlan: ["lab:0", "lab:10", "lab:20"].filter((key) => object.kind !== "vlan" || key !== object.key),
  });

test.each(Object.entries(CASES))(
  "%s is refused until somebody insists, and nothing is changed",
  async (_title, { wanted, configure, about }) => {
    await configure();
    const { refusals } = await user.prepare(wanting(wanted));
    expect(refusals.map(({ id }) => id)).toEqual(["existing"]);
    expect(refusals[0]?.about).toEqual([expect.stringMatching(about)]);
    expect(refusals[0]?.fix).toMatch(/adoptExisting: true.*--force existing/);
  },
);

test.each(Object.entries(CASES))(
  "%s that is adopted is restored by a destroy",
  async (_title, { wanted, configure }) => {
    await configure();
    const before = user.state;
    const document = wanting(adopted(wanted));
    const { refusals } = await user.run(document);
    expect(refusals).toEqual([]);
    expect((await user.prepare(document)).plan.steps).toEqual([]);
    await user.run(document, "destroy");
    expect(user.state).toEqual(before);
  },
);

test("an untagged VLAN that somebody has configured is refused in a fabric too that gets another name", async () => {
  const made = (name: string): DesiredObject => at("fabric", fabric(name));
  await user.run(documentOf([made("ours")]));
  const [untagged] = (await list("fabrics/")).find(({ name }) => name === "ours")?.vlans as readonly ObjectJson[];
  await user.api.put(`vlans/${textOf(untagged?.id)}/`, [["mtu", "9000"]]);
  const { plan, refusals } = await user.prepare(documentOf([made("mine"), vlan("mine:0", { mtu: 1400 })]));
  expect(plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual(["update mine", "update mine:0"]);
  expect(refusals.map(({ id, about }) => [id, about])).toEqual([
    ["existing", [expect.stringMatching(/^VLAN mine:0 .*mtu = 9000/)]],
  ]);
});

test.each(Object.entries(CASES).filter(([, { wanted }]) => wanted.kind !== "vlan_dhcp"))(
  "%s is the run's own once it is on record, also of one that was cut off",
  async (_title, { wanted, configure }) => {
    const document = wanting(wanted);
    const prepared = await user.prepare(document);
    expect(prepared.refusals).toEqual([]);
    await configure();
    user.record = prepared.record.before;
    expect((await user.prepare(document)).refusals).toEqual([]);
  },
);

test("what is as MAAS makes it, or is where it is to be, needs no adoptExisting", async () => {
  for (const wanted of [vlan("lab:0", { mtu: 9000 }), dhcp("lab:0", "rack1"), nic("rack1/eth1", "lab:10")])
    expect((await user.prepare(wanting(wanted))).refusals).toEqual([]);
  await moveInterface();
  expect((await user.prepare(wanting(nic("rack1/eth1", "lab:20")))).refusals).toEqual([]);
});
