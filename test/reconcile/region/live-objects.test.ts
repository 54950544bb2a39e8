import { documentText } from "../../../lib/model/document";
import { DOCUMENT_KINDS } from "../../../lib/model/document/kinds";
import { readDocument } from "../../../lib/model/document/read";
import { KINDS } from "../../../lib/model/kinds";
import { textOf } from "../../../lib/model/text";
import { expressible } from "../../../src/export/expressible";
import { adoptingDocument, readRegion, select } from "../../../src/export/selection";
import { typescriptSource } from "../../../src/export/typescript-source";
import { ApiKey } from "../../../src/maas/api-key";
import { apiPath, ApiUrl } from "../../../src/maas/api-url";
import { MaasClient } from "../../../src/maas/client";
import type { ObjectJson } from "../../../src/maas/codec";
import { Snapshot } from "../../../src/maas/snapshot";
import { openRegion } from "../../../src/reconcile/kinds";
import { RegionObjects } from "../../../src/reconcile/region-objects";
import { type LiveObject, liveObjects, type ObjectRows } from "../../../src/reconcile/region/live-objects";
import { MaasSimulator } from "../../../src/simulator";
import type { Seed } from "../../../src/simulator/seed/notation";
import { EngineUser } from "../../support/engine";
import { documentOf } from "../engine/support/documents";
import { fabric, subnet, vlan } from "../engine/support/objects";

describe("live objects", () => {
  const SEED: Seed = {
    spaces: [{ name: "green", description: "ours" }],
    fabrics: [
      {
        ...{ name: "lab", class_type: "10g" },
        vlans: [
          { vid: 0, dhcp_on: true, primary_rack: "rack1", secondary_rack: "rack2" },
          { vid: 10, space: "green", mtu: 9000, name: "storage", relay_vlan: { fabric: "lab", vid: 0 } },
          { vid: 20 },
        ],
      },
    ],
    subnets: [
      { cidr: "10.20.0.0/24", fabric: "lab", vid: 0, gateway_ip: "10.20.0.1", dns_servers: ["10.20.0.2"] },
      { cidr: "2001:db8:20::/64", fabric: "lab", vid: 10, managed: false },
    ],
    ip_ranges: [
      { type: "dynamic", start_ip: "10.20.0.100", end_ip: "10.20.0.199", comment: "pool" },
      { type: "reserved", start_ip: "2001:db8:20:0:1::", end_ip: "2001:db8:20:0:1::ff" },
    ],
    racks: [
      {
        hostname: "rack1",
        system_id: "rack01",
        interfaces: [
          { name: "eth0", fabric: "lab", vid: 0 },
          { name: "eth1", fabric: "lab", vid: 10 },
        ],
      },
      { hostname: "rack2", system_id: "rack02", interfaces: [{ name: "eth0", fabric: "lab", vid: 0 }] },
    ],
    machines: [
      {
        ...{ hostname: "node1", system_id: "node01" },
        interfaces: [
          {
            ...{ name: "eth0", fabric: "lab", vid: 0 },
            links: [
              { mode: "STATIC", subnet: "10.20.0.0/24", ip_address: "10.20.0.9" },
              { mode: "AUTO", subnet: "10.20.0.0/24" },
              { mode: "DHCP" },
            ],
          },
        ],
      },
    ],
  };

  /** Everything that a region lists. */
  async function rowsOf(seed: Seed, maasVersion: string): Promise<ObjectRows> {
    const simulator = await MaasSimulator.start({ port: 0, seed, maasVersion });
    const client = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
    const snapshot = new Snapshot(client);
    try {
      return {
        fabrics: await snapshot.list("fabrics"),
        spaces: await snapshot.list("spaces"),
        subnets: await snapshot.list("subnets"),
        ipranges: await snapshot.list("ipranges"),
        rackcontrollers: await snapshot.list("rackcontrollers"),
        machines: await snapshot.list("machines"),
      };
    } finally {
      await client.close();
      await simulator.stop();
    }
  }

  let rows: ObjectRows;
  let objects: readonly LiveObject[];

  beforeAll(async () => {
    rows = await rowsOf(SEED, "3.6");
    objects = liveObjects(rows);
  });

  const find = (kind: string, key: string): LiveObject | undefined =>
    objects.find((object) => object.kind === kind && object.key === key);

  test("a region's objects have the keys that a document gives them", () => {
    const keys = objects.filter(({ key }) => !key.startsWith("fabric-")).map(({ kind, key }) => `${kind} ${key}`);
    expect(keys.sort()).toEqual(
      [
        "space green",
        "fabric lab",
        "vlan lab:0",
        "vlan_dhcp lab:0",
        "vlan lab:10",
        "vlan_dhcp lab:10",
        "vlan lab:20",
        "subnet 10.20.0.0/24",
        "subnet 2001:db8:20::/64",
        "ip_range 10.20.0.100-10.20.0.199 in 10.20.0.0/24",
        "ip_range 2001:db8:20:0:1::-2001:db8:20:0:1::ff in 2001:db8:20::/64",
        "rack_controller rack1",
        "rack_interface rack1/eth0",
        "rack_interface rack1/eth1",
        "rack_controller rack2",
        "rack_interface rack2/eth0",
        "machine node1",
        "network_interface_physical node1/52:54:00:00:00:04",
        "network_interface_link node1/eth0:10.20.0.9",
        "network_interface_link node1/eth0:10.20.0.0/24",
      ].sort(),
    );
  });

  test("every reference is the key of another object, and every attribute one that a document may have", () => {
    const names = new Set(objects.map(({ kind, key }) => `${kind} ${key}`));
    for (const { kind, attributes } of objects) {
      const { fields } = DOCUMENT_KINDS[kind];
      expect(fields.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(attributes)));
      for (const { name, references } of fields) {
        const value = attributes[name];
        if (references !== undefined && typeof value === "string") expect(names).toContain(`${references} ${value}`);
      }
    }
  });

  test("the pseudo-space of VLANs in none is no object, and such a VLAN has no space", () => {
    expect(rows.spaces.map(({ id }) => id)).toContain(-1);
    expect(objects.filter(({ kind }) => kind === "space").map(({ key }) => key)).toEqual(["green"]);
    expect(find("vlan", "lab:20")?.attributes.space).toBeNull();
    expect(find("vlan", "lab:10")?.attributes).toMatchObject({ space: "green", mtu: 9000, name: "storage" });
  });

  test("DHCP is an object of its own where a VLAN has it or is relayed, with the VLAN's id and the racks' names", () => {
    const served = find("vlan_dhcp", "lab:0");
    expect(served).toEqual({
      ...{ kind: "vlan_dhcp", key: "lab:0", id: find("vlan", "lab:0")?.id },
      attributes: {
        ...{ vlan: "lab:0", relay_vlan: null },
        ...{ primary_rack_controller: "rack1", secondary_rack_controller: "rack2" },
      },
    });
    expect(find("vlan_dhcp", "lab:10")?.attributes).toMatchObject({
      relay_vlan: "lab:0",
      primary_rack_controller: null,
    });
    expect(find("vlan_dhcp", "lab:20")).toBeUndefined();
  });

  test("a rack that was not read goes by its system id", () => {
    const alone = liveObjects({ ...rows, rackcontrollers: [] });
    expect(alone.find(({ kind }) => kind === "vlan_dhcp")?.attributes.primary_rack_controller).toBe("rack01");
  });

  test("what MAAS does not tell is left out, and none is null", () => {
    expect(find("fabric", "lab")?.attributes).toEqual({ name: "lab", class_type: "10g" });
    expect(find("vlan", "lab:10")?.attributes).not.toHaveProperty("description");
    expect(find("space", "green")?.attributes).toEqual({ name: "green", description: "ours" });
    expect(find("subnet", "2001:db8:20::/64")?.attributes).toMatchObject({
      ...{ vlan: "lab:10", managed: false, gateway_ip: null, dns_servers: [], description: "" },
    });
  });

  test("the interfaces of racks and the links of machines go by ids that hold their owner's", () => {
    expect(find("rack_interface", "rack1/eth1")?.id).toMatch(/^rack01\/\d+$/);
    expect(find("rack_interface", "rack1/eth1")?.attributes).toEqual({
      ...{ rack_controller: "rack1", name: "eth1", vlan: "lab:10" },
    });
    expect(find("network_interface_link", "node1/eth0:10.20.0.9")?.id).toMatch(/^node01\/\d+\/\d+$/);
    expect(find("machine", "node1")?.id).toBe("node01");
  });

  test("a link is known by its address where somebody chose that, else by its subnet; one without a subnet is none", () => {
    expect(find("network_interface_link", "node1/eth0:10.20.0.9")?.attributes).toMatchObject({
      ...{
        machine: "node1",
        network_interface: "eth0",
        subnet: "10.20.0.0/24",
        mode: "STATIC",
        ip_address: "10.20.0.9",
      },
    });
    expect(find("network_interface_link", "node1/eth0:10.20.0.0/24")?.attributes).toMatchObject({
      ...{ mode: "AUTO", ip_address: null },
    });
    expect(objects.filter(({ kind }) => kind === "network_interface_link")).toHaveLength(2);
  });

  test("an interface on no VLAN has none", () => {
    const [rack] = rows.rackcontrollers;
    const loose = { ...rack, interface_set: [{ id: 7, name: "eth9", system_id: "rack01", vlan: null }] };
    expect(liveObjects({ ...rows, rackcontrollers: [loose] })).toContainEqual({
      ...{ kind: "rack_interface", key: "rack1/eth9", id: "rack01/7" },
      attributes: { rack_controller: "rack1", name: "eth9", vlan: null },
    });
  });

  test.each(["3.4", "3.6"])("a VLAN that nobody has named has no name on MAAS %s", async (version) => {
    const read = liveObjects(await rowsOf({ fabrics: [{ name: "lab", vlans: [{ vid: 20 }] }] }, version));
    const found = read.filter(({ kind, key }) => kind === "vlan" && key.startsWith("lab:"));
    expect(found.map(({ key, attributes }) => [key, attributes.name])).toEqual([
      ["lab:0", null],
      ["lab:20", null],
    ]);
  });

  test("rows that were not asked for make no objects", () => {
    const none = { fabrics: [], spaces: [], subnets: [], ipranges: [], rackcontrollers: [], machines: [] };
    expect(liveObjects(none)).toEqual([]);
  });
});

describe("default vlan", () => {
  jest.setTimeout(60_000);

  /** A fabric of this name whose default VLAN has VID 40. */
  async function withDefaultVlan40(user: EngineUser, name: string): Promise<{ fabric: string; vlan: string }> {
    const made = (await user.api.post("fabrics/", [["name", name]])) as ObjectJson;
    const [first] = made.vlans as ObjectJson[];
    const id = textOf(first?.id);
    await user.api.put(apiPath`vlans/${id}/`, [["vid", "40"]]);
    return { fabric: textOf(made.id), vlan: id };
  }

  const fabricNames = async (user: EngineUser): Promise<string[]> =>
    ((await user.api.get("fabrics/")) as ObjectJson[]).map(({ name }) => textOf(name)).sort();

  const vidsOf = async (user: EngineUser, id: string): Promise<number[]> => {
    const { vlans } = (await user.api.get(apiPath`fabrics/${id}/`)) as ObjectJson;
    return (vlans as ObjectJson[]).map(({ vid }) => Number(vid)).sort((a, b) => a - b);
  };

  describe.each(["3.4", "3.6", "3.7"])("a default VLAN with the VID 40 on MAAS %s", (version) => {
    let user: EngineUser;

    beforeEach(async () => {
      user = await EngineUser.start({}, version);
    });

    afterEach(() => user.stop());

    const exported = async (only: string) => {
      const region = await readRegion(user.api, { machines: false });
      return { region, selection: expressible(select(region.objects, [only])) };
    };

    test("is exported with its fabric, deployed without a change, and given back by a destroy", async () => {
      const { vlan: id } = await withDefaultVlan40(user, "lab");
      await user.api.post("subnets/", [
        ["cidr", "10.9.0.0/24"],
        ["vlan", id],
      ]);
      const { selection } = await exported("lab");
      const document = readDocument(documentText(adoptingDocument(selection, user.simulator.url)));
      const before = user.state;
      expect((await user.run(document)).plan.steps).toEqual([]);
      expect((await user.run(document, "destroy")).plan.steps).toEqual([]);
      expect(user.state).toEqual(before);
    });

    test("goes with the fabric that a run made, when somebody has given it that VID meanwhile", async () => {
      const before = user.state;
      const document = documentOf([fabric("lab"), vlan("lab:0", { mtu: 9000 }), vlan("lab:10")]);
      await user.run(document);
      const lab = ((await user.api.get("fabrics/")) as ObjectJson[]).find(({ name }) => name === "lab");
      const [first] = [...(lab?.vlans as ObjectJson[])].sort((a, b) => Number(a.id) - Number(b.id));
      await user.api.put(apiPath`vlans/${textOf(first?.id)}/`, [["vid", "40"]]);
      await user.run(document, "destroy");
      expect(user.state).toEqual(before);
    });

    test("is taken over by a document that makes VID 40, and one of VID 0 beside it is made and deleted", async () => {
      const { fabric: lab, vlan: id } = await withDefaultVlan40(user, "lab");
      const theirs = documentOf([vlan("lab:40", { mtu: 9000 }), vlan("lab:0"), subnet("10.9.0.0/24", "lab:0")], {
        fabric: ["lab"],
      });
      const { refusals } = await user.run(theirs);
      expect(refusals).toEqual([]);
      expect(await vidsOf(user, lab)).toEqual([0, 40]);
      expect(await user.api.get(apiPath`vlans/${id}/`)).toMatchObject({ vid: 40, mtu: 9000 });
      await user.run(theirs, "destroy");
      expect(await vidsOf(user, lab)).toEqual([40]);
      expect(await user.api.get(apiPath`vlans/${id}/`)).toMatchObject({ vid: 40, mtu: 1500 });
    });

    test("is adopted and left by the operations that the provider uses; VID 0 beside it is made and deleted", async () => {
      const { fabric: lab, vlan: id } = await withDefaultVlan40(user, "lab");
      const objects = new RegionObjects(openRegion(user.api));
      const adopted = await objects.create(KINDS.vlan, { fabric: lab, vid: 40, mtu: 9000 }, false);
      expect(adopted.live).toMatchObject({ id, vid: 40, mtu: 9000 });
      expect(adopted.original).toMatchObject({ mtu: 1500 });
      const made = await objects.create(KINDS.vlan, { fabric: lab, vid: 0 }, false);
      expect(made.original).toBeUndefined();
      await objects.remove(KINDS.vlan, textOf(made.live.id), made.live, {});
      // As after an import, which knows of no former state.
      await objects.remove(KINDS.vlan, id, adopted.live, {});
      expect(await vidsOf(user, lab)).toEqual([40]);
      expect(await fabricNames(user)).toContain("lab");
    });

    test("is what fabric:untagged and untagged_vlan mean, until there is a VID 0", async () => {
      const { fabric: lab, vlan: id } = await withDefaultVlan40(user, "lab");
      const objects = new RegionObjects(openRegion(user.api));
      expect(await objects.resolve("vlan", "lab:untagged")).toBe(id);
      expect(await objects.read(KINDS.fabric, lab)).toMatchObject({ untagged_vlan: id });
      const { live } = await objects.create(KINDS.vlan, { fabric: lab, vid: 0 }, false);
      expect(await objects.resolve("vlan", "lab:untagged")).toBe(textOf(live.id));
      expect(await objects.read(KINDS.fabric, lab)).toMatchObject({ untagged_vlan: id });
    });

    test("is written in an exported app by its VID, and an idle VID 0 beside it is written too", async () => {
      const { fabric: lab, vlan: id } = await withDefaultVlan40(user, "lab");
      const { id: other } = (await user.api.post(apiPath`fabrics/${lab}/vlans/`, [["vid", "0"]])) as ObjectJson;
      const { selection } = await exported("lab");
      const source = typescriptSource(selection, { apiUrl: user.simulator.url, stackName: "lab", leftOut: [] });
      expect(source).toContain(`vid: 40 }).importFrom("${id}")`);
      expect(source).toContain(`vid: 0, mtu: 1500 }).importFrom("${textOf(other)}")`);
    });
  });
});
