import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DemoPlugin } from "../../support/demo-plugin";
import { TERRAFORM } from "../../support/terraform";

const SOURCE = "example.com/demo/demo";
const OPERATING_SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { win32: "windows" };
const ARCHITECTURES: Record<string, string> = { x64: "amd64" };
const TARGET = `${OPERATING_SYSTEMS[platform()] ?? platform()}_${ARCHITECTURES[arch()] ?? arch()}`;

const demo = new DemoPlugin();
const folder = mkdtempSync(join(tmpdir(), "terraform-"));
const file = (name: string) => join(folder, name);

const environment: NodeJS.ProcessEnv = {
  ...process.env,
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
  TF_CLI_CONFIG_FILE: file("empty.tfrc"),
  TF_PLUGIN_CACHE_DIR: undefined,
};

async function terraform(args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(TERRAFORM, [...args, "-no-color"], {
    cwd: folder,
    env: { ...environment, ...extra },
  });
  return stdout;
}

function configure(text: string, priority: number): void {
  writeFileSync(
    file("main.tf"),
    `terraform {
       required_providers { demo = { source = "${SOURCE}", version = "1.0.0" } }
     }
     resource "demo_note" "a" { 
       text     = ${JSON.stringify(text)}
       tags     = ["x", "y"]
       priority = ${priority}
     }
     resource "demo_note" "b" { text = demo_note.a.id }
     output "b" { value = demo_note.b.text }`,
  );
}

const state = () => JSON.parse(readFileSync(file("terraform.tfstate"), "utf8")) as { resources: unknown[] };

beforeAll(async () => {
  const plugins = file(`terraform.d/plugins/${SOURCE}/1.0.0/${TARGET}`);
  mkdirSync(plugins, { recursive: true });
  copyFileSync(demo.file, join(plugins, "terraform-provider-demo_v1.0.0"));
  writeFileSync(file("empty.tfrc"), "");
  configure("hello", 0.1);
  await terraform(["init"]);
}, 60_000);

afterAll(() => {
  demo.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe("Terraform with a plugin on this transport", () => {
  it("plans unknowns, creates, sees no change, updates and destroys", async () => {
    expect(await terraform(["plan"])).toMatch(
      /id += \(known after apply\)[\s\S]*Plan: 2 to add, 0 to change, 0 to destroy/,
    );
    expect(await terraform(["apply", "-auto-approve"])).toMatch(/Resources: 2 added[\s\S]*b = "note-1"/);
    await expect(terraform(["plan", "-detailed-exitcode"])).resolves.toContain("No changes.");

    configure("goodbye", 64);
    expect(await terraform(["apply", "-auto-approve"])).toMatch(/0 added, 1 changed, 0 destroyed/);
    expect(await terraform(["destroy", "-auto-approve"])).toMatch(/2 destroyed/);
    expect(state().resources).toEqual([]);
  }, 120_000);

  it("works with Terraform's plugin TLS off", async () => {
    expect(await terraform(["plan"], { TF_DISABLE_PLUGIN_TLS: "1" })).toContain("Plan: 2 to add");
  }, 60_000);

  it("shows the plugin's own log at its level", async () => {
    const log = file("terraform.log");
    await terraform(["validate"], { TF_LOG_PROVIDER: "debug", TF_LOG_PATH: log });
    expect(readFileSync(log, "utf8")).toMatch(
      /\[DEBUG\] +provider\.terraform-provider-demo_v1\.0\.0: answered: .*tf_rpc=ValidateResourceConfig/,
    );
  }, 60_000);

  it("reports an exception as a bug of the provider, and keeps the state", async () => {
    configure("explode", 1);
    await terraform(["apply", "-auto-approve"]);
    await expect(terraform(["plan"])).rejects.toMatchObject({
      stderr: expect.stringMatching(
        /ReadResource of demo_note failed unexpectedly[\s\S]*bug of the provider/,
      ) as unknown,
    });
    expect(state().resources).toHaveLength(2);
    expect(existsSync(file("crash.log"))).toBe(false);
  }, 120_000);
});
