import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { InputFileError } from "../../../../src/reconcile/engine/input-file";
import { FileRecordStore } from "../../../../src/reconcile/engine/record-store/file-store";
import { asRead } from "../../../support/engine";
import { SHOP } from "../../../support/shop-document";

const recordOf = (objects: NetworkDocument["objects"]): NetworkDocument =>
  asRead({ apiUrl: "http://region.example:5240/MAAS", objects, suppressions: [] });

const RECORD = recordOf(SHOP);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cdktf-maas-record-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("a record in a file is what was written last, and leaves nothing else behind", async () => {
  const store = new FileRecordStore(join(folder, "a.record.json"));
  expect(await store.read()).toBeUndefined();
  await store.write(recordOf({}));
  await store.write(RECORD);
  expect([await store.read(), readdirSync(folder)]).toEqual([RECORD, ["a.record.json"]]);
  await store.remove();
  await store.remove();
  expect([await store.read(), readdirSync(folder)]).toEqual([undefined, []]);
});

test("a record behind a symbolic link is written where the link leads, and the link stays", async () => {
  const [file, link, second] = ["real.json", "link.json", "second.json"].map((name) => join(folder, name));
  symlinkSync("real.json", link ?? "");
  symlinkSync("link.json", second ?? "");
  const store = new FileRecordStore(second ?? "");
  expect(await store.read()).toBeUndefined();
  await store.write(RECORD);
  expect(readFileSync(file ?? "", "utf8")).toBe(documentText(RECORD));
  expect(await store.read()).toEqual(RECORD);
  expect(readdirSync(folder).sort()).toEqual(["link.json", "real.json", "second.json"]);
  expect(lstatSync(link ?? "").isSymbolicLink()).toBe(true);
  await store.remove();
  expect(await store.read()).toBeUndefined();
});

test("a record keeps who may read it", async () => {
  const file = join(folder, "private.json");
  const store = new FileRecordStore(file);
  await store.write(RECORD);
  chmodSync(file, 0o640);
  await store.write(recordOf({}));
  expect(statSync(file).mode & 0o777).toBe(0o640);
});

test("a record stays as it was when it can't be replaced", async () => {
  const file = join(folder, "folder.json");
  writeFileSync(file, "a file in place of a folder");
  const store = new FileRecordStore(join(file, "record.json"));
  await expect(store.write(RECORD)).rejects.toThrow(InputFileError);
  await expect(store.lock()).rejects.toThrow(InputFileError);
  expect([readFileSync(file, "utf8"), await store.read()]).toEqual(["a file in place of a folder", undefined]);
});

test("a record that is something else is refused with its name and what is wrong", async () => {
  const file = join(folder, "other.json");
  writeFileSync(file, "{}");
  const store = new FileRecordStore(file);
  await expect(store.read()).rejects.toThrow(/other\.json: .*\/format/s);
  await expect(store.read()).rejects.toThrow(/Nothing was changed.*move .*other\.json away.*--force existing/s);
});
