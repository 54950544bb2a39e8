import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { documentText } from "../../../../lib/model/document";
import { EnvironmentRecordStore, type RecordStore } from "../../../../src/reconcile/engine/record/record-store";
import { asRead } from "../../../support/engine";
import { SHOP } from "../../../support/shop-document";

const RECORD = asRead({ apiUrl: "http://region.example:5240/MAAS", objects: SHOP, suppressions: [] });
const TEXT = documentText(RECORD);

const parts = (text: string, size: number): Record<string, string> => {
  const encoded = gzipSync(text).toString("base64");
  const count = Math.ceil(encoded.length / size);
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`MADE_${index}`, encoded.slice(index * size, (index + 1) * size)]),
  );
};

test("a record in the environment is read from any number of parts, with empty ones after them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 9 }), async (size, empty) => {
      const own = parts(TEXT, size);
      const count = Object.keys(own).length;
      const after = Object.fromEntries(Array.from({ length: empty }, (_, index) => [`MADE_${count + index}`, ""]));
      expect(await new EnvironmentRecordStore("MADE", { ...own, ...after }).read()).toEqual(RECORD);
    }),
  );
});

test("a record in the environment is never written or locked, and none where the variables are empty", async () => {
  const environment = { MADE_0: "" };
  const store: RecordStore = new EnvironmentRecordStore("MADE", environment);
  await Promise.all([store.lock(), store.lock()]);
  await store.write(RECORD);
  await store.remove();
  expect([store.name, await store.read(), environment]).toEqual(["env:MADE", undefined, { MADE_0: "" }]);
});

test("a record in the environment that is cut off, or is none, is refused with what to set", async () => {
  const { MADE_0 } = parts(TEXT, 100);
  const read = (environment: NodeJS.ProcessEnv): Promise<unknown> =>
    new EnvironmentRecordStore("MADE", environment).read();
  for (const environment of [{ MADE_0 }, { MADE_0: "%" }])
    await expect(read(environment)).rejects.toThrow(/env:MADE: the variables hold no record\. Set MADE_0/);
  await expect(read(parts("{}", 9))).rejects.toThrow(/env:MADE: .*\/format.*unset MADE_0/s);
});

test.each<[NodeJS.ProcessEnv, string]>([
  [{ MADE: "x" }, "MADE is set and MADE_0 is not"],
  [{ MADE_1: "x" }, "MADE_1 is set and MADE_0 is not"],
  [{ MADE_0: "", MADE_1: "x" }, "MADE_1 is set and MADE_0 is not"],
  [{ MADE_0: "x", MADE_2: "x" }, "MADE_2 is set and MADE_1 is not"],
  [{ MADE_0: "x", MADE_1: "", MADE_12: "x" }, "MADE_12 is set and MADE_1 is not"],
  [{ MADE_00: "x" }, "MADE_00 is set and MADE_0 is not"],
])("a record in the environment with a gap is refused: %j", async (environment, problem) => {
  const store = new EnvironmentRecordStore("MADE", { ...environment, MADE_OTHER: "x", MADEUP_7: "x" });
  await expect(store.read()).rejects.toThrow(
    `env:MADE: ${problem}, so that the record is not whole. Set MADE_0, MADE_1, ...`,
  );
});
