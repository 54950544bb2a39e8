import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { documentText, type NetworkDocument } from "../../../../lib/model/document";
import { specialFile } from "../../../../src/files/regular-file";
import { InputFileError } from "../../../../src/reconcile/engine/input-error";
import { readInputFile } from "../../../../src/reconcile/engine/input-file";
import { FileRecordStore, lockRecordFile } from "../../../../src/reconcile/engine/record/file-store";
import { RecordLockedError } from "../../../../src/reconcile/engine/record/record-store";
import { asRead } from "../../../support/engine";
import { SHOP, SHOP_MADE } from "../../../support/shop-document";
import { ShopFolder } from "../../../support/shop-folder";
import { run } from "../../../support/terraform";

describe("file store", () => {
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

  test("a relative link in a folder that is behind a link leads to what the system finds there", async () => {
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    symlinkSync("a/b", join(folder, "short"));
    symlinkSync("../record.json", join(folder, "a", "b", "link.json"));
    const store = new FileRecordStore(join(folder, "short", "link.json"));
    await store.write(RECORD);
    expect(readFileSync(join(folder, "a", "record.json"), "utf8")).toBe(documentText(RECORD));
    expect(await store.read()).toEqual(RECORD);
  });

  test("links that lead in a circle are no record that is missing: neither read, locked nor written", async () => {
    symlinkSync("b.json", join(folder, "a.json"));
    symlinkSync("a.json", join(folder, "b.json"));
    const store = new FileRecordStore(join(folder, "a.json"));
    for (const refused of [store.read(), store.lock(), store.write(RECORD)])
      await expect(refused).rejects.toThrow(
        /a\.json: the record can't be (read|written) \(its symbolic link leads in a circle\)/,
      );
  });

  test("a lock that is a folder is told as such, with how to remove it", async () => {
    mkdirSync(join(folder, "record.json.lock"));
    const store = new FileRecordStore(join(folder, "record.json"));
    await expect(store.lock()).rejects.toThrow(/record\.json\.lock: it is a folder, .* rmdir '.*record\.json\.lock'\./);
  });

  test("a named pipe as a record, its lock or a document is refused in words: reading one may never end", async () => {
    const pipe = (name: string): string => {
      execFileSync("mkfifo", [join(folder, name)]);
      return join(folder, name);
    };
    const lock = pipe("piped.json.lock");
    const locked = new FileRecordStore(join(folder, "piped.json"));
    await expect(locked.lock()).rejects.toThrow(/piped\.json\.lock: it is a named pipe \(FIFO\), .* rm '.*\.lock'\./);
    const store = new FileRecordStore(pipe("pipe.json"));
    for (const use of [() => store.read(), () => store.write(RECORD)])
      await expect(use()).rejects.toThrow(/pipe\.json: .*it is a named pipe \(FIFO\), and a file is wanted/);
    await expect(readInputFile(store.name, "Give another.")).rejects.toThrow(/named pipe.*Give another\./);
    await expect(readInputFile("/dev/zero", "Give another.")).rejects.toThrow(/it is a device/);
    expect([statSync(lock).isFIFO(), statSync(store.name).isFIFO()]).toEqual([true, true]);
    // A pipe that is open, as the shell's <(command) is, ends with what writes to it.
    const open = openSync(store.name, "r+");
    expect(specialFile(`/dev/fd/${open}`)).toBeUndefined();
    closeSync(open);
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
    await expect(store.read()).rejects.toThrow(InputFileError);
    expect(readFileSync(file, "utf8")).toBe("a file in place of a folder");
  });

  test("a record that is something else is refused with its name and what is wrong", async () => {
    const file = join(folder, "other.json");
    writeFileSync(file, "{}");
    const store = new FileRecordStore(file);
    await expect(store.read()).rejects.toThrow(/other\.json: .*\/format/s);
    await expect(store.read()).rejects.toThrow(/Nothing was changed.*move .*other\.json away.*--force existing/s);
  });
});

describe("file lock", () => {
  jest.setTimeout(60_000);

  const LOCK = "maas-network.record.json.lock";

  let shop: ShopFolder;

  beforeEach(async () => {
    shop = await ShopFolder.start();
  });

  afterEach(() => shop.stop());

  describe("the lock of a record", () => {
    test("keeps a second run away while the first one is under way, and is gone after it", async () => {
      shop.simulator.faults.set({ latency: 800 });
      const first = shop.start(["apply", "--yes"]);
      await first.said("fabric shop: creating...");
      const second = await shop.run(["destroy", "--yes"]);
      expect([second.code, second.stdout]).toEqual([1, ""]);
      expect(second.stderr).toMatch(
        /^error: the run of process \d+ on \S+ works with the same record, and nothing was changed/,
      );
      expect(second.stderr).toContain(`rm '${LOCK}'`);
      expect((await shop.run(["plan"])).code).not.toBe(1);
      expect([(await first.result).code, shop.made(), shop.has(LOCK)]).toEqual([0, SHOP_MADE, false]);
    });

    test("of a run that was killed is no obstacle", async () => {
      shop.simulator.faults.set({ latency: 300 });
      const killed = shop.start(["apply", "--yes"]);
      await killed.said("fabric shop: creating...");
      killed.kill("SIGKILL");
      await killed.result;
      shop.simulator.faults.clear();
      expect(shop.has(LOCK)).toBe(true);
      const again = await shop.run(["apply", "--yes"]);
      expect([again.stderr, again.code, shop.has(LOCK)]).toEqual(["", 0, false]);
    });

    test("of another host, or of nobody that can be named, stays until it is removed", async () => {
      const other = { pid: 1, host: `not-${hostname()}` };
      for (const text of [JSON.stringify(other), "", "null", "7", '{"pid":"1"}']) {
        shop.write(LOCK, text);
        const { code, stderr } = await shop.run(["apply", "--yes", "--error-format", "json"]);
        expect([code, JSON.parse(stderr)]).toMatchObject([1, { error: { kind: "locked", file: LOCK } }]);
        expect([shop.made(), shop.read(LOCK)]).toEqual([[], text]);
      }
    });

    test("that is stale is taken by one of many runs that find it at once", async () => {
      const locking = join(shop.path, "locking.js");
      const source = join(__dirname, "../../../../src/reconcile/engine/record/file-store.ts");
      buildSync({ entryPoints: [source], outfile: locking, bundle: true, platform: "node", format: "cjs" });
      const dead = spawnSync(process.execPath, ["-e", ""]).pid;
      for (let round = 0; round < 8; round += 1) {
        shop.write(LOCK, JSON.stringify({ pid: dead, host: hostname() }));
        // All begin at one moment, and whoever has the lock keeps it until the others have tried.
        const script = `
        const { lockRecordFile } = require("./locking.js");
        const start = ${Date.now() + 700};
        while (Date.now() < start);
        lockRecordFile("maas-network.record.json").then(() => {
          console.log("held");
          setTimeout(() => undefined, 1500);
        });`;
        const runs = Array.from({ length: 5 }, () =>
          run(process.execPath, ["-e", script], { cwd: shop.path, env: process.env }),
        );
        const held = (await Promise.all(runs)).filter(({ output }) => output.startsWith("held"));
        const left = readdirSync(shop.path).filter((name) => name.includes(".lock"));
        expect({ round, held: held.length, left }).toEqual({ round, held: 1, left: [] });
      }
    });

    test("is not asked for where there is no record to write", async () => {
      shop.write(LOCK, "");
      expect((await shop.run(["apply", "--yes", "--record", "none"])).code).toBe(0);
    });

    test("keeps a second run of the same process away as well, until it is released", async () => {
      const record = join(shop.path, "own.json");
      const lock = await lockRecordFile(record);
      await expect(lockRecordFile(record)).rejects.toThrow(RecordLockedError);
      await lock.release();
      expect(shop.has("own.json.lock")).toBe(false);
      await (await lockRecordFile(record)).release();
    });
  });
});
