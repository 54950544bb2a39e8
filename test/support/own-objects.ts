import { apiPath } from "../../src/maas/api-url";
import type { MaasClient } from "../../src/maas/client";
import type { ObjectJson } from "../../src/maas/codec";
import type { Nic } from "./region";

const list = async (api: MaasClient, path: string): Promise<readonly ObjectJson[]> =>
  (await api.get(path)) as readonly ObjectJson[];

/** Deletes what a failed test has left: fabrics with all that is on them, and spaces, whose names begin so. */
export async function removeOwn(api: MaasClient, prefix: string): Promise<void> {
  const isOwn = ({ name }: ObjectJson): boolean => String(name).startsWith(prefix);
  const fabrics = (await list(api, "fabrics/")).filter(isOwn);
  const vlans = fabrics.flatMap(({ vlans: ofFabric }) => ofFabric as ObjectJson[]);
  for (const { id } of vlans.filter(({ dhcp_on }) => dhcp_on === true)) {
    await api.put(apiPath`vlans/${String(id)}/`, [["dhcp_on", "false"]]);
  }
  const ids = new Set(vlans.map(({ id }) => id));
  const subnets = fabrics.length === 0 ? [] : await list(api, "subnets/");
  for (const { id } of subnets.filter(({ vlan }) => ids.has((vlan as ObjectJson).id))) {
    await api.delete(apiPath`subnets/${String(id)}/`, { force: "true" });
  }
  for (const { id } of fabrics) await api.delete(apiPath`fabrics/${String(id)}/`);
  for (const { id } of (await list(api, "spaces/")).filter(isOwn)) await api.delete(apiPath`spaces/${String(id)}/`);
}

/** Where the interface is now, as something that puts it back there. */
export async function placeOf(api: MaasClient, { rack, name }: Nic): Promise<() => Promise<void>> {
  const find = async (): Promise<{ path: string; vlan: unknown }> => {
    const owner = (await list(api, "rackcontrollers/")).find(({ hostname }) => hostname === rack);
    const nic = ((owner?.interface_set ?? []) as ObjectJson[]).find((it) => it.name === name);
    if (nic === undefined) throw new Error(`the region has no rack interface ${rack}/${name}`);
    const path = apiPath`nodes/${String(owner?.system_id)}/interfaces/${String(nic.id)}/`;
    return { path, vlan: (nic.vlan as ObjectJson | null)?.id ?? "" };
  };
  const before = await find();
  return async () => {
    if ((await find()).vlan !== before.vlan) await api.put(before.path, [["vlan", String(before.vlan)]]);
  };
}
