import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { PROVIDER } from "../../lib/constructs/internal/facts";
import { isPlugin, ownPlatform, pluginFileName, scriptFiles, versionsIn } from "../../lib/provider/plugin/plugin-files";
import { installPlugin } from "../../src/cli/plugin/install";
import { impliedMirror, installationFile } from "../../src/cli/plugin/terraform-folders";
import { type CommandResult, PLUGIN, startCommand } from "../support/command-line";
import { temporaryFolder } from "../support/synth";

jest.setTimeout(60_000);

const { version } = PROVIDER;
const CONTENT = readFileSync(PLUGIN);
const pluginIn = (mirror: string, platform = ownPlatform()): string =>
  join(versionsIn(mirror), version, platform, pluginFileName(version));

/** Runs the command in a fresh folder, with a fresh home. */
function install(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = temporaryFolder(),
): Promise<CommandResult> {
  return startCommand(["install-plugin", ...args], { env: { HOME: temporaryFolder(), ...env }, cwd }).result;
}

function write(file: string, text: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test("the built plugin is known as ours, and by its first lines", () => {
  expect(isPlugin(CONTENT.subarray(0, 1000))).toBe(true);
  expect(isPlugin(Buffer.from("#!/bin/sh\nexec node other.js\n"))).toBe(false);
});

describe("into the user's own mirror", () => {
  test("places the plugin for this machine, with nothing on stdout but the block for HCL", async () => {
    const HOME = temporaryFolder();
    const { code, stdout, stderr } = await install([], { HOME });
    const file = pluginIn(join(HOME, ".terraform.d/plugins"));
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Placed: ${file}\n`)]);
    expect(stdout).toBe(
      `terraform {\n  required_providers {\n    maas = {\n      source  = "${PROVIDER.source}"\n      version = "${version}"\n    }\n  }\n}\n`,
    );
    expect([readFileSync(file).equals(CONTENT), statSync(file).mode & 0o777]).toEqual([true, 0o755]);
  });

  test("a second time changes nothing, mends permissions, and replaces another build of the plugin", async () => {
    const HOME = temporaryFolder();
    const file = pluginIn(join(HOME, ".terraform.d/plugins"));
    await install([], { HOME });
    const { ino } = statSync(file);
    expect((await install([], { HOME })).stderr).toContain(`Already there: ${file}\n`);
    expect(statSync(file).ino).toBe(ino);
    chmodSync(file, 0o644);
    await install([], { HOME });
    expect(statSync(file).mode & 0o777).toBe(0o755);
    writeFileSync(file, Buffer.concat([CONTENT, Buffer.from("\n// another build\n")]));
    expect((await install([], { HOME })).stderr).toContain(`Replaced: ${file}\n`);
    expect(readFileSync(file).equals(CONTENT)).toBe(true);
    expect(readdirSync(join(HOME, ".terraform.d/plugins"))).toEqual(["cdktf-maas.invalid"]);
  });

  test("says so where a CLI configuration switches that mirror off", async () => {
    const HOME = temporaryFolder();
    expect((await install([], { HOME })).stderr).not.toContain("provider_installation");
    writeFileSync(join(HOME, ".terraformrc"), "provider_installation {\n  direct {}\n}\n");
    const { stderr } = await install([], { HOME });
    expect(stderr).toContain(`Note: ${join(HOME, ".terraformrc")} has a provider_installation block`);
    expect(stderr).toContain('include = ["cdktf-maas.invalid/*/*"]');
  });

  test("is where Terraform documents it, on each system", () => {
    expect(impliedMirror({ platform: "linux", env: { HOME: "/home/anna" } })).toBe("/home/anna/.terraform.d/plugins");
    expect(impliedMirror({ platform: "darwin", env: { HOME: "/Users/anna" } })).toBe(
      "/Users/anna/.terraform.d/plugins",
    );
    expect(impliedMirror({ platform: "win32", env: { APPDATA: "C:/Roaming" } })).toBe(
      join("C:/Roaming", "terraform.d/plugins"),
    );
  });

  test("a file that TF_CLI_CONFIG_FILE names takes the place of the user's", () => {
    const HOME = temporaryFolder();
    const named = join(HOME, "company.tfrc");
    writeFileSync(join(HOME, ".tofurc"), "provider_installation {\n}\n");
    writeFileSync(named, "# no provider_installation here\n");
    expect(installationFile({ platform: "linux", env: { HOME } })).toBe(join(HOME, ".tofurc"));
    expect(installationFile({ platform: "linux", env: { HOME, TF_CLI_CONFIG_FILE: named } })).toBeUndefined();
  });
});

describe("into a named mirror", () => {
  test("places the plugin for several platforms, beside other versions, and says what Terraform needs", async () => {
    const mirror = join(temporaryFolder(), "mirror");
    const older = join(versionsIn(mirror), "0.0.9", "linux_arm64", "terraform-provider-maas_v0.0.9");
    write(older, "older");
    const { code, stderr } = await install([
      "--mirror",
      mirror,
      "--platform",
      "linux_arm64",
      "--platform",
      "darwin_amd64",
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`path    = ${JSON.stringify(mirror)}`)]);
    for (const platform of ["linux_arm64", "darwin_amd64"])
      expect(readFileSync(pluginIn(mirror, platform)).equals(CONTENT)).toBe(true);
    expect(readdirSync(join(versionsIn(mirror), version)).sort()).toEqual(["darwin_amd64", "linux_arm64"]);
    expect(readFileSync(older, "utf8")).toBe("older");
  });

  test("and a folder whose lock file has another hash, says how terraform init goes on", async () => {
    const cwd = temporaryFolder();
    const lock = (hash: string): string =>
      `provider "${PROVIDER.source}" {\n  version = "${version}"\n  hashes = [\n    "${hash}",\n  ]\n}\n`;
    writeFileSync(join(cwd, ".terraform.lock.hcl"), lock("h1:AAAA="));
    const { stderr } = await install(["--mirror", "m"], {}, cwd);
    expect(stderr).toContain("Note: .terraform.lock.hcl of this folder locks another plugin");
    writeFileSync(join(cwd, ".terraform.lock.hcl"), lock(/h1:\S+/.exec(stderr)?.[0] ?? ""));
    expect((await install(["--mirror", "m"], {}, cwd)).stderr).not.toContain("Note:");
  });

  /** What may be in the way, as a function of the plugin's place. */
  const FOREIGN: readonly (readonly [what: string, place: (file: string) => void, says: RegExp])[] = [
    ["a file that is no plugin of ours", (file) => write(file, "#!/bin/sh\n"), /no plugin of cdktf-maas/],
    ["a folder", (file) => mkdirSync(file, { recursive: true }), /no plugin of cdktf-maas/],
    [
      "a symbolic link",
      (file) => {
        write(join(dirname(file), "..", "elsewhere"), Buffer.concat([CONTENT, Buffer.from("x")]));
        mkdirSync(dirname(file), { recursive: true });
        symlinkSync(join(dirname(file), "..", "elsewhere"), file);
      },
      /no plugin of cdktf-maas/,
    ],
    ["a file beside the plugin", (file) => write(join(dirname(file), "README"), ""), /README: the lock file's hash/],
    [
      "a packed plugin of that version",
      (file) => write(join(dirname(file), "../..", `terraform-provider-maas_${version}_linux_arm64.zip`), ""),
      /already has this version as a zip file/,
    ],
    ["a file in the folder's place", (file) => write(dirname(dirname(file)), ""), /ENOTDIR/],
  ];

  test.each(FOREIGN)("replaces nothing where there is %s, for any of the platforms", (_, place, says) => {
    const mirror = temporaryFolder();
    place(pluginIn(mirror, "linux_arm64"));
    const before = readdirSync(mirror, { recursive: true });
    const platforms = ["linux_amd64", "linux_arm64"];
    const act = (): unknown => installPlugin({ plugins: scriptFiles(CONTENT, version, platforms), version, mirror });
    expect(act).toThrow(says);
    expect(act).toThrow(/--mirror\.$/);
    expect(readdirSync(mirror, { recursive: true })).toEqual(before);
  });
});

describe("single executables", () => {
  /** A folder with executables that hold the plugin, as `npm run package -- --executables` makes it. */
  function executables(platforms: readonly string[]): string {
    const folder = temporaryFolder();
    for (const platform of platforms) {
      const files = { [pluginFileName(version, platform)]: Buffer.concat([Buffer.from(platform), CONTENT]) };
      writeFileSync(join(folder, `terraform-provider-maas_${version}_${platform}.zip`), zipSync(files));
    }
    return folder;
  }
  const own = ownPlatform();

  test("take the script's place, under the name that the platform wants, and one lock entry has all hashes", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, ".terraform.lock.hcl"), `provider "${PROVIDER.source}" {\n  constraints = "~> 0.1"\n}\n`);
    await install(["--mirror", "m"], {}, cwd);
    const folder = executables([own, "windows_amd64", "windows_arm64"]);
    const platforms = ["--platform", own, "--platform", "windows_amd64"];
    const args = ["--mirror", "m", "--executables", folder, ...platforms, "--lock"];
    const { code, stderr } = await install(args, {}, cwd);
    const file = pluginIn(join(cwd, "m"));
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Replaced: ${file}\nPlaced: `)]);
    expect(stderr).toContain("It is a single executable, and needs no Node.js.");
    expect(readFileSync(file).subarray(0, own.length).toString()).toBe(own);
    const windows = join(
      cwd,
      "m",
      PROVIDER.source,
      version,
      "windows_amd64",
      `terraform-provider-maas_v${version}.exe`,
    );
    expect(statSync(windows).size).toBeGreaterThan(CONTENT.length);
    const lock = readFileSync(join(cwd, ".terraform.lock.hcl"), "utf8");
    const told = [...stderr.matchAll(/Hash for .*: (h1:\S+)/g)].map(([, hash = ""]) => hash);
    expect(told).toHaveLength(4);
    expect(lock).toContain(
      `constraints = "~> 0.1"\n  hashes = [\n${told
        .sort()
        .map((hash) => `    "${hash}",\n`)
        .join("")}  ]`,
    );
    expect((await install(args, {}, cwd)).stderr).toMatch(/Already there: [\s\S]*Locked already: /);
  });

  test.each([
    [
      "a platform that the folder does not have",
      () => executables([own]),
      ["--platform", "freebsd_arm"],
      `It has ${own}`,
    ],
    ["a folder without executables", temporaryFolder, [], "Use the executables of the very package"],
  ])("are refused for %s, and nothing is written", async (_, folder, args, says) => {
    const cwd = temporaryFolder();
    const { code, stderr } = await install(["--mirror", "m", "--executables", folder(), "--lock", ...args], {}, cwd);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

test.each([
  ["linux-amd64", "Write it as Terraform does, such as linux_amd64"],
  ["linus_amd64", "one of linux, darwin"],
  ["windows_amd64", "--executables FOLDER"],
])("the platform %s is refused", async (platform, says) => {
  const { code, stderr } = await install(["--platform", platform]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
});
