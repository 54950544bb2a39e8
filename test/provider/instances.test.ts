import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Handovers } from "../../src/provider/instances/handovers";
import { Instances } from "../../src/provider/instances/instances";
import type { ObjectLife } from "../../src/provider/instances/object-life";

const REGION = "http://region.example:5240/MAAS/api/2.0/";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-handovers-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The life of an object as another process of the provider knows it. */
function inProcess(region = REGION, at = folder, kind: "space" | "fabric" = "space"): ObjectLife {
  const instances = new Instances();
  instances.keepIn(new Handovers(at, region));
  return instances.of(kind, "7");
}

const ORIGINAL = { id: "7", name: "theirs" };

/** Replaces the instance with one that takes the object over, and destroys it. The private state of the new one. */
function replace(life: ObjectLife, former: { madeAt?: number; original?: typeof ORIGINAL }, madeAt: number) {
  const later = { madeAt, original: { id: "7", name: "ours" } };
  life.made(later);
  life.has(former);
  expect(life.isSuperseded(former)).toBe(true);
  return later;
}

test.each([
  ["created", { madeAt: 5 }],
  ["adopted", { madeAt: 5, original: ORIGINAL }],
])("the next process tells the later instance that the former one had %s the object", async (_, former) => {
  const later = replace(inProcess(), former, 9);
  const { original: _original, ...rest } = later;
  const expected = { ...rest, ...("original" in former && { original: former.original }) };
  expect(inProcess().has(later)).toEqual(expected);
  expect(await inProcess().read(later)).toEqual(expected);
  // Once it is in the state, the file is of no use.
  expect(readdirSync(folder)).toHaveLength(1);
  expect(await inProcess().read(expected)).toEqual(expected);
  expect(readdirSync(folder)).toEqual([]);
});

test("an instance that takes the object over is the later one whatever the clock of an earlier host said", () => {
  const later = replace(inProcess(), { madeAt: 5_000 }, 9);
  expect(inProcess().has(later)).toEqual({ madeAt: 9 });
});

test("what is handed over goes on through several replacements", () => {
  const second = replace(inProcess(), { madeAt: 5, original: ORIGINAL }, 9);
  const third = replace(inProcess(), second, 12);
  expect(inProcess().has(third)).toEqual({ madeAt: 12, original: ORIGINAL });
});

test("a handover is for one instance of one object of one region, and gone with the object", () => {
  const later = replace(inProcess(), { madeAt: 5 }, 9);
  expect(inProcess().has({ ...later, madeAt: 10 })).toHaveProperty("original");
  expect(inProcess(REGION, folder, "fabric").has(later)).toEqual(later);
  expect(inProcess("http://other.example/MAAS/api/2.0/").has(later)).toEqual(later);
  inProcess().forget();
  expect(inProcess().has(later)).toEqual(later);
});

test("a handover that can't be written is not taken for kept, and one that can't be read counts as none", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const nowhere = inProcess(REGION, file);
  replace(nowhere, { madeAt: 5 }, 9);
  expect(nowhere.isHandedOver).toBe(false);
  const life = inProcess();
  const later = replace(life, { madeAt: 5 }, 9);
  expect(life.isHandedOver).toBe(true);
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"heir":');
  expect(inProcess().has(later)).toEqual(later);
});
