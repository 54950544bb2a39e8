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
import fc from "fast-check";
import { PROVIDER } from "../../../../lib/constructs/internal/facts";
import { mergeLock, pluginHash } from "../../../../lib/provider/plugin/lock-file";
import { placePlugin, PLUGIN_FILE_NAME } from "../../../../lib/provider/plugin/place-plugin";
import { temporaryFolder } from "../../../support/synth";
import { TERRAFORM } from "../../../support/terraform";

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
  const { stdout } = await promisify(execFile)(TERRAFORM, ["init", "-no-color", "-input=false"], {
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

describe("lock file", () => {
  const SOURCE = "cdktf-maas.invalid/cdktf-maas/maas";
  const ENTRY = { source: SOURCE, version: "0.1.0", hashes: ["h1:aaaa="] };
  const OURS = `provider "${SOURCE}" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:aaaa=",
  ]
}
`;
  const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;
  const NULL = `provider "registry.example/hashicorp/null" {
  version     = "3.2.4"
  constraints = "~> 3.2"
  hashes = [
    "h1:hkf5w5B6q8e2A42ND2CjAvgvSN3puAosDmOJb3zCVQM=",
    "zh:59f6b52ab4ff35739647f9509ee6d93d7c032985d9f8c6237d1f8a59471bbbe2",
  ]
}
`;

  test("an empty file becomes the entry", () => {
    expect(mergeLock("", ENTRY)).toBe(OURS);
  });

  test("other providers and comments are kept byte for byte, with the entry behind them", () => {
    expect(mergeLock(`${HEADER}\n${NULL}`, ENTRY)).toBe(`${HEADER}\n${NULL}\n${OURS}`);
  });

  test("an entry of another version or hash is replaced where it is", () => {
    const stale = OURS.replaceAll("0.1.0", "0.0.9").replace("h1:aaaa=", "h1:bbbb=");
    expect(mergeLock(`${HEADER}\n${stale}\n${NULL}`, ENTRY)).toBe(`${HEADER}\n${OURS}\n${NULL}`);
  });

  test("two entries of the provider become one", () => {
    const stale = OURS.replaceAll("0.1.0", "0.0.9");
    expect(mergeLock(`${stale}\n${NULL}\n${stale}`, ENTRY)).toBe(`${OURS}\n${NULL}\n`);
  });

  test("a provider whose source only resembles ours is another provider", () => {
    const other = OURS.replace(SOURCE, `${SOURCE}-extra`);
    expect(mergeLock(other, ENTRY)).toBe(`${other}\n${OURS}`);
  });

  test("braces and our own name in comments and strings are no block", () => {
    const text = `# provider "${SOURCE}" { not really
/*
provider "${SOURCE}" {
*/
provider "example.com/a/b" {
  version = "1.0.0" # }
  // } }
  constraints = "} \\" }"
}
`;
    expect(mergeLock(text, ENTRY)).toBe(`${text}\n${OURS}`);
  });

  test("a file without a last line break, or with Windows line ends, gets a whole entry", () => {
    expect(mergeLock(NULL.trimEnd(), ENTRY)).toBe(`${NULL.trimEnd()}\n\n${OURS}`);
    const windows = OURS.replace("0.1.0", "0.0.9").replaceAll("\n", "\r\n");
    expect(mergeLock(windows, ENTRY)).toBe(OURS);
  });

  test("a cut-off entry of ours is replaced", () => {
    expect(mergeLock(`${NULL}\nprovider "${SOURCE}" {\n  version = "0.0`, ENTRY)).toBe(`${NULL}\n${OURS}`);
  });

  test("whatever the file holds, merging twice changes nothing more and keeps the other blocks", () => {
    const part = fc.constantFrom(HEADER, NULL, OURS, OURS.replace("0.1.0", "0.0.9"), "\n", "# x }\n", "/* { */\n");
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const once = mergeLock(parts.join(""), ENTRY);
        expect(mergeLock(once, ENTRY)).toBe(once);
        expect(once.split(NULL).length).toBe(parts.join("").split(NULL).length);
        expect(once.split(OURS).length).toBe(2);
      }),
    );
  });

  test("the hash is the one that Terraform computes for a folder of one file", () => {
    // Recorded from `terraform providers lock -fs-mirror` of Terraform 1.11.4 for a file with this name and content.
    expect(pluginHash("terraform-provider-maas_v0.1.0", Buffer.from("#!/usr/bin/env node\nx\n"))).toBe(
      "h1:mSTEPOLzG0Bb33EADwdefyUtZ4xEUMyfAsYpGI1mKHo=",
    );
  });
});
