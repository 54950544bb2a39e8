import { documentText } from "../../../lib/model/document";
import { readDocument } from "../../../lib/model/document/read";
import { textOf } from "../../../lib/model/text";
import { apiPath } from "../../../src/maas/api-url";
import type { ObjectJson } from "../../../src/maas/codec";
import { openRegion } from "../../../src/reconcile/kinds";
import { runSession } from "../../../src/reconcile/engine/run/session";
import { asRead, EngineUser } from "../../support/engine";
import { documentOf } from "./support/documents";
import { Life } from "./support/life";
import { adopted, fabric, range, space, subnet, vlan } from "./support/objects";

jest.setTimeout(60_000);

const V4 = "10.9.0.0/24";
const OBJECTS = [
  ...[space("green"), fabric("lab"), vlan("lab:0", { mtu: 9000, space: "green" }), vlan("lab:10", { space: "green" })],
  ...[subnet(V4, "lab:10"), range(V4, "reserved", "10.9.0.10-10.9.0.19", { comment: "ours" })],
];

describe.each(["3.4", "3.6", "3.7.3"])("what a run owns on MAAS %s", (version) => {
  let user: EngineUser;

  beforeAll(async () => {
    user = await EngineUser.start({}, version);
  });

  beforeEach(() => user.reset());

  afterAll(() => user.stop());

  const list = async (path: string): Promise<ObjectJson[]> => (await user.api.get(path)) as ObjectJson[];
  const named = async (path: string, name: string): Promise<string> =>
    textOf((await list(path)).find((row) => row.name === name)?.id);

  test("what it made is its own though the document adopts, and goes with a destroy", async () => {
    const before = user.state;
    const document = documentOf(OBJECTS.map((object) => adopted(object)));
    await user.run(document);
    // However often it is repeated.
    expect((await user.run(document)).plan.steps).toEqual([]);
    expect((await user.run(document, "destroy")).refusals).toEqual([]);
    expect(user.state).toEqual(before);
  });

  test("a default VLAN that is on record, or goes with its fabric, is nobody else's when its space is deleted", async () => {
    const made = documentOf([space("green"), fabric("lab"), vlan("lab:0", { space: "green" })]);
    await user.run(made);
    expect((await user.prepare(documentOf([fabric("lab")]))).refusals).toEqual([]);
    expect((await user.prepare(documentOf([{ ...fabric("new"), path: fabric("lab").path }]))).refusals).toEqual([]);
    expect((await user.prepare(documentOf([]))).refusals).toEqual([]);
    // Put there by hand, it goes with its fabric all the same; in a fabric that stays it is somebody's.
    user.reset();
    await user.run(documentOf([space("green"), fabric("lab")]));
    const green = await named("spaces/", "green");
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/vlans/0/`, [["space", green]]);
    expect((await user.prepare(documentOf([]))).refusals).toEqual([]);
    const kept = await user.prepare(documentOf([fabric("lab")]));
    expect(kept.refusals.map(({ about }) => about)).toEqual([["VLAN lab:0, with the space green"]]);
  });

  test("#460: what was there before gets back what it had, beside what the same run made", async () => {
    await user.api.post("fabrics/", [["name", "lab"]]);
    const id = await named("fabrics/", "lab");
    await user.api.put(apiPath`fabrics/${id}/`, [["class_type", "1g"]]);
    const before = user.state;
    await user.run(documentOf([adopted(fabric("lab", { class_type: "10g" })), adopted(vlan("lab:10"))]));
    await user.run(documentOf([adopted(fabric("lab", { class_type: "10g" })), adopted(vlan("lab:10"))]), "destroy");
    expect(user.state).toEqual(before);
  });

  test.each([
    ["fabric", "lab", "theirs"],
    ["space", "green", "blue"],
  ] as const)("a %s that somebody renames is renamed back, and nothing is made twice", async (kind, key, theirs) => {
    const document = documentOf(OBJECTS);
    await user.run(document);
    const made = user.state;
    await user.api.put(apiPath`${kind}s/${await named(`${kind}s/`, key)}/`, [["name", theirs]]);
    const { plan, refusals } = await user.run(document);
    expect(refusals).toEqual([]);
    expect(plan.steps.map((step) => [step.action, step.kind, step.key, step.liveKey])).toEqual([
      ["update", kind, key, theirs],
    ]);
    expect(user.state).toEqual(made);
    expect((await user.run(document)).plan.steps).toEqual([]);
  });

  test("a subnet whose CIDR somebody changed is made again, with what the document has in it", async () => {
    const document = documentOf(OBJECTS);
    await user.run(document);
    const made = user.state;
    const [{ id } = {}] = (await list("subnets/")).filter(({ cidr }) => cidr === V4);
    await user.api.put(apiPath`subnets/${textOf(id)}/`, [["cidr", "10.8.0.0/24"]]);
    expect((await user.run(document)).refusals).toEqual([]);
    expect(user.state).toEqual(made);
    expect((await user.run(document)).plan.steps).toEqual([]);
  });

  test("but not where somebody has put something into it meanwhile", async () => {
    const document = documentOf(OBJECTS);
    await user.run(document);
    const [{ id } = {}] = (await list("subnets/")).filter(({ cidr }) => cidr === V4);
    await user.api.put(apiPath`subnets/${textOf(id)}/`, [["cidr", "10.8.0.0/24"]]);
    await user.api.post("ipranges/", [
      ["type", "reserved"],
      ["start_ip", "10.8.0.10"],
      ["end_ip", "10.8.0.19"],
    ]);
    const { refusals } = await user.prepare(document);
    expect(refusals.map(({ id: refusal, about }) => [refusal, about])).toEqual([
      ["foreign", ["IP range 10.8.0.10-10.8.0.19 in 10.8.0.0/24, with the subnet 10.9.0.0/24"]],
    ]);
  });

  test("the default VLAN gets back the VID that somebody changed, in place, while another one has it too", async () => {
    const document = documentOf(OBJECTS);
    await user.run(document);
    const made = user.state;
    const of = apiPath`fabrics/${await named("fabrics/", "lab")}/vlans/`;
    await user.api.put(`${of}0/`, [["vid", "20"]]);
    const { plan, refusals } = await user.run(document);
    expect(refusals).toEqual([]);
    expect(plan.steps.map(({ action, kind, key }) => [action, kind, key])).toEqual([["update", "vlan", "lab:0"]]);
    expect(user.state).toEqual(made);
    await user.api.put(`${of}0/`, [["vid", "20"]]);
    await user.api.put(`${of}10/`, [["vid", "0"]]);
    await new Life().run(user, { goal: "apply", document }, { force: ["restored"] });
    expect(user.state).toEqual(made);
  });

  test("what somebody has renamed is destroyed all the same", async () => {
    const before = user.state;
    const document = documentOf(OBJECTS);
    await user.run(document);
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/`, [["name", "theirs"]]);
    await user.api.put(apiPath`spaces/${await named("spaces/", "green")}/`, [["name", "blue"]]);
    await user.run(document, "destroy");
    expect(user.state).toEqual(before);
  });

  test("what is renamed outside and in the document at once takes the document's name", async () => {
    await user.run(documentOf([fabric("lab"), vlan("lab:10")]));
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/`, [["name", "theirs"]]);
    const renamed = { ...fabric("new"), path: fabric("lab").path };
    const { plan } = await user.run(documentOf([renamed, { ...vlan("new:10"), path: vlan("lab:10").path }]));
    expect(plan.steps.map(({ action, kind, key }) => [action, kind, key])).toEqual([["update", "fabric", "new"]]);
    expect((await list("fabrics/")).map(({ name }) => name).sort()).toEqual(["fabric-0", "new"]);
  });

  test("an adopted object that is renamed gets back the name that it had", async () => {
    await user.api.post("fabrics/", [["name", "lab"]]);
    const before = user.state;
    await user.run(documentOf([adopted(fabric("lab"))]));
    const renamed = documentOf([{ ...adopted(fabric("new")), path: fabric("lab").path }]);
    await user.run(renamed);
    await user.run(renamed, "destroy");
    expect(user.state).toEqual(before);
  });

  test("an object that somebody has made under a recorded name is not taken for the recorded one", async () => {
    const document = documentOf([fabric("lab")]);
    await user.run(document);
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/`, [["name", "theirs"]]);
    await user.api.post("fabrics/", [["name", "lab"]]);
    const { refusals } = await user.prepare(document);
    expect(refusals.map(({ id, about }) => [id, about])).toEqual([["existing", ["fabric lab [lab/fabric/lab]"]]]);
  });

  test("and stays when the recorded one is destroyed, with what is in it", async () => {
    await user.run(documentOf([fabric("lab"), vlan("lab:10"), space("green")]));
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/`, [["name", "theirs"]]);
    await user.api.put(apiPath`spaces/${await named("spaces/", "green")}/`, [["name", "blue"]]);
    const theirs = [
      textOf(((await user.api.post("fabrics/", [["name", "lab"]])) as ObjectJson).id),
      textOf(((await user.api.post("spaces/", [["name", "green"]])) as ObjectJson).id),
    ];
    await user.api.post(apiPath`fabrics/${theirs[0] ?? ""}/vlans/`, [["vid", "10"]]);
    const { plan } = await user.run(documentOf([fabric("lab")]), "destroy");
    expect(plan.steps.map(({ action, kind, key }) => [action, kind, key])).toEqual([
      ["delete", "vlan", "theirs:10"],
      ["delete", "space", "blue"],
      ["delete", "fabric", "theirs"],
    ]);
    expect([await named("fabrics/", "lab"), await named("spaces/", "green")]).toEqual(theirs);
    expect(await list(apiPath`fabrics/${theirs[0] ?? ""}/vlans/`)).toHaveLength(2);
  });

  /** Gives the objects of a collection each other's names, in turn. */
  async function rotateNames(path: "fabrics/" | "spaces/", names: readonly string[]): Promise<void> {
    const ids = await Promise.all(names.map((name) => named(path, name)));
    const rename = (id: string, name: string): Promise<unknown> => user.api.put(`${path}${id}/`, [["name", name]]);
    for (const id of ids) await rename(id, `aside-${id}`);
    for (const [index, id] of ids.entries()) await rename(id, names[(index + 1) % names.length] ?? "");
  }

  test("objects that exchange their names outside get them back, with all that is in them", async () => {
    const more = [fabric("dmz"), vlan("dmz:10", { mtu: 9000 }), vlan("dmz:20"), space("red"), fabric("wan")];
    const document = documentOf([...OBJECTS, ...more].sort((a, b) => (a.key < b.key ? -1 : 1)));
    await user.run(document);
    const made = user.state;
    for (const [fabrics, spaces] of [
      [
        ["lab", "dmz"],
        ["green", "red"],
      ],
      [
        ["lab", "dmz", "wan"],
        ["green", "red"],
      ],
    ] as const) {
      await rotateNames("fabrics/", fabrics);
      await rotateNames("spaces/", spaces);
      const { plan, refusals } = await user.run(document);
      expect(refusals).toEqual([]);
      const renamed = [...spaces, ...fabrics].map((name) => [
        spaces.includes(name as "red") ? "space" : "fabric",
        name,
      ]);
      expect(plan.steps.map(({ action }) => action)).toEqual(renamed.map(() => "update"));
      expect(plan.steps.map(({ kind, key }) => [kind, key]).sort()).toEqual([...renamed].sort());
      expect(user.state).toEqual(made);
      expect((await user.run(document)).plan.steps).toEqual([]);
    }
    await rotateNames("fabrics/", ["lab", "dmz"]);
    await user.run(document, "destroy");
    expect(await list("spaces/")).toHaveLength(1);
    expect((await list("fabrics/")).map(({ name }) => name)).toEqual(["fabric-0"]);
  });

  test("VLANs that exchange their VIDs outside get them back", async () => {
    const document = documentOf([fabric("lab"), vlan("lab:10", { mtu: 9000 }), vlan("lab:20"), subnet(V4, "lab:10")]);
    await user.run(document);
    const made = user.state;
    const lab = await named("fabrics/", "lab");
    const vlans = await list(apiPath`fabrics/${lab}/vlans/`);
    const vid = (id: unknown, to: number): Promise<unknown> =>
      user.api.put(apiPath`vlans/${textOf(id)}/`, [["vid", String(to)]]);
    const [ten, twenty] = [10, 20].map((each) => vlans.find((row) => row.vid === each)?.id);
    await vid(ten, 30);
    await vid(twenty, 10);
    await vid(ten, 20);
    const { plan } = await user.run(document);
    expect(plan.steps.map(({ action, kind, key, liveKey }) => [action, kind, key, liveKey])).toEqual([
      ["update", "vlan", "lab:10", "lab:20"],
      ["update", "vlan", "lab:20", "lab:10"],
    ]);
    expect(user.state).toEqual(made);
  });

  test("what a document comes to look up stays, though a run has made it, and is forgotten", async () => {
    await user.run(documentOf(OBJECTS));
    const made = user.state;
    // Somebody has renamed one of them meanwhile.
    await user.api.put(apiPath`spaces/${await named("spaces/", "green")}/`, [["name", "blue"]]);
    const later = documentOf([vlan("lab:10", { space: "blue" }), range(V4, "reserved", "10.9.0.10-10.9.0.19")], {
      ...{ space: ["blue"], fabric: ["lab"], subnet: [V4] },
    });
    const { plan } = await user.run(later);
    expect(plan.steps.filter(({ action }) => action === "delete")).toEqual([]);
    expect({ ...user.state, spaces: made.spaces }).toMatchObject({ fabrics: made.fabrics, subnets: made.subnets });
    expect((await user.run(later)).plan.steps).toEqual([]);
    await user.run(later, "destroy");
    expect((await list("fabrics/")).map(({ name }) => name)).toContain("lab");
    expect((await list("spaces/")).map(({ name }) => name)).toContain("blue");
    expect((await list("subnets/")).map(({ cidr }) => cidr)).toEqual([V4]);
  });

  test("a name for the default VLAN, whatever its VID, is refused at plan, since MAAS shows none", async () => {
    await user.api.post("fabrics/", [["name", "lab"]]);
    await user.api.put(apiPath`fabrics/${await named("fabrics/", "lab")}/vlans/0/`, [["vid", "40"]]);
    const document = documentOf([adopted(fabric("lab")), adopted(vlan("lab:40", { name: "servers", mtu: 9000 }))]);
    await expect(user.prepare(document)).rejects.toThrow(
      'lab:40 is the default VLAN of its fabric, which has no name. MAAS shows the default VLAN of a fabric as "untagged"',
    );
    const silent = documentOf([adopted(fabric("lab")), adopted(vlan("lab:40", { mtu: 9000 }))]);
    await user.run(silent);
    expect((await user.run(silent)).plan.steps).toEqual([]);
  });

  test("the record has the id of each object, and one without ids is still read", async () => {
    const document = documentOf(OBJECTS);
    await user.run(document);
    const { after } = (await user.prepare(document)).record;
    expect(after.objects.fabric?.[0]?.id).toBe(await named("fabrics/", "lab"));
    user.record = readDocument(documentText(after).replace(/\n *"id": "[^"]*",/g, ""));
    expect(user.record.objects.fabric?.[0]?.id).toBeUndefined();
    expect((await user.run(document)).plan.steps).toEqual([]);
    await user.run(document, "destroy");
    expect(await list("subnets/")).toEqual([]);
  });
});

test("what MAAS refuses to make is not on record: made by somebody later, it is theirs", async () => {
  const user = await EngineUser.start({});
  const others = documentOf(OBJECTS.slice(0, -1));
  await user.run(others);
  const post = async (start: string): Promise<string> => {
    const ends = [["start_ip", start] as const, ["end_ip", "10.9.0.19"] as const];
    return textOf(((await user.api.post("ipranges/", [["type", "reserved"], ...ends])) as ObjectJson).id);
  };
  const { failed, overlapping } = await runSession(
    user.store,
    { goal: "apply", document: asRead(documentOf(OBJECTS)) },
    async (session) => {
      const region = openRegion(user.api);
      const planned = await session.plan(region, { url: user.simulator.url, force: [] });
      const id = await post("10.9.0.15");
      return { ...(await session.execute(region, planned, { concurrency: 1 })), overlapping: id };
    },
  );
  expect(failed).toMatchObject([{ step: { action: "create", kind: "ip_range" } }]);
  await user.api.delete(apiPath`ipranges/${overlapping}/`);
  await post("10.9.0.10");
  expect((await user.prepare(documentOf(OBJECTS))).refusals.map(({ id }) => id)).toEqual(["existing"]);
  expect((await user.prepare(others)).plan.steps).toEqual([]);
  await user.stop();
});
