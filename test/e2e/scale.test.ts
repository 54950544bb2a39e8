import type { ObjectJson } from "../../src/maas/codec";
import {
  expectAsBefore,
  inventory,
  isSharedRegion,
  type OwnNames,
  ownNames,
  startRegion,
  type TestRegion,
} from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

/** How many subnets of others are in the region: a shared one has a crowd of its own. */
const CROWD = isSharedRegion ? 50 : 2000;

/** The last group of a network. Those of the crowd come after all others. */
const group = (index: number): string => (0x1000 + index).toString(16);

/** A stack of subnets, each with a dynamic and a reserved range, spread over a few VLANs. */
function stackOf(subnets: number, { prefix, v6 }: OwnNames): Configuration {
  const numbers = Array.from({ length: subnets }, (_, index) => index);
  const vlans = [...new Set(numbers.map((index) => index % 10))];
  const range = (index: number, type: string, from: number): Configuration => ({
    subnet: `\${maas_subnet.s${index}.id}`,
    type,
    start_ip: `${v6(group(index))}${from}::`,
    end_ip: `${v6(group(index))}${from}::ffff`,
  });
  const byName = (of: readonly number[], name: string, make: (index: number) => Configuration): Configuration =>
    Object.fromEntries(of.map((index) => [`${name}${index}`, make(index)]));
  return {
    resource: {
      maas_fabric: { big: { name: prefix } },
      maas_vlan: byName(vlans, "v", (index) => ({ fabric: "${maas_fabric.big.id}", vid: 100 + index })),
      maas_subnet: byName(numbers, "s", (index) => ({
        vlan: `\${maas_vlan.v${index % 10}.id}`,
        cidr: `${v6(group(index))}:/64`,
      })),
      maas_subnet_ip_range: {
        ...byName(numbers, "pool", (index) => range(index, "dynamic", 1)),
        ...byName(numbers, "kept", (index) => range(index, "reserved", 2)),
      },
    },
  };
}

suite("the number of API calls", () => {
  let region: TestRegion;
  let before: Record<string, unknown[]>;
  const workspaces: Workspace[] = [];

  const workspaceOf = async (configuration: Configuration): Promise<Workspace> => {
    const workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    workspaces.push(workspace);
    workspace.write(configuration);
    await workspace.init();
    return workspace;
  };
  const seen = (method: string): string[] =>
    region
      .requests()
      .filter((request) => request.method === method)
      .map(({ path }) => path);

  beforeAll(async () => {
    region = await startRegion();
    before = await inventory(region.api);
  });
  afterAll(async () => {
    for (const workspace of workspaces) workspace.remove();
    await region.stop();
  });

  test("of 100 subnets with 200 ranges: one POST an object, and at most 30 GETs for a refresh", async () => {
    const names = ownNames();
    const workspace = await workspaceOf(stackOf(100, names));
    region.forget();
    await workspace.apply();
    expect(seen("POST")).toHaveLength(1 + 10 + 100 + 200);
    expect(seen("PUT")).toEqual([]);
    region.forget();
    expect(await workspace.plan()).toEqual([]);
    expect(seen("GET").length).toBeLessThanOrEqual(30);
    region.forget();
    await workspace.destroy();
    expect(seen("DELETE")).toHaveLength(1 + 10 + 100 + 200);
    // What MAAS deletes along is listed once in the plan and once in the apply, whatever the size of the stack.
    expect(seen("GET").length).toBeLessThanOrEqual(30 + 2 * 20);
    await expectAsBefore(region, before, names.prefix);
  });

  test(`of 5 subnets in a region of ${CROWD} more never lists the subnets or the ranges`, async () => {
    const names = ownNames();
    const fabric = (await region.api.post("fabrics/", [["name", `${names.prefix}-crowd`]])) as {
      id: number;
      vlans: ObjectJson[];
    };
    const vlan = String(fabric.vlans[0]?.id);
    const crowd = Array.from({ length: CROWD }, (_, index) => `${names.v6(group(0x1000 + index))}:/64`);
    const made: unknown[] = [];
    for (let from = 0; from < crowd.length; from += 50) {
      const batch = crowd.slice(from, from + 50).map((cidr) => [["cidr", cidr] as const, ["vlan", vlan] as const]);
      made.push(...(await Promise.all(batch.map((form) => region.api.post("subnets/", form)))));
    }
    const workspace = await workspaceOf(stackOf(5, names));
    region.forget();
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    const lists = (): string[] => seen("GET").filter((path) => /\/(subnets|ipranges)\/(\?.*)?$/.test(path));
    expect(lists()).toEqual([]);
    // What MAAS deletes along with an object, it tells only in lists: one of each in the plan and one in the apply.
    await workspace.destroy();
    expect(lists().length).toBeLessThanOrEqual(4);

    for (const { id } of made as { id: number }[]) await region.api.delete(`subnets/${id}/`);
    await region.api.delete(`fabrics/${fabric.id}/`);
    await expectAsBefore(region, before, names.prefix);
  });
});
