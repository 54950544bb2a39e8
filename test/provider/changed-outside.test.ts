import { textOf } from "../../lib/model/text";
import type { Attributes } from "../../lib/model/known";
import { ProviderUser } from "../support/provider-user";
import type { Kept } from "../support/provider-driver";

// Another VID from or to 0 means another VLAN. Where somebody else has changed it, the VLAN gets its own back in place.

let user: ProviderUser;
let fabric: Kept;

beforeAll(async () => {
  user = await ProviderUser.start({});
});

beforeEach(async () => {
  await user.reset();
  fabric = await user.provider.make("maas_fabric", { name: "lab" });
});

afterAll(() => user.stop());

/** A run of Terraform up to the plan of an object. */
async function nextPlan(type: string, config: Kept["state"], kept: Kept) {
  await user.nextRun();
  const read = await user.provider.read(type, kept);
  return { read, plan: await user.provider.plan(type, config ?? {}, read) };
}

const readPrivate = (kept: Kept): unknown => JSON.parse(new TextDecoder().decode(kept.private));

const renumber = (vlan: Kept, vid: number): Promise<unknown> =>
  user.api.put(`vlans/${textOf(vlan.state?.id)}/`, [["vid", String(vid)]]);

const untagged = async (): Promise<{ config: Attributes; vlan: Kept & { state: Attributes } }> => {
  const config = { fabric: textOf(fabric.state?.id), vid: 0, mtu: 9000 };
  return { config, vlan: await user.provider.make("maas_vlan", config) };
};

test("a default VLAN gets back the VID that somebody has changed, in place, and nothing is kept of that afterwards", async () => {
  const { config, vlan } = await untagged();
  await renumber(vlan, 20);
  const { read, plan } = await nextPlan("maas_vlan", config, vlan);
  expect(plan).toMatchObject({ told: [], requiresReplace: [], planned: { id: vlan.state.id, vid: 0 } });
  const after = await user.provider.make("maas_vlan", config, read);
  expect(after.state).toEqual(vlan.state);
  expect(readPrivate(after)).toEqual(readPrivate(vlan));
});

test("also after Terraform has written the present one into its state", async () => {
  const { config, vlan } = await untagged();
  await renumber(vlan, 20);
  const { read } = await nextPlan("maas_vlan", config, vlan);
  expect((await nextPlan("maas_vlan", config, read)).plan.requiresReplace).toEqual([]);
});

test("it is left alone where somebody has restored it, and nothing is kept of that", async () => {
  const { config, vlan } = await untagged();
  await renumber(vlan, 20);
  const { read } = await nextPlan("maas_vlan", config, vlan);
  await renumber(vlan, 0);
  const { read: again, plan } = await nextPlan("maas_vlan", config, read);
  expect(plan.planned).toMatchObject({ vid: 0 });
  expect(readPrivate(again)).toEqual(readPrivate(vlan));
});

test("a VLAN whose VID the configuration changes from or to 0 is another one", async () => {
  const config = { fabric: textOf(fabric.state?.id), vid: 10 };
  const vlan = await user.provider.make("maas_vlan", config);
  expect((await nextPlan("maas_vlan", { ...config, vid: 0 }, vlan)).plan.requiresReplace).toEqual(["vid"]);
});
