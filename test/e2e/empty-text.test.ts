import type { ObjectJson } from "../../src/maas/codec";
import { lentInterface, onLentInterface, ownNames, rackOf, startRegion, type TestRegion } from "../support/region";
import { type Configuration, describeWithTerraform, Workspace } from "../support/terraform";

jest.setTimeout(180_000);

const suite = describeWithTerraform();

suite("empty text, through real Terraform", () => {
  const names = ownNames();
  const base = names.v4(0);
  let region: TestRegion;
  let workspace: Workspace;
  let rack: string;

  /** Every attribute that can be empty, of every kind, each as given. */
  const write = (
    text: (filled: string) => string | null,
    space: string | null = text("${maas_space.s.name}"),
  ): void => {
    const hidden = text("by hand\n");
    const dhcp = { vlan: "${maas_vlan.v.id}", ip_ranges: ["${maas_subnet_ip_range.r.id}"] };
    const resource: Record<string, Configuration> = {
      maas_fabric: { f: { name: `${names.prefix}-f`, description: hidden } },
      maas_space: { s: { name: `${names.prefix}-s`, description: text("  by hand ") } },
      maas_vlan: {
        v: { fabric: "${maas_fabric.f.id}", vid: 60, name: text("sixty"), description: hidden, space },
        w: { fabric: "${maas_fabric.f.id}", vid: 61 },
      },
      maas_subnet: {
        s: {
          ...{ cidr: `${base}.0/24`, vlan: "${maas_vlan.v.id}" },
          ...{ description: text("by hand"), gateway_ip: text(`${base}.1`) },
        },
      },
      maas_subnet_ip_range: {
        r: { subnet: "${maas_subnet.s.id}", type: "dynamic", start_ip: `${base}.100`, end_ip: `${base}.110` },
      },
    };
    const nic = lentInterface();
    if (nic !== undefined) {
      resource.maas_rack_interface = {
        n: { rack_controller: rack, name: nic.name, vlan: "${maas_vlan.v.id}" },
      };
      const served = { primary_rack_controller: rack, secondary_rack_controller: "", relay_vlan: "" };
      const depends_on = ["maas_rack_interface.n"];
      resource.maas_vlan_dhcp = {
        served: { ...dhcp, ...served, depends_on },
        relayed: { vlan: "${maas_vlan.w.id}", primary_rack_controller: "", relay_vlan: "${maas_vlan.v.id}" },
      };
    }
    workspace.write({ resource });
  };

  const nextPlan = async (): Promise<number> =>
    (await workspace.terraform(["plan", "-detailed-exitcode", "-no-color"])).code;

  const live = async (address: string, path: string): Promise<ObjectJson> => {
    const id = String((await workspace.state())[address]?.id);
    return (await region.api.get(`${path}/${id}/`)) as ObjectJson;
  };

  beforeAll(async () => {
    region = await startRegion();
    rack = await rackOf(region, lentInterface());
    workspace = new Workspace({ MAAS_API_URL: region.urls[0], MAAS_API_KEY: region.apiKey });
    write(() => "");
    await workspace.init();
  });

  afterAll(async () => {
    await workspace.terraform(["destroy", "-auto-approve", "-no-color"]);
    workspace.remove();
    await region.stop();
  });

  onLentInterface(
    "makes objects without, fills them, empties them, and no next plan finds anything to do",
    async () => {
      await workspace.apply();
      expect(await nextPlan()).toBe(0);

      write((filled) => filled);
      await workspace.apply();
      expect(await nextPlan()).toBe(0);
      expect(await live("maas_vlan.v", "vlans")).toMatchObject({ name: "sixty", space: `${names.prefix}-s` });
      expect(await live("maas_space.s", "spaces")).toMatchObject({ description: "by hand" });
      expect(await live("maas_subnet.s", "subnets")).toMatchObject({ description: "by hand", gateway_ip: `${base}.1` });

      write(() => "", "undefined");
      await workspace.apply();
      expect(await nextPlan()).toBe(0);
      expect(await live("maas_vlan.v", "vlans")).toMatchObject({ name: null, space: "undefined", dhcp_on: true });
      expect(await live("maas_space.s", "spaces")).toMatchObject({ description: "" });
      expect(await live("maas_subnet.s", "subnets")).toMatchObject({ description: "", gateway_ip: null });
      // Terraform wants an attribute that is never read back to be null where the configuration has none.
      write(() => null);
      const changes = (await workspace.plan()).map(({ address }) => address);
      expect(changes.sort()).toEqual(["maas_fabric.f", "maas_vlan.v"]);
      region.forget();
      await workspace.apply();
      expect(region.requests().filter(({ method }) => method !== "GET")).toEqual([]);
      expect(await nextPlan()).toBe(0);
    },
  );
});
