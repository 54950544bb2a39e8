import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KINDS } from "../../../lib/model/kinds";
import { ChangesUnderWay } from "../../../src/provider/instances/changes-under-way";
import {
  keptAfter,
  keptOfEnded,
  keptOfLost,
  keptWith,
  type PrivateState,
} from "../../../src/provider/instances/private-state";
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

/** A change in a process that is gone before it ends. */
const cutOff = (id: string): void => {
  void changes().during(fabric, id, KEPT, () => new Promise(() => undefined));
};

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

test("nothing is left of a change that has ended, well or not", async () => {
  expect(await changes().during(fabric, "1", KEPT, () => Promise.resolve("done"))).toBe("done");
  await expect(changes().during(fabric, "1", KEPT, () => Promise.reject(new Error("refused")))).rejects.toThrow();
  expect(readdirSync(join(folder, "changes"))).toEqual([]);
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

test("where nothing can be written nothing is kept, and the change is made all the same", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const nowhere = new ChangesUnderWay(join(file, "changes"), REGION);
  expect(await nowhere.during(fabric, "1", KEPT, () => Promise.resolve("done"))).toBe("done");
});
