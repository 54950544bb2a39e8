import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../src/provider/journal";
import type { Intent } from "../../src/reconcile/objects/intents";

const REGION = "http://region.example:5240/MAAS";
const LAB: Intent = { kind: "fabric", key: "lab", sent: { name: "lab" } };

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "cdktf-maas-journal-")), "deep", "maas-journal");
});

afterEach(() => rmSync(join(folder, "..", ".."), { recursive: true }));

const journal = (region = REGION): Journal => new Journal(folder, region);
const files = (): string[] => readdirSync(folder);

test("an intent whose process was cut off before the answer is open in the next one, without an id", () => {
  journal().begin(LAB);
  const open = journal().find("fabric", "lab");
  expect(open).toMatchObject(LAB);
  expect(open?.id).toBeUndefined();
  expect(open?.place).toMatch(/maas-journal\/.*\.jsonl, line 1$/);
});

test("an intent that was answered is open with its id, until a later run has that id in its state", () => {
  journal().begin(LAB).done("7");
  expect(journal().find("fabric", "lab")?.id).toBe("7");
  journal().known("fabric", "8");
  journal().known("vlan", "7");
  expect(journal().find("fabric", "lab")).toBeDefined();
  journal().known("fabric", "7");
  expect(journal().find("fabric", "lab")).toBeUndefined();
});

test("an intent that was refused is not open", () => {
  journal().begin(LAB).refused();
  expect(journal().find("fabric", "lab")).toBeUndefined();
});

test("an intent of this process is none of an earlier run", () => {
  const own = journal();
  own.begin(LAB);
  expect(own.find("fabric", "lab")).toBeUndefined();
});

test("an open intent that a run carries on keeps its place and gets its id", () => {
  journal().begin({ ...LAB, original: { name: "lab", description: "before" } });
  journal().find("fabric", "lab")?.done("7");
  const open = journal().find("fabric", "lab");
  expect(open).toMatchObject({ id: "7", original: { name: "lab", description: "before" } });
  journal().find("fabric", "lab")?.refused();
  expect(journal().find("fabric", "lab")).toBeUndefined();
});

test("the newest of several open intents for one object counts", () => {
  journal().begin({ ...LAB, sent: { name: "lab", class_type: "first" } });
  journal().begin({ ...LAB, sent: { name: "lab", class_type: "second" } });
  expect(journal().find("fabric", "lab")?.sent.class_type).toBe("second");
});

test("intents belong to their region", () => {
  journal().begin(LAB);
  expect(journal("http://other.example:5240/MAAS").find("fabric", "lab")).toBeUndefined();
});

test("half a line, foreign lines and foreign files are passed over", () => {
  journal().begin(LAB).done("7");
  const [file = ""] = files();
  appendFileSync(join(folder, file), 'null\n{"intent": 3}\n{"known": "nobody"}\n{"intent":"x","re');
  writeFileSync(join(folder, "notes.txt"), "{");
  writeFileSync(join(folder, "0-empty.jsonl"), "\u0000\u0000");
  expect(journal().find("fabric", "lab")?.id).toBe("7");
});

test("a file without open intents is removed after a day, and no other", () => {
  journal().begin(LAB).refused();
  journal().begin({ ...LAB, key: "other" });
  const [ended = "", open = ""] = files().sort();
  journal().find("fabric", "lab");
  expect(files()).toHaveLength(2);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  for (const file of [ended, open]) utimesSync(join(folder, file), yesterday, yesterday);
  journal().find("fabric", "lab");
  expect(files().map((file) => readFileSync(join(folder, file), "utf8").includes("other"))).toEqual([true]);
});

test("a folder that can't be written stops the request with what to do, and is no obstacle to reading", () => {
  writeFileSync(join(folder, "..", "..", "file"), "");
  const inFile = new Journal(join(folder, "..", "..", "file", "maas-journal"), REGION);
  expect(() => inFile.begin(LAB)).toThrow(/journal .*can't be (read|written).*MAAS_JOURNAL/s);
});
