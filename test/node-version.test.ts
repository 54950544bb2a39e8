import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LAUNCH_ENVIRONMENT } from "./support/plugin-client";
import { programFile } from "./support/command-line";
import { temporaryFolder } from "./support/synth";
import { PLUGIN } from "./support/command-line";
import { describeWithTerraform, TERRAFORM, Workspace } from "./support/terraform";

jest.setTimeout(60_000);

/** A folder with a `node` that says to be of that version. Absent = a folder without any. */
function pathWith(version?: string): string {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  if (version === undefined) return folder;
  const preload = join(dirname(folder), "version.js");
  const set = (of: string, name: string, value: string): string =>
    `Object.defineProperty(${of}, "${name}", { value: "${value}" });`;
  writeFileSync(preload, set("process", "version", `v${version}`) + set("process.versions", "node", version));
  const node = join(folder, "node");
  writeFileSync(node, `#!/bin/sh\nexec ${process.execPath} -r ${preload} "$@"\n`);
  chmodSync(node, 0o755);
  return folder;
}

const NEEDS = "cdktf-maas: the Terraform provider for MAAS runs on Node.js 20.18.1 or later, and";

const startPlugin = (path: string) =>
  spawnSync(PLUGIN, { env: { ...LAUNCH_ENVIRONMENT, PATH: path }, encoding: "utf8", timeout: 20_000 });

test("the plugin says that there is no Node where Terraform looks for it, in the line that Terraform shows", () => {
  const { status, stdout, stderr } = startPlugin(pathWith());
  expect([status, stdout]).toEqual([1, stderr]);
  expect(stdout).toMatch(new RegExp(`^${NEEDS} there is no node on the PATH\\. Install it where Terraform runs.*\\n$`));
});

test.each(["18.20.4", "20.17.0", "20.18.0", "12.22.12"])(
  "the plugin does not start with Node %s, and says so",
  (version) => {
    const { status, stdout } = startPlugin(pathWith(version));
    expect([status, stdout.split("\n")]).toEqual([
      1,
      [expect.stringContaining(`${NEEDS} node on the PATH is v${version} (`), ""],
    ]);
  },
);

test.each(["20.18.1", "22.0.0"])("Node %s is new enough", (version) => {
  const environment = { PATH: pathWith(version) };
  const { stderr } = spawnSync(PLUGIN, { env: environment, encoding: "utf8" });
  expect(stderr).toMatch(/^terraform-provider-maas is a Terraform provider plugin/);
  const cli = spawnSync("node", [programFile("cdktf-maas"), "--version"], { env: environment, encoding: "utf8" });
  expect([cli.stderr, cli.status]).toEqual(["", 0]);
});

test.each(["cdktf-maas", "cdktf-maas-apply"])("%s says with an older Node which one it needs", (program) => {
  const { status, stdout, stderr } = spawnSync("node", [programFile(program), "--version"], {
    ...{ env: { PATH: pathWith("18.20.4") }, encoding: "utf8" },
  });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^error: cdktf-maas needs Node\.js 20\.18\.1 or later, and this is v18\.20\.4 \(.*\)\. Install .*\n$/,
  );
});

describeWithTerraform()("Terraform", () => {
  test("shows what the plugin says where it has no Node", async () => {
    const workspace = new Workspace(
      { MAAS_API_URL: "http://region.invalid/MAAS", MAAS_API_KEY: "a:b:c" },
      { startsPlugin: true },
    );
    workspace.write({});
    await workspace.init();
    const bin = pathWith();
    const [terraform = ""] = spawnSync("which", [TERRAFORM], { encoding: "utf8" }).stdout.split("\n");
    symlinkSync(terraform, join(bin, TERRAFORM));
    const { code, output } = await workspace.terraform(["validate", "-no-color"], { env: { PATH: bin } });
    workspace.remove();
    expect(code).toBe(1);
    expect(output.replace(/[\s│]+/g, " ")).toContain(
      `${NEEDS} there is no node on the PATH. Install it where Terraform runs`,
    );
  });
});
