import { documentText } from "../../lib/model/document";
import { readDocument } from "../../lib/model/document/read";
import { textOf } from "../../lib/model/text";
import { expressible } from "../../src/export/expressible";
import { adoptingDocument } from "../../src/export/network-document";
import { readRegion } from "../../src/export/read-region";
import { select } from "../../src/export/selection";
import { typescriptSource } from "../../src/export/typescript-source";
import { apiPath } from "../../src/maas/api-path";
import type { ObjectJson } from "../../src/maas/codec";
import { Snapshot } from "../../src/maas/snapshot";
import { RegionObjects } from "../../src/reconcile/region-objects";
import { documentOf } from "./engine/support/documents";
import { fabric, subnet, vlan } from "./engine/support/objects";
import { KINDS } from "../../lib/model/kinds";
import { EngineUser } from "../support/engine";

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
    const objects = new RegionObjects({ client: user.api, snapshot: new Snapshot(user.api) });
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
    const objects = new RegionObjects({ client: user.api, snapshot: new Snapshot(user.api) });
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
    expect(source).toContain(`vid: 0 }).importFrom("${textOf(other)}")`);
  });
});
