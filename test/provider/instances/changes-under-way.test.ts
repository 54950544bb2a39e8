import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { ChangesUnderWay } from "../../../src/provider/instances/changes-under-way";
import {
  keptAfter,
  keptOfEnded,
  keptOfLost,
  keptWith,
  type PrivateState,
  writePrivate,
} from "../../../src/provider/instances/private-state";
import { KeptStates } from "../../../src/provider/kept-states";
import { readPrivate } from "../../../src/provider/stored";

const REGION = "http://region.lab.example:5240/MAAS";
const { fabric } = KINDS;
const KEPT: PrivateState = { configured: ["description"], original: { name: "theirs" }, madeAt: 7 };

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-changes-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

const changes = (region = REGION): ChangesUnderWay => new ChangesUnderWay(join(folder, "changes"), region);

/** A change in a process that is gone before Terraform has its answer. */
const cutOff = (id: string): void => changes().record(fabric, id, KEPT);

test("what is kept with an instance is there for the next process while the change has not ended, and for its object alone", () => {
  cutOff("1");
  expect(readPrivate(changes().left(fabric, "1") ?? new Uint8Array(), fabric)).toEqual(KEPT);
  expect(changes().left(fabric, "2")).toBeUndefined();
  expect(changes().left(KINDS.space, "1")).toBeUndefined();
  expect(changes("http://another.lab.example/MAAS").left(fabric, "1")).toBeUndefined();
});

test.each(["", "null", "[]", '"adopted"', "{", '{"original": ['])(
  "a file that says %j of an instance counts as none",
  (kept) => {
    cutOff("1");
    const [file = ""] = readdirSync(join(folder, "changes"));
    const path = join(folder, "changes", file);
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), kept }));
    expect(changes().left(fabric, "1")).toBeUndefined();
  },
);

test("of several changes the last one counts", () => {
  cutOff("1");
  changes().record(fabric, "1", { configured: ["class_type"] });
  expect(readPrivate(changes().left(fabric, "1") ?? new Uint8Array(), fabric)).toEqual({ configured: ["class_type"] });
  expect(readdirSync(join(folder, "changes"))).toHaveLength(1);
});

test("nothing is left once the state has it", () => {
  cutOff("1");
  changes().known(fabric, "1");
  expect(changes().left(fabric, "1")).toBeUndefined();
});

test("an object that may have been adopted is not deleted where all that was kept is lost, whatever is applied before", () => {
  expect(keptOfLost(KINDS.configuration)).toEqual({});
  const lost = keptOfLost(fabric);
  expect(keptAfter(fabric, keptWith(fabric, { adopt_existing: false }, lost))).toMatchObject({ isLost: true });
  for (const kept of [lost, { unplanned: { "1": lost } }])
    expect(() => keptOfEnded(fabric, { id: "1" }, kept)).toThrow(/created or adopted is not known/);
});

test("where nothing can be written nothing is kept", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const nowhere = new ChangesUnderWay(join(file, "changes"), REGION);
  nowhere.record(fabric, "1", KEPT);
  expect(nowhere.left(fabric, "1")).toBeUndefined();
});

const NONE = new Uint8Array();
const STORED = { id: "1", name: "theirs" };

/** What a process knows of private states. */
function states(): KeptStates {
  const kept = new KeptStates();
  kept.changes = changes();
  return kept;
}

test("a change may be cut off from the moment on at which it is planned", () => {
  states().planned(fabric, STORED, keptWith(fabric, { class_type: "10g" }, KEPT));
  expect(states().of(fabric, STORED, NONE)).toEqual({ ...KEPT, configured: [] });
});

test.each<[string, Attributes | undefined, PrivateState]>([
  ["a change", STORED, KEPT],
  ["a destroy", undefined, keptOfLost(fabric)],
])("the answer to %s may be lost", (_change, attributes, after) => {
  states().planned(fabric, STORED, { original: { name: "before" } });
  states().applied(fabric, STORED, { attributes, kept: KEPT });
  expect(states().of(fabric, STORED, NONE)).toEqual(after);
});

test("what is written down counts until the state has it", () => {
  states().applied(fabric, STORED, { attributes: STORED, kept: KEPT });
  const inState: PrivateState = { configured: ["description"] };
  expect(states().inState(fabric, STORED, writePrivate(inState))).toEqual(inState);
  expect(states().of(fabric, STORED, NONE)).toEqual(keptOfLost(fabric));
});
