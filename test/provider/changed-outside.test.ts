import { textOf } from "../../lib/model/text";
import type { ObjectJson } from "../../src/maas/codec";
import { ProviderUser } from "../support/provider-user";
import type { Kept } from "../support/provider-driver";

// Another CIDR means another subnet, and another VID than 0 another VLAN. What somebody else has changed so is no other one: the
// object gets its own value back in place, with all that is in it.

const SUBNET = { cidr: "10.1.0.0/24", vlan: "lab:0" };
const THEIRS = "10.8.0.0/24";

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

describe("a subnet whose CIDR somebody has changed", () => {
  let subnet: Kept;

  const change = (id: unknown, cidr: string): Promise<unknown> =>
    user.api.put(`subnets/${textOf(id)}/`, [["cidr", cidr]]);
  const cidrs = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      ((await user.api.get("subnets/")) as ObjectJson[]).map(({ id, cidr }) => [textOf(id), cidr] as const),
    );

  beforeEach(async () => {
    subnet = await user.provider.make("maas_subnet", SUBNET);
    await change(subnet.state?.id, THEIRS);
  });

  test("gets it back in place, and nothing is kept of that afterwards", async () => {
    const { read, plan } = await nextPlan("maas_subnet", SUBNET, subnet);
    expect(plan).toMatchObject({ told: [], requiresReplace: [], planned: { id: subnet.state?.id, cidr: SUBNET.cidr } });
    const after = await user.provider.make("maas_subnet", SUBNET, read);
    expect(after.state).toMatchObject({ id: subnet.state?.id, cidr: SUBNET.cidr, name: SUBNET.cidr });
    expect(readPrivate(after)).toEqual(readPrivate(subnet));
  });

  test("gets it back also after Terraform has written the present one into its state", async () => {
    const { read } = await nextPlan("maas_subnet", SUBNET, subnet);
    const { plan } = await nextPlan("maas_subnet", SUBNET, read);
    expect(plan.requiresReplace).toEqual([]);
  });

  test("is another one where the configuration has a third CIDR", async () => {
    const { plan } = await nextPlan("maas_subnet", { ...SUBNET, cidr: "10.3.0.0/24" }, subnet);
    expect(plan.requiresReplace).toEqual(["cidr"]);
  });

  test("is another one while another subnet has its CIDR", async () => {
    const other = await user.provider.make("maas_subnet", { ...SUBNET, cidr: "10.2.0.0/24" });
    await change(other.state?.id, SUBNET.cidr);
    const { plan } = await nextPlan("maas_subnet", SUBNET, subnet);
    expect(plan.requiresReplace).toEqual(["cidr"]);
  });

  test("is left alone where somebody has restored it, and nothing is kept of that", async () => {
    const { read } = await nextPlan("maas_subnet", SUBNET, subnet);
    await change(subnet.state?.id, SUBNET.cidr);
    const { read: again, plan } = await nextPlan("maas_subnet", SUBNET, read);
    expect(plan.planned).toMatchObject({ cidr: SUBNET.cidr });
    expect(readPrivate(again)).toEqual(readPrivate(subnet));
    expect(await cidrs()).toEqual({ [textOf(subnet.state?.id)]: SUBNET.cidr });
  });
});

test("a default VLAN gets back the VID that somebody has changed, in place", async () => {
  const config = { fabric: textOf(fabric.state?.id), vid: 0, mtu: 9000 };
  const vlan = await user.provider.make("maas_vlan", config);
  await user.api.put(`vlans/${textOf(vlan.state?.id)}/`, [["vid", "20"]]);
  const { read, plan } = await nextPlan("maas_vlan", config, vlan);
  expect(plan).toMatchObject({ told: [], requiresReplace: [] });
  const after = await user.provider.make("maas_vlan", config, read);
  expect(after.state).toEqual(vlan.state);
});

test("a VLAN whose VID the configuration changes from or to 0 is another one", async () => {
  const config = { fabric: textOf(fabric.state?.id), vid: 10 };
  const vlan = await user.provider.make("maas_vlan", config);
  expect((await nextPlan("maas_vlan", { ...config, vid: 0 }, vlan)).plan.requiresReplace).toEqual(["vid"]);
});
