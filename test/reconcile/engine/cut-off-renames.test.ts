import type { SessionPlan } from "../../../src/reconcile/engine/run/session";
import { EngineUser } from "../../support/engine";
import { documentOf } from "./support/documents";
import { Life } from "./support/life";
import { at, fabric, nic, range, space, subnet, vlan } from "./support/objects";
import type { DesiredObject } from "../../../src/reconcile/engine/plan/read-live";

// The record of a run that was cut off has objects under two names, and none of the ids of what the run has made. Whatever
// the document is by then, the next run knows all of it, and no step by hand is needed.

const V4 = "10.9.0.0/24";

let user: EngineUser;
let untouched: unknown;

beforeAll(async () => {
  user = await EngineUser.start({
    fabrics: [{ name: "spare" }],
    racks: [{ hostname: "rack1", interfaces: ["eth0", "eth1"].map((name) => ({ name, fabric: "spare" })) }],
  });
  untouched = user.state;
});

afterAll(() => user.stop());
beforeEach(() => user.reset());

/** A run in a process of its own, which dies after a change that is named so. */
async function run(objects: readonly DesiredObject[], last?: RegExp): Promise<SessionPlan> {
  const life = new Life(last && { at: last, when: "after" });
  const document = documentOf(objects, { rack_controller: ["rack1"] });
  const { planned, ended } = await life.run(user, { goal: "apply", document });
  expect(ended.failed).toHaveLength(last === undefined ? 0 : 1);
  return planned;
}

const words = ({ plan }: SessionPlan): string[] =>
  plan.steps.map(({ action, kind, key }) => `${action} ${kind} ${key}`);

/** Objects of the place under one of its names. */
const lab = (name: string): DesiredObject => at("fabric", fabric(name));
const tagged = (name: string): DesiredObject => at("vlan", vlan(`${name}:10`));
const untagged = (name: string): DesiredObject => at("untagged", vlan(`${name}:0`));
const RENAMED = /^PUT fabrics/;

test("several renames that were cut off may be taken back: the region does not look restored", async () => {
  const green = (name: string): DesiredObject => at("space", space(name));
  await run([green("a"), lab("a"), tagged("a")]);
  const wanted = user.state;
  await run([green("b"), lab("b"), tagged("b")], RENAMED);
  expect(words(await run([green("a"), lab("a"), tagged("a")]))).toEqual(["update space a", "update fabric a"]);
  expect(user.state).toEqual(wanted);
});

test("an object that two runs were cut off at is known by either of its names", async () => {
  const ends = (text: string): DesiredObject => at("range", range(V4, "reserved", text));
  const around = [lab("a"), tagged("a"), subnet(V4, "a:10")];
  await run([...around, ends("10.9.0.10-10.9.0.19")]);
  const other = [...around, ends("10.9.0.10-10.9.0.39"), space("green")];
  await run(other, /^POST spaces/);
  await run(other, /^record/).catch(() => undefined);
  // The range is on record twice, and there once.
  expect(words(await run(around))).toEqual([
    "delete ip_range 10.9.0.10-10.9.0.19 in 10.9.0.0/24",
    "delete space green",
  ]);
});

test("what a run has made in a fabric goes with it, though a later one was cut off after it had renamed the fabric", async () => {
  await run([lab("a"), tagged("a"), untagged("a")], /^POST fabrics\/.*vlans/);
  await run([lab("b"), untagged("b"), space("green")], RENAMED);
  expect(words(await run([]))).toContain("delete fabric b");
  expect(user.state).toEqual(untouched);
});

test("a VLAN that a document no longer has goes, though its fabric has a third name by then", async () => {
  await run([lab("a"), tagged("a"), untagged("a")], /^POST fabrics\/.*vlans/);
  await run([lab("b"), untagged("b")], RENAMED);
  expect(words(await run([lab("c"), untagged("c")]))).toContain("delete vlan c:10");
  await run([]);
  expect(user.state).toEqual(untouched);
});

test("a rack interface goes back to where it was, though the fabric that it is on was renamed by a run that was cut off", async () => {
  await run([lab("a"), tagged("a"), untagged("a"), nic("rack1/eth1", "a:10")]);
  await run([lab("b"), untagged("b"), nic("rack1/eth1", "b:0")], RENAMED);
  expect(words(await run([lab("b"), untagged("b")]))).toEqual([
    "release rack_interface rack1/eth1",
    "delete vlan b:10",
  ]);
  await run([]);
  expect(user.state).toEqual(untouched);
});

test("also where one run was cut off after it had moved the interface, and the next one before that", async () => {
  const objects = (name: string, on: string): DesiredObject[] => [
    ...[lab(name), tagged(name), untagged(name)],
    nic("rack1/eth1", `${name}:${on}`),
  ];
  await run(objects("a", "10"));
  await run([...objects("a", "0"), space("green")], /^PUT nodes/);
  await run(objects("b", "10"), RENAMED);
  expect(words(await run(objects("b", "0").slice(0, 3)))).toContain("release rack_interface rack1/eth1");
  await run([]);
  expect(user.state).toEqual(untouched);
});

test("a VLAN keeps what it is when its VID changes after its fabric was renamed by a run that was cut off", async () => {
  await run([lab("a"), tagged("a")]);
  await run([lab("b"), tagged("b"), space("green")], RENAMED);
  expect(words(await run([lab("b"), at("vlan", vlan("b:30")), space("green")]))).toEqual(["update vlan b:30"]);
});
