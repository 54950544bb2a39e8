import { type ChildProcess, execFileSync, spawn, spawnSync, type StdioOptions } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { PROVIDER } from "../lib/constructs/internal/facts";
import { executablesIn } from "../lib/provider/plugin/executables";
import { isPlugin, ownPlatform, type PluginFile, versionsIn } from "../lib/provider/plugin/plugin-files";
import { MaasSimulator } from "../src/simulator";
import { PLUGIN, succeeded } from "../test/support/command-line";
import { describeWithTerraform, quietEnvironment, run, TERRAFORM } from "../test/support/terraform";
import { Project, ROOT } from "./support/project";

const { source, version } = PROVIDER;
const EXECUTABLES = join(process.env.PACKAGES_FOLDER ?? "", "executables");
const CLI = join(ROOT, "dist", "bin", "cdktf-maas.js");
const PLATFORM = ownPlatform();

/** By which a plugin knows that Terraform has started it. @see src/provider/rpc/handshake.ts */
const LAUNCH = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
};

const REQUIRED = `terraform {\n  required_providers {\n    maas = {\n      source  = "${source}"\n      version = "${version}"\n    }\n  }\n}\n`;
const NETWORK = `provider "maas" {}\nresource "maas_fabric" "lab" {\n  name = "lab"\n}\n`;

const packed = (): PluginFile[] => executablesIn(EXECUTABLES, version, readFileSync(PLUGIN));
const lockedIn = (folder: string): string => readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");

/** A folder with this program alone, as a PATH on which there is no node. */
function pathOf(folder: string, program: string): string {
  const path = join(folder, "bin");
  const [found] = (process.env.PATH ?? "")
    .split(delimiter)
    .map((entry) => join(entry, program))
    .filter((file) => existsSync(file));
  mkdirSync(path);
  symlinkSync(found ?? program, join(path, TERRAFORM));
  return path;
}

/** The first line that a program writes. */
async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.trim();
}

test("there is an executable for each platform that was asked for, with its hash and with Node's licence beside it", () => {
  expect(packed().map(({ platform }) => platform)).toEqual(expect.arrayContaining([PLATFORM, "windows_amd64"]));
  expect(readFileSync(join(EXECUTABLES, `terraform-provider-maas_${version}_NOTICES.txt`), "utf8")).toMatch(
    /Node\.js is licensed for use as follows[\s\S]*undici/,
  );
});

test("the same script gives the same bytes", () => {
  const again = mkdtempSync(join(tmpdir(), "cdktf-maas-again-"));
  const script = join(ROOT, "scripts", "package.mjs");
  const args = ["--only", "executables", "--executables", PLATFORM, "--output", again];
  execFileSync(process.execPath, [script, ...args], { stdio: "ignore" });
  const zip = `terraform-provider-maas_${version}_${PLATFORM}.zip`;
  const hashOf = (folder: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, zip)))
      .digest("hex");
  expect(hashOf(join(again, "executables"))).toBe(hashOf(EXECUTABLES));
  rmSync(again, { recursive: true });
});

describeWithTerraform()("without node on the PATH", () => {
  let simulator: MaasSimulator;
  let project: Project;
  let env: NodeJS.ProcessEnv;
  const terraform = (args: readonly string[], cwd: string) => run(TERRAFORM, [...args, "-no-color"], { cwd, env });

  beforeEach(async () => {
    simulator = await MaasSimulator.start();
    project = new Project();
    const PATH = pathOf(project.folder, TERRAFORM);
    env = { ...quietEnvironment(project.folder), HOME: join(project.folder, "home"), PATH };
    env = { ...env, MAAS_API_URL: simulator.url, MAAS_API_KEY: simulator.apiKey };
    expect(spawnSync("node", ["--version"], { env }).error).toMatchObject({ code: "ENOENT" });
  });
  afterEach(async () => {
    await simulator.stop();
    project.remove();
  });

  test("Terraform runs the executable that install-plugin has placed and locked, and nothing is written beside it", async () => {
    const mirror = join(project.folder, "home", ".terraform.d", "plugins");
    const args = ["install-plugin", "--executables", EXECUTABLES, "--lock"];
    const told = project.succeed(process.execPath, [CLI, ...args], { HOME: join(project.folder, "home") });
    expect(told).toContain("It is a single executable, and needs no Node.js.");
    project.write("main.tf", REQUIRED + NETWORK);
    const lock = lockedIn(project.folder);
    for (const { hash } of packed()) expect(lock).toContain(hash);

    succeeded(await terraform(["init", "-lockfile=readonly"], project.folder));
    succeeded(await terraform(["apply", "-auto-approve"], project.folder));
    expect(simulator.state.fabrics).toContain("lab");
    succeeded(await terraform(["plan", "-detailed-exitcode"], project.folder));
    const own = packed().find(({ platform }) => platform === PLATFORM);
    expect(readdirSync(join(versionsIn(mirror), version, PLATFORM))).toEqual([own?.name]);
    expect(lockedIn(project.folder)).toBe(lock);

    // The script has its hash in the same lock file, so that machines with Node may go on with it.
    project.succeed(process.execPath, [CLI, "install-plugin"], { HOME: join(project.folder, "home") });
    env = { ...env, PATH: `${env.PATH ?? ""}${delimiter}${process.env.PATH ?? ""}` };
    rmSync(join(project.folder, ".terraform"), { recursive: true });
    succeeded(await terraform(["init", "-lockfile=readonly"], project.folder));
  });

  test("a stack that was synthesised with the folder of the executables is planned", async () => {
    const main = `
      const { App, TerraformStack } = require(${JSON.stringify(join(ROOT, "node_modules", "cdktf"))});
      const { Fabric, MaasProvider } = require(${JSON.stringify(join(ROOT, "dist", "lib"))});
      const app = new App({ outdir: "out" });
      const stack = new TerraformStack(app, "lab");
      new MaasProvider(stack, "maas", { pluginExecutables: ${JSON.stringify(EXECUTABLES)} });
      new Fabric(stack, "fabric", { name: "lab" });
      app.synth();`;
    project.succeed(process.execPath, ["-e", main]);
    const folder = join(project.folder, "out", "stacks", "lab");
    const lock = lockedIn(folder);
    expect(lock.match(/h1:/g)).toHaveLength(1 + packed().length);
    succeeded(await terraform(["init", "-lockfile=readonly"], folder));
    const planned = await terraform(["plan"], folder);
    expect([planned.code, planned.output]).toEqual([0, expect.stringContaining("1 to add")]);
  });
});

describe("the executable for this machine", () => {
  const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-executable-"));
  const project = new Project();
  const executable = join(folder, "terraform-provider-maas");
  beforeAll(() =>
    project.succeed(process.execPath, [CLI, "install-plugin", "--mirror", folder, "--executables", EXECUTABLES]),
  );
  beforeAll(() => {
    const [name = ""] = readdirSync(join(versionsIn(folder), version, PLATFORM));
    copyFileSync(join(versionsIn(folder), version, PLATFORM, name), executable);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
    project.remove();
  });

  test("says and does by hand what the script does", () => {
    const [byHand, script] = [executable, PLUGIN].map((file) => spawnSync(file, { encoding: "utf8" }));
    expect([byHand?.status, byHand?.stdout, byHand?.stderr]).toEqual([
      1,
      "",
      expect.stringContaining("Terraform starts it"),
    ]);
    expect(byHand?.stderr).toBe(script?.stderr);
  });

  test.each([
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("ends on %s as the script does, and not on SIGINT, which is Terraform's", async (signal, code) => {
    for (const file of [executable, PLUGIN]) {
      const child = spawn(file, { env: { ...process.env, ...LAUNCH }, stdio: ["ignore", "pipe", "ignore"] });
      expect(await firstLine(child)).toMatch(/^1\|6\|unix\|\/.*\|grpc$/);
      const ended = once(child, "exit");
      child.kill("SIGINT");
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(child.exitCode).toBeNull();
      child.kill(signal);
      expect(await ended).toEqual([code, null]);
    }
  });
});

const hasWine = process.arch === "x64" && spawnSync("wine", ["--version"]).status === 0;
if (!hasWine) process.stderr.write("\n*** SKIPPED: there is no wine, so nothing was started as on Windows\n");

(hasWine ? describe : describe.skip)("on Windows, as wine has it", () => {
  const project = new Project();
  const prefix = join(project.folder, "prefix");
  const env = {
    ...{ WINEPREFIX: prefix, WINEDEBUG: "-all", WINEDLLOVERRIDES: "mscoree,mshtml=", DISPLAY: "" },
    ...{ HOME: project.folder, PATH: process.env.PATH },
  };
  /** A file as Windows names it: wine's drive Z: is the root. */
  const windows = (file: string): string => `Z:${file.replaceAll("/", "\\")}`;
  const inPlugins = join(source, version, "windows_amd64", `terraform-provider-maas_v${version}.exe`);
  const appData = join("users", userInfo().username, "AppData", "Roaming", "terraform.d", "plugins");
  const executable = join(prefix, "drive_c", appData, inPlugins);
  /** Programs write to a file: wine can't give them the sockets and pipes that Node makes for its children. */
  const written = join(project.folder, "written");
  const wine = (...args: readonly string[]): { readonly code: number | null; readonly output: string } => {
    const file = openSync(written, "w");
    const { status } = spawnSync("wine", args, { cwd: project.folder, env, stdio: ["ignore", file, file] });
    closeSync(file);
    return { code: status, output: readFileSync(written, "utf8") };
  };

  beforeAll(() => {
    expect(wine("wineboot", "--init").code).toBe(0);
    // Node refuses the Windows that wine stands for by default.
    expect(wine("reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f").code).toBe(0);
  });
  afterAll(() => {
    spawnSync("wineserver", ["--kill"], { env });
    project.remove();
  });

  test("install-plugin places and locks the executable where Terraform for Windows looks for it", () => {
    const fetch = `import("./scripts/package/node-binaries.mjs").then(({ nodeBinary }) => console.log(nodeBinary("windows_amd64")))`;
    const node = execFileSync(process.execPath, ["-e", fetch], { cwd: ROOT, encoding: "utf8" }).trim();
    const args = [windows(CLI), "install-plugin", "--executables", windows(EXECUTABLES), "--lock"];
    const { code, output } = wine(node, ...args);
    expect([code, output]).toEqual([0, expect.stringContaining("no Node.js")]);
    expect(output).toContain(`Placed: C:\\${join(appData, inPlugins).replaceAll("/", "\\")}\n`);
    expect(isPlugin(readFileSync(executable))).toBe(true);
    for (const { hash } of packed()) expect(lockedIn(project.folder)).toContain(hash);
    expect(wine(node, ...args).output).toMatch(/Already there: [\s\S]*Locked already: /);
    const script = wine(node, windows(CLI), "install-plugin");
    expect([script.code, script.output]).toEqual([1, expect.stringContaining("--executables FOLDER")]);
  });

  test("the executable says by hand that Terraform starts it", () => {
    const { code, output } = wine(executable);
    expect([code, output]).toEqual([1, expect.stringContaining("Terraform starts it")]);
  });

  // No further than a plan that asks no region: wine 8 refuses the keep-alive that HTTP clients ask for before they connect.
  test("the executable serves Terraform over TCP, and takes a path of Windows", async () => {
    const file = openSync(written, "w");
    const stdio: StdioOptions = ["ignore", file, "ignore"];
    const child = spawn("wine", [executable], { env: { ...env, ...LAUNCH, MAAS_API_KEY: "a:b:c" }, stdio });
    closeSync(file);
    try {
      const line = (): string => readFileSync(written, "utf8");
      while (!line().includes("\n") && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 50));
      const [, , network, address] = line().split("|");
      expect([network, address]).toEqual(["tcp", expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
      const Addr = { Network: network, String: address };
      const reattach = { [source]: { Protocol: "grpc", ProtocolVersion: 6, Pid: child.pid, Test: true, Addr } };
      const terraform = quietEnvironment(project.folder);
      const options = {
        cwd: project.folder,
        env: { ...terraform, TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
      };
      const plan = (setting: string) => {
        const provider = `provider "maas" {\n  api_url = "https://region.example/MAAS"\n  ${setting}\n}\n`;
        project.write("main.tf", REQUIRED + NETWORK.replace('provider "maas" {}\n', provider));
        return run(TERRAFORM, ["plan", "-no-color"], options);
      };
      const planned = await plan("skip_api_checks = true");
      expect([planned.code, planned.output]).toEqual([0, expect.stringContaining("1 to add")]);
      const refused = await plan('tls_ca_cert_path = "C:\\\\certificates\\\\ca.pem"');
      expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("C:\\certificates\\ca.pem")]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
