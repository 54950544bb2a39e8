import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { InputFileError } from "../../src/cli/input-file";
import { defaultRecordName, runRecord } from "../../src/cli/run-record";
import { documentOf, SHOP } from "../support/shop-document";

const TEXT = documentOf(SHOP, "http://region.example:5240/MAAS");

const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-record-"));

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["maas-network.json", "maas-network.record.json"],
  ["stacks/lab/maas-network.json", "stacks/lab/maas-network.record.json"],
  ["lab", "lab.record.json"],
])("the record of %s is kept in %s by default", (document, record) => {
  expect(defaultRecordName(document)).toBe(record);
});

describe("a record in a file", () => {
  test("is what was written last, and leaves nothing else behind", () => {
    const record = runRecord(join(folder, "a.record.json"));
    expect(record.read()).toBeUndefined();
    record.write("before");
    record.write(TEXT);
    expect([record.read(), readdirSync(folder)]).toEqual([TEXT, ["a.record.json"]]);
    record.remove();
    record.remove();
    expect([record.read(), readdirSync(folder)]).toEqual([undefined, []]);
  });

  test("behind a symbolic link is written where the link leads, and the link stays", () => {
    const [file, link, second] = ["real.json", "link.json", "second.json"].map((name) => join(folder, name));
    symlinkSync("real.json", link ?? "");
    symlinkSync("link.json", second ?? "");
    const record = runRecord(second ?? "");
    expect(record.read()).toBeUndefined();
    record.write(TEXT);
    expect(readFileSync(file ?? "", "utf8")).toBe(TEXT);
    expect(record.read()).toBe(TEXT);
    expect(readdirSync(folder).sort()).toEqual(["link.json", "real.json", "second.json"]);
    expect(lstatSync(link ?? "").isSymbolicLink()).toBe(true);
    record.remove();
    expect(record.read()).toBeUndefined();
    for (const name of [link, second]) rmSync(name ?? "");
  });

  test("stays as it was when it can't be replaced", () => {
    const file = join(folder, "folder.json");
    const record = runRecord(join(file, "record.json"));
    writeFileSync(file, "a file in place of a folder");
    expect(() => record.write(TEXT)).toThrow(InputFileError);
    expect(readFileSync(file, "utf8")).toBe("a file in place of a folder");
    rmSync(file);
  });

  test("that holds something else is refused with its name and what is wrong", () => {
    const file = join(folder, "other.json");
    writeFileSync(file, "{}");
    expect(() => runRecord(file).read()).toThrow(/other\.json: .*\/format/s);
    expect(() => runRecord(file).read()).toThrow(/Nothing was changed.*move .*other\.json away.*--force existing/s);
    rmSync(file);
  });
});

describe("a record in the environment", () => {
  const parts = (text: string, size: number): Record<string, string> => {
    const encoded = gzipSync(text).toString("base64");
    const count = Math.ceil(encoded.length / size);
    return Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`MADE_${index}`, encoded.slice(index * size, (index + 1) * size)]),
    );
  };

  test("is read from any number of parts, with empty ones after them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 0, max: 9 }), (size, empty) => {
        const own = parts(TEXT, size);
        const count = Object.keys(own).length;
        const after = Object.fromEntries(Array.from({ length: empty }, (_, index) => [`MADE_${count + index}`, ""]));
        expect(runRecord("env:MADE", { ...own, ...after }).read()).toBe(TEXT);
      }),
    );
  });

  test("is never written, and none where the variables are empty", () => {
    const environment = { MADE_0: "" };
    const record = runRecord("env:MADE", environment);
    record.write(TEXT);
    record.remove();
    expect([record.read(), environment]).toEqual([undefined, { MADE_0: "" }]);
  });

  test("that is cut off, or is none, is refused with what to set", () => {
    const { MADE_0 } = parts(TEXT, 100);
    for (const environment of [{ MADE_0 }, { MADE_0: "%" }])
      expect(() => runRecord("env:MADE", environment).read()).toThrow(
        /env:MADE: the variables hold no record\. Set MADE_0/,
      );
    expect(() => runRecord("env:MADE", parts("{}", 9)).read()).toThrow(/env:MADE: .*\/format/s);
  });
});

test("none is no record", () => {
  const record = runRecord("none");
  record.write(TEXT);
  expect(record.read()).toBeUndefined();
});
