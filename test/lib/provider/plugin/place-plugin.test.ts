import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { placePlugin } from "../../../../lib/provider/plugin/place-plugin";
import { PLUGIN_FILE_NAME, PROVIDER } from "../../../../lib/constructs/internal/package";
import { temporaryFolder } from "../../../support/synth";

const PLATFORM = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
const STALE_LOCK = `provider "${PROVIDER.source}" {\n  version = "0.0.9"\n  hashes = [\n    "h1:AAAA=",\n  ]\n}\n`;

/** A plugin that Terraform can install and hash; init does not start it. */
function standIn(content = "1"): string {
  const file = join(temporaryFolder(), "plugin");
  writeFileSync(file, `#!/usr/bin/env node\n${content}\n`, { mode: 0o644 });
  return file;
}

/** The folder of a stack that needs the provider. */
function stackFolder(): string {
  const folder = temporaryFolder();
  const maas = { source: PROVIDER.source, version: PROVIDER.version };
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: { maas } } }));
  return folder;
}

const selected = (folder: string) =>
  join(folder, ".terraform", "providers", PROVIDER.source, PROVIDER.version, PLATFORM);
const lockOf = (folder: string) => readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");

/** `terraform init` as the cdktf command line runs it, with a plugin cache. */
async function init(folder: string, cache: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: temporaryFolder(), CHECKPOINT_DISABLE: "1", TF_PLUGIN_CACHE_DIR: cache };
  const { stdout } = await promisify(execFile)("terraform", ["init", "-no-color", "-input=false"], {
    cwd: folder,
    env,
  });
  return stdout;
}

test("the plugin is placed for every platform it runs on, executable, and a second time changes nothing", () => {
  const folder = stackFolder();
  placePlugin(standIn(), folder);
  const versions = join(folder, "terraform.d", "plugins", PROVIDER.source);
  expect(readdirSync(join(versions, PROVIDER.version)).sort()).toEqual([
    "darwin_amd64",
    "darwin_arm64",
    "linux_amd64",
    "linux_arm64",
  ]);
  const files = readdirSync(join(versions, PROVIDER.version)).map((platform) =>
    join(versions, PROVIDER.version, platform, PLUGIN_FILE_NAME),
  );
  for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o755);

  const before = [...files.map((file) => statSync(file).ino), lockOf(folder), readlinkSync(selected(folder))];
  placePlugin(standIn(), folder);
  expect([...files.map((file) => statSync(file).ino), lockOf(folder), readlinkSync(selected(folder))]).toEqual(before);
});

test("a new build replaces plugin and hash; another version leaves nothing behind", () => {
  const folder = stackFolder();
  const stale = join(folder, "terraform.d", "plugins", PROVIDER.source, "0.0.9", PLATFORM);
  mkdirSync(stale, { recursive: true });
  writeFileSync(join(folder, ".terraform.lock.hcl"), STALE_LOCK);
  placePlugin(standIn("1"), folder);
  const first = lockOf(folder);
  placePlugin(standIn("2"), folder);
  expect(existsSync(dirname(stale))).toBe(false);
  expect(first).not.toContain("0.0.9");
  expect(lockOf(folder)).not.toBe(first);
  expect(readFileSync(join(selected(folder), PLUGIN_FILE_NAME), "utf8")).toContain("2");
});

test("terraform init takes the placed plugin off-line, confirms the hash and leaves the lock file as it is", async () => {
  const folder = stackFolder();
  placePlugin(standIn(), folder);
  const lock = lockOf(folder);
  expect(await init(folder, temporaryFolder())).toContain("successfully initialized");
  expect(lockOf(folder)).toBe(lock);
});

test("stacks that are initialised in parallel keep to their own plugin, also of two builds, and survive each other's removal", async () => {
  const cache = temporaryFolder();
  const [one, two, three] = [stackFolder(), stackFolder(), stackFolder()];
  placePlugin(standIn("1"), one);
  placePlugin(standIn("1"), two);
  placePlugin(standIn("2"), three);
  await Promise.all([one, two, three].map((folder) => init(folder, cache)));
  for (const folder of [one, two, three]) {
    expect(realpathSync(selected(folder)).startsWith(realpathSync(folder))).toBe(true);
  }
  expect(readdirSync(cache)).toEqual([]);
  rmSync(one, { recursive: true });
  expect(await init(two, cache)).toContain("successfully initialized");
  mkdirSync(one);
});

test("a link that an earlier init left, into a cache that is gone, heals", async () => {
  const cache = temporaryFolder();
  const folder = stackFolder();
  for (const link of [selected(folder), join(cache, PROVIDER.source, PROVIDER.version, PLATFORM)]) {
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync("/nonexistent/terraform.d/plugins", link);
  }
  placePlugin(standIn(), folder);
  expect(await init(folder, cache)).toContain("successfully initialized");
  expect(realpathSync(selected(folder)).startsWith(realpathSync(folder))).toBe(true);
});

test("a stack folder that was copied without .terraform, as pipelines do, initialises too", async () => {
  const folder = stackFolder();
  placePlugin(standIn(), folder);
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true, filter: (file) => !file.endsWith(".terraform") });
  expect(await init(copy, temporaryFolder())).toContain("successfully initialized");
});
