import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { MaasProvider } from "cdktf-maas";
import { zipSync } from "fflate";
import { PROVIDER } from "../../../../lib/constructs/internal/facts";
import { executablesIn } from "../../../../lib/provider/plugin/executables";
import { pluginHash } from "../../../../lib/provider/plugin/lock-file";
import { placePlugin } from "../../../../lib/provider/plugin/place-plugin";
import { pluginFileName, versionsIn } from "../../../../lib/provider/plugin/plugin-files";
import { PLUGIN } from "../../../support/command-line";
import { temporaryFolder } from "../../../support/synth";

const { version } = PROVIDER;
const SCRIPT = readFileSync(PLUGIN);

/** Node with the script in it, but for Node. */
const executableOf = (platform: string, script = SCRIPT): Buffer =>
  Buffer.concat([Buffer.from(`node for ${platform}`), script, Buffer.from("more of node")]);

const zipName = (platform: string, of = version): string => `terraform-provider-maas_${of}_${platform}.zip`;

/** A folder as `npm run package -- --executables` makes it. */
function folderOf(platforms: readonly string[], script = SCRIPT): string {
  const folder = temporaryFolder();
  for (const platform of platforms) {
    const files = { [pluginFileName(version, platform)]: executableOf(platform, script) };
    writeFileSync(join(folder, zipName(platform)), zipSync(files));
  }
  writeFileSync(join(folder, `terraform-provider-maas_${version}_SHA256SUMS`), "");
  return folder;
}

const placedIn = (stack: string): string[] => {
  const versions = join(versionsIn(join(stack, "terraform.d", "plugins")), version);
  const files = readdirSync(versions, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.includes("/")).sort();
};
const contentOf = (stack: string, platform: string): Buffer =>
  readFileSync(
    join(versionsIn(join(stack, "terraform.d", "plugins")), version, platform, pluginFileName(version, platform)),
  );
const hashesIn = (stack: string): string[] =>
  readFileSync(join(stack, ".terraform.lock.hcl"), "utf8").match(/h1:[^"]+/g) ?? [];

const NAME = pluginFileName(version);
const SCRIPTS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"].map((platform) => `${platform}/${NAME}`);

describe("a folder of executables", () => {
  test("gives what is packed in it, with the hash that Terraform has for it", () => {
    const found = executablesIn(folderOf(["windows_arm64", "linux_amd64"]), version, SCRIPT);
    expect(found.map(({ platform, name }) => [platform, name])).toEqual([
      ["linux_amd64", NAME],
      ["windows_arm64", `${NAME}.exe`],
    ]);
    for (const { platform, name, size, hash, content } of found) {
      expect(content().equals(executableOf(platform))).toBe(true);
      expect([size, hash]).toEqual([content().length, pluginHash(name, content())]);
    }
  });

  const UNFIT: readonly (readonly [what: string, folder: () => string, says: RegExp])[] = [
    ["is not there", () => join(temporaryFolder(), "nowhere"), /there is no such folder/],
    ["is a file", () => join(folderOf(["linux_amd64"]), zipName("linux_amd64")), /there is no such folder/],
    ["is empty", temporaryFolder, /it has no terraform-provider-maas_.*_OS_ARCH\.zip/],
    [
      "has those of another version",
      () => {
        const folder = temporaryFolder();
        writeFileSync(join(folder, zipName("linux_amd64", "0.0.9")), "");
        return folder;
      },
      /it has no terraform/,
    ],
    [
      "has those of another build",
      () => folderOf(["linux_amd64"], Buffer.concat([SCRIPT.subarray(0, 2000), Buffer.from("other")])),
      /another build of the plugin/,
    ],
  ];
  test.each(UNFIT)("that %s is refused, by MaasProvider too", (_, folder, says) => {
    const executables = folder();
    expect(() => executablesIn(executables, version, SCRIPT)).toThrow(says);
    const stack = (): TerraformStack => new TerraformStack(new App({ outdir: temporaryFolder() }), "lab");
    const provider = (): unknown => new MaasProvider(stack(), "maas", { pluginExecutables: executables });
    expect(provider).toThrow(says);
    expect(provider).toThrow("pluginExecutables");
  });

  test.each([0, 1, 21, 22, 500, 10_000])("with a zip file that was cut off after %d bytes is refused", (length) => {
    const folder = folderOf(["linux_amd64"]);
    const file = join(folder, zipName("linux_amd64"));
    writeFileSync(file, readFileSync(file).subarray(0, length));
    expect(() => executablesIn(folder, version, SCRIPT)).toThrow(/the plugin can't be taken out of it/);
  });

  test("with a zip file of other files is refused", () => {
    const folder = temporaryFolder();
    const file = join(folder, zipName("windows_amd64"));
    for (const files of [{ [NAME]: SCRIPT }, { [`${NAME}.exe`]: SCRIPT, README: SCRIPT }, {}]) {
      writeFileSync(file, zipSync(files));
      expect(() => executablesIn(folder, version, SCRIPT)).toThrow(/the plugin can't be taken out of it/);
    }
  });
});

describe("beside a stack", () => {
  test("the executables are placed for their platforms and the script for the others, and the lock entry has all hashes", () => {
    const stack = temporaryFolder();
    const folder = folderOf(["linux_amd64", "windows_amd64"]);
    placePlugin(PLUGIN, stack, folder);
    expect(placedIn(stack)).toEqual([...SCRIPTS, `windows_amd64/${NAME}.exe`]);
    expect(contentOf(stack, "linux_amd64").equals(executableOf("linux_amd64"))).toBe(true);
    expect(contentOf(stack, "linux_arm64").equals(SCRIPT)).toBe(true);
    const hashes = [
      pluginHash(NAME, SCRIPT),
      pluginHash(NAME, executableOf("linux_amd64")),
      pluginHash(`${NAME}.exe`, executableOf("windows_amd64")),
    ];
    expect(hashesIn(stack)).toEqual(hashes.sort());
  });

  test("the script comes back without the folder, and nothing of the executables stays", () => {
    const stack = temporaryFolder();
    placePlugin(PLUGIN, stack, folderOf(["linux_amd64", "windows_amd64"]));
    placePlugin(PLUGIN, stack);
    expect(placedIn(stack)).toEqual(SCRIPTS);
    for (const name of SCRIPTS) expect(contentOf(stack, name.split("/")[0] ?? "").equals(SCRIPT)).toBe(true);
    expect(hashesIn(stack)).toEqual([pluginHash(NAME, SCRIPT)]);
  });

  test("what a run that was killed has left in the plugin's folder, which has one hash for all, is gone", () => {
    const stack = temporaryFolder();
    placePlugin(PLUGIN, stack);
    const versions = join(versionsIn(join(stack, "terraform.d", "plugins")), version);
    writeFileSync(join(versions, "linux_amd64", `${NAME}.4711.tmp`), "half of it");
    placePlugin(PLUGIN, stack);
    expect(placedIn(stack)).toEqual(SCRIPTS);
  });
});
