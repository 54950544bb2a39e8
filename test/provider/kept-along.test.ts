import type { Attributes } from "../../lib/model/known";
import { textOf } from "../../lib/model/text";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import type { Kept } from "../support/provider-driver";
import { ProviderUser } from "../support/provider-user";

jest.setTimeout(60_000);

// What goes along with a subnet or a device, and is of the configuration that keeps it.

const CIDR = "10.9.0.0/24";
const [RECORD, SUBNET, DEVICE] = ["maas_dns_record", "maas_subnet", "maas_device"];
const WWW = { type: "A/AAAA", name: "www", domain: "maas", data: "10.9.0.5 10.7.0.5" };

let user: ProviderUser;
let api: MaasClient;
let provider: ProviderUser["provider"];

beforeEach(async () => {
  user = await ProviderUser.start({ fabrics: [{ name: "lab" }] });
  ({ api, provider } = user);
  await nextRun();
});

afterEach(() => user.stop());

const nextRun = (): Promise<void> => user.nextRun();

type Made = Kept & { readonly state: Attributes };

/** Both objects of a state, and the run after that which made them. */
async function made(record: Attributes, turns: Attributes = {}): Promise<{ subnet: Made; record: Made }> {
  const subnet = await provider.make(SUBNET, { vlan: "lab:0", cidr: CIDR, ...turns });
  const both = { subnet, record: await provider.make(RECORD, record) };
  await nextRun();
  await provider.read(SUBNET, both.subnet);
  await provider.read(RECORD, both.record);
  return both;
}

const addresses = async (): Promise<unknown[]> =>
  ((await api.get("dnsresources/")) as ObjectJson[]).flatMap((row) =>
    (row.ip_addresses as ObjectJson[]).map(({ ip }) => ip),
  );

const ONE = { ...WWW, data: "10.9.0.5" };

test("a record that the configuration keeps is named in the plan of a destroy, and the apply is refused", async () => {
  const { subnet, record } = await made(ONE);
  const [told] = await Promise.all([provider.planDestroy(SUBNET, subnet), provider.plan(RECORD, ONE, record)]);
  expect(told).toMatchObject([
    { severity: "warning", summary: `Deleting the subnet ${CIDR} affects what the configuration keeps` },
  ]);
  expect(told[0]?.detail).toContain("MAAS deletes with it: DNS record www.maas to 10.9.0.5.");
  expect(told[0]?.detail).toContain("The destroy will be refused. Replace them in the same run (-replace=ADDRESS)");
  await nextRun();
  // A change of its own is no reason to lose it.
  const changed = await provider.make(RECORD, { ...ONE, ttl: 60 }, record);
  expect(changed.state.ttl).toBe(60);
  expect(await provider.destroy(SUBNET, subnet)).toMatchObject([
    {
      severity: "error",
      summary: expect.stringContaining("MAAS would delete with it what this run does not destroy") as unknown,
    },
  ]);
  expect(await addresses()).toEqual(["10.9.0.5"]);
});

test("a forced destroy says that the next plan makes the record again, and so does one that takes one of its addresses", async () => {
  const forced = await made(ONE, { force_destroy: true });
  const [told] = await Promise.all([
    provider.planDestroy(SUBNET, forced.subnet),
    provider.plan(RECORD, ONE, forced.record),
  ]);
  expect(told[0]?.detail).toContain("The next plan would make them again.");
  const both = await provider.make(RECORD, WWW, forced.record);
  await nextRun();
  await provider.read(RECORD, both);
  const [again] = await Promise.all([provider.planDestroy(SUBNET, forced.subnet), provider.plan(RECORD, WWW, both)]);
  expect(again[0]?.detail).toContain(
    "MAAS takes away from these their reference to it: DNS record www.maas to 10.9.0.5",
  );
});

test("a subnet that is replaced names the record beside it that is not", async () => {
  const { subnet, record } = await made(ONE);
  const config = { vlan: "lab:0", cidr: "10.9.0.0/23" };
  const [plan] = await Promise.all([provider.plan(SUBNET, config, subnet), provider.plan(RECORD, ONE, record)]);
  expect(plan.requiresReplace).toEqual(["cidr"]);
  expect(plan.told.map(({ summary }) => summary)).toContain(
    `Deleting the subnet ${CIDR} affects what the configuration keeps`,
  );
});

test("what the run destroys itself is neither warned of nor in the way", async () => {
  const { subnet, record } = await made(ONE);
  const plans = await Promise.all([provider.planDestroy(SUBNET, subnet), provider.planDestroy(RECORD, record)]);
  expect(plans).toEqual([[], []]);
  await nextRun();
  const done = await Promise.all([provider.destroy(SUBNET, subnet), provider.destroy(RECORD, record)]);
  expect([done, await addresses()]).toEqual([[[], []], []]);
});

test("a device with a link and a record of somebody else is destroyed only with force_destroy", async () => {
  await provider.make(SUBNET, { vlan: "lab:0", cidr: CIDR });
  const config = { hostname: "ups", network_interfaces: [{ mac_address: "52:54:00:00:04:01" }] };
  const device = await provider.make(DEVICE, config);
  const [row] = (await api.get("devices/")) as ObjectJson[];
  const [nic] = row?.interface_set as ObjectJson[];
  const [subnet] = (await api.get("subnets/")) as ObjectJson[];
  const path = `nodes/${textOf(row?.system_id)}/interfaces/${textOf(nic?.id)}/`;
  await api.put(path, [["vlan", textOf((subnet?.vlan as ObjectJson).id)]]);
  const form = [
    ["mode", "STATIC"],
    ["subnet", textOf(subnet?.id)],
    ["ip_address", "10.9.0.9"],
  ] as const;
  await api.post(path, form, { op: "link_subnet" });
  await api.post("dnsresources/", [
    ["fqdn", "page.maas"],
    ["ip_addresses", "10.9.0.9"],
  ]);
  await nextRun();
  const planned = await provider.planDestroy(DEVICE, device);
  expect(planned[0]?.detail).toMatch(
    /MAAS deletes with it: 10\.9\.0\.9 of ups \(\S+\); DNS record page\.maas to 10\.9\.0\.9\./,
  );
  expect(await provider.destroy(DEVICE, device)).toMatchObject([{ severity: "error" }]);
  expect(await api.get("devices/")).toHaveLength(1);
  const forced = await provider.make(DEVICE, { ...config, force_destroy: true }, device);
  expect(await provider.destroy(DEVICE, forced)).toEqual([]);
  expect([await api.get("devices/"), await addresses()]).toEqual([[], []]);
});

test("a fabric whose subnet the same run moves away is told not to go before it", async () => {
  const fabric = await provider.make("maas_fabric", { name: "gone" });
  const config = { cidr: CIDR, vlan: "gone:0" };
  const subnet = await provider.make(SUBNET, config);
  await nextRun();
  const move = async (): Promise<unknown> => {
    await provider.read(SUBNET, subnet);
    return provider.plan(SUBNET, { ...config, vlan: "lab:0" }, subnet);
  };
  // Terraform plans what has left the configuration at once, before it has read what else is in the state.
  const [told] = await Promise.all([provider.planDestroy("maas_fabric", fabric), move()]);
  expect(told).toMatchObject([
    { severity: "warning", summary: "Deleting the fabric gone affects what the configuration keeps" },
  ]);
  expect(told[0]?.detail).toContain(`MAAS refuses while these are in it: subnet ${CIDR}.`);
  expect(told[0]?.detail).toContain(
    "Keep it in the configuration until the rest is moved: apply, remove it, apply again.",
  );
});
