import type { ObjectJson } from "../../src/maas/codec";
import { isRealRegion, onSimulatorOnly, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(300_000);

const suite = describeWithTerraform();

/** A stack of subnets, each with a dynamic and a reserved range, spread over a few VLANs. */
function stackOf(subnets: number, second: number): Configuration {
  const numbers = Array.from({ length: subnets }, (_, index) => index);
  const vlans = [...new Set(numbers.map((index) => index % 10))];
  const range = (index: number, type: string, from: number, to: number): Configuration => ({
    subnet: `\${maas_subnet.s${index}.id}`,
    type,
    start_ip: `10.${second}.${index}.${from}`,
    end_ip: `10.${second}.${index}.${to}`,
  });
  const byName = (of: readonly number[], name: string, make: (index: number) => Configuration): Configuration =>
    Object.fromEntries(of.map((index) => [`${name}${index}`, make(index)]));
  return {
    resource: {
      maas_fabric: { big: { name: `stack-${second}` } },
      maas_vlan: byName(vlans, "v", (index) => ({ fabric: "${maas_fabric.big.id}", vid: 100 + index })),
      maas_subnet: byName(numbers, "s", (index) => ({
        vlan: `\${maas_vlan.v${index % 10}.id}`,
        cidr: `10.${second}.${index}.0/24`,
      })),
      maas_subnet_ip_range: {
        ...byName(numbers, "pool", (index) => range(index, "dynamic", 100, 199)),
        ...byName(numbers, "kept", (index) => range(index, "reserved", 2, 9)),
      },
    },
  };
}

suite("the number of API calls", () => {
  let region: TestRegion;
  const workspaces: Workspace[] = [];

  const workspaceOf = async (configuration: Configuration): Promise<Workspace> => {
    const workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    workspaces.push(workspace);
    workspace.write(configuration);
    await workspace.init();
    return workspace;
  };
  const seen = (method: string): string[] =>
    (region.requests() ?? []).filter((request) => request.method === method).map(({ path }) => path);

  beforeAll(async () => {
    if (!isRealRegion) region = await startRegion();
  });
  afterAll(async () => {
    for (const workspace of workspaces) workspace.remove();
    if (!isRealRegion) await region.stop();
  });

  onSimulatorOnly("of 200 subnets with 400 ranges: one POST an object, and at most 30 GETs for a refresh", async () => {
    const workspace = await workspaceOf(stackOf(200, 60));
    region.forget();
    await workspace.apply();
    expect(seen("POST")).toHaveLength(1 + 10 + 200 + 400);
    expect(seen("PUT")).toEqual([]);
    region.forget();
    expect(await workspace.plan()).toEqual([]);
    expect(seen("GET").length).toBeLessThanOrEqual(30);
    region.forget();
    await workspace.destroy();
    expect(seen("DELETE")).toHaveLength(1 + 10 + 200 + 400);
    expect(seen("GET").length).toBeLessThanOrEqual(30);
  });

  onSimulatorOnly("of 5 subnets in a region of 2,000 never lists the subnets or the ranges", async () => {
    const fabric = (await region.api.post("fabrics/", [["name", "crowd"]])) as { vlans: ObjectJson[] };
    const vlan = String(fabric.vlans[0]?.id);
    const crowd = Array.from({ length: 2000 }, (_, index) => `172.${16 + (index >> 8)}.${index & 255}.0/24`);
    for (let from = 0; from < crowd.length; from += 50) {
      const batch = crowd.slice(from, from + 50);
      await Promise.all(
        batch.map((cidr) =>
          region.api.post("subnets/", [
            ["cidr", cidr],
            ["vlan", vlan],
          ]),
        ),
      );
    }
    const workspace = await workspaceOf(stackOf(5, 61));
    region.forget();
    await workspace.apply();
    expect(await workspace.plan()).toEqual([]);
    await workspace.destroy();
    const lists = seen("GET").filter((path) => /\/(subnets|ipranges)\/(\?.*)?$/.test(path));
    expect(lists).toEqual([]);
  });
});
