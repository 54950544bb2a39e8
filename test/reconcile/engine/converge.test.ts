import type { NetworkDocument } from "../../../lib/model/document";
import { textOf } from "../../../lib/model/text";
import type { ObjectJson } from "../../../src/maas/codec";
import { apiPath } from "../../../src/maas/api-path";
import { Snapshot } from "../../../src/maas/snapshot";
import { type Convergence, converge } from "../../../src/reconcile/engine/converge";
import { prepare } from "../../../src/reconcile/engine/prepare";
import type { RunOptions } from "../../../src/reconcile/engine/run";
import type { Region } from "../../../src/reconcile/region";
import { asRead, EngineUser } from "../../support/engine";
import { documentOf } from "./support/documents";
import { adopted, dhcp, fabric, nic, range, relay, space, subnet, vlan } from "./support/objects";
import { wordsOf } from "./support/words";

const V4 = "10.0.0.0/24";

let user: EngineUser;

beforeAll(async () => {
  const eth1 = { name: "eth1", fabric: "spare" };
  user = await EngineUser.start({
    fabrics: [{ name: "spare" }],
    racks: ["rack1", "rack2"].map((hostname) => ({
      hostname,
      interfaces: [{ name: "eth0" }, eth1, { ...eth1, name: "eth2" }],
    })),
  });
});

afterAll(() => user.stop());

beforeEach(() => user.reset());

/** Runs what a document takes on a region, with the user's client or another one. */
async function run(
  document: NetworkDocument,
  { client = user.api, ...options }: Partial<RunOptions> & { readonly client?: Region["client"] } = {},
): Promise<Convergence> {
  const region: Region = { client, snapshot: new Snapshot(client) };
  const record = user.record && { record: user.record };
  const request = { goal: "apply", document: asRead(document), ...record } as const;
  const prepared = await prepare(region, request, { url: user.simulator.url });
  const report = await converge(region, prepared, { concurrency: 4, ...options });
  user.record = prepared.record.after;
  return report;
}

const words = ({ done, failed, notTried, rounds }: Convergence): unknown => ({
  done: done.map(wordsOf),
  failed: failed.map(({ step }) => wordsOf(step)),
  notTried: notTried.map(wordsOf),
  rounds,
});

/** The user's client, with somebody else's hand in its POSTs. */
const meddled = (meddle: (path: string, made: ObjectJson) => Promise<void>): Region["client"] => ({
  get: user.api.get.bind(user.api),
  put: user.api.put.bind(user.api),
  delete: user.api.delete.bind(user.api),
  post: async (path, form) => {
    const made = (await user.api.post(path, form)) as ObjectJson;
    await meddle(path, made);
    return made;
  },
});

test("a region that is as wanted is not touched, in one round", async () => {
  expect(words(await run(documentOf([])))).toEqual({ done: [], failed: [], notTried: [], rounds: 1 });
});

test("a plan that does all takes one round, and a look whether it did", async () => {
  const report = await run(documentOf([space("green")]));
  expect(words(report)).toEqual({ done: ["create space green"], failed: [], notTried: [], rounds: 1 });
});

test("a fabric that MAAS deletes when its last interface leaves is made again, with what was on it", async () => {
  const lab = [fabric("lab"), adopted(vlan("lab:0")), subnet(V4, "lab:0")];
  const old = [fabric("old", { class_type: "10g" }), adopted(vlan("old:0")), vlan("old:10")];
  const racks = { rack_controller: ["rack1"] };
  await run(documentOf([...lab, ...old, nic("rack1/eth1", "old:0")], racks));
  const wanted = documentOf([...lab, ...old, nic("rack1/eth1", "lab:0")], racks);
  const report = await run(wanted);
  expect(words(report)).toEqual({
    done: ["update rack_interface rack1/eth1", "create fabric old", "create vlan old:0", "create vlan old:10"],
    ...{ failed: [], notTried: [], rounds: 2 },
  });
  expect(user.simulator.state.fabrics).toContain("old");
  expect((await user.prepare(wanted)).plan.steps).toEqual([]);
});

test("a step that fails for want of a fabric that MAAS has deleted so is done once that is there again", async () => {
  const racks = { rack_controller: ["rack1"] };
  const range10 = range(V4, "dynamic", "10.0.0.100-10.0.0.199");
  const old = [fabric("old"), adopted(vlan("old:0")), vlan("old:10")];
  const lab = [fabric("lab"), adopted(vlan("lab:0")), subnet(V4, "lab:0"), range10];
  const { interfaces } = user.simulator.state;
  await run(documentOf([...lab, ...old, nic("rack1/eth1", "old:0"), nic("rack1/eth2", "lab:0")], racks));
  // The relay waits for the DHCP that it relays to, and that for the interface whose leaving ends the fabric.
  const served = [dhcp("lab:0", "rack1"), relay("old:10", "lab:0")];
  const wanted = documentOf([...lab, ...old, nic("rack1/eth1", "lab:0"), ...served], racks);
  // What is given back last is given back all the same.
  const report = await run(wanted);
  expect(words(report)).toMatchObject({ failed: [], notTried: [], rounds: 2 });
  const at = ({ name, vlan: on }: (typeof interfaces)[number]): unknown => [name, on];
  expect(user.simulator.state.interfaces.map(at)).toEqual(
    interfaces.map((one) =>
      one.name === "eth1" && one.node === "rack1" ? [one.name, { fabric: "lab", vid: 0 }] : at(one),
    ),
  );
  expect((await user.prepare(wanted)).plan.steps).toEqual([]);
});

test("a step that fails for want of anything else ends the run", async () => {
  const client = meddled(async (path, { id }) => {
    if (path === "fabrics/") await user.api.delete(apiPath`fabrics/${textOf(id)}/`);
  });
  expect(words(await run(documentOf([fabric("lab"), vlan("lab:10")]), { client }))).toEqual({
    ...{ done: ["create fabric lab"], failed: ["create vlan lab:10"], notTried: [], rounds: 1 },
  });
});

test("what somebody else takes away once is made again", async () => {
  let times = 0;
  const client = meddled(async (path, { id }) => {
    if (path === "spaces/" && (times += 1) === 1) await user.api.delete(apiPath`spaces/${textOf(id)}/`);
  });
  const report = await run(documentOf([space("green")]), { client });
  expect(words(report)).toMatchObject({ done: ["create space green", "create space green"], rounds: 2 });
});

test("what somebody else takes away each time is given up after three rounds, and counts as not tried", async () => {
  const client = meddled(async (path, { id }) => {
    if (path === "spaces/") await user.api.delete(apiPath`spaces/${textOf(id)}/`);
  });
  const creation = "create space green";
  expect(words(await run(documentOf([space("green"), space("blue")]), { client }))).toEqual({
    done: Array.from({ length: 3 }, () => ["create space blue", creation]).flat(),
    ...{ failed: [], notTried: ["create space blue", creation], rounds: 3 },
  });
});

test("the first failure ends it all, with no other look", async () => {
  const client = meddled(() => Promise.reject(new Error("the line is cut")));
  user.simulator.requests.clear();
  const report = await run(documentOf([fabric("lab"), vlan("lab:10")]), { client });
  expect(words(report)).toMatchObject({
    done: [],
    failed: ["create fabric lab"],
    notTried: ["create vlan lab:10"],
    rounds: 1,
  });
  expect(report.failed[0]?.error).toEqual(new Error("the line is cut"));
  expect(user.simulator.requests.all().at(-1)?.method).toBe("POST");
});

test("an abort ends it all, with no other look", async () => {
  const report = await run(documentOf([space("green")]), { signal: AbortSignal.abort() });
  expect(words(report)).toEqual({ done: [], failed: [], notTried: ["create space green"], rounds: 1 });
});
