import { defaultRecordName, recordStore } from "../../src/cli/engine-input";
import { EnvironmentRecordStore, NO_RECORD } from "../../src/reconcile/engine/record/record-store";
import { FileRecordStore } from "../../src/reconcile/engine/record/file-store";

test.each([
  ["maas-network.json", "maas-network.record.json"],
  ["stacks/lab/maas-network.json", "stacks/lab/maas-network.record.json"],
  ["lab", "lab.record.json"],
])("the record of %s is kept in %s by default", (document, record) => {
  expect(defaultRecordName(document)).toBe(record);
});

test("--record names a file, variables of the environment, or none", () => {
  expect(recordStore("a.json")).toEqual(new FileRecordStore("a.json"));
  expect(recordStore("env:MADE")).toBeInstanceOf(EnvironmentRecordStore);
  expect(recordStore("env:MADE").name).toBe("env:MADE");
  expect(recordStore("none")).toBe(NO_RECORD);
});
