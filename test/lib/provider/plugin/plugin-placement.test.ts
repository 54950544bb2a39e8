import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { Fabric, MaasProvider } from "cdktf-maas";
import { packageRoot, packageVersion } from "../../../../lib/constructs/internal/facts";
import { temporaryApp, temporaryFolder } from "../../../support/synth";

const PLUGIN = `terraform.d/plugins/cdktf-maas.invalid/cdktf-maas/maas/${packageVersion()}/linux_amd64/terraform-provider-maas_v${packageVersion()}`;

const folderOf = (app: App, stack: string) => join(app.outdir, "stacks", stack);

test("every stack with the provider gets the plugin of this package, and other stacks don't", () => {
  const app = temporaryApp();
  for (const name of ["one", "two"]) {
    const stack = new TerraformStack(app, name);
    new MaasProvider(stack, "maas");
    new MaasProvider(stack, "second", { alias: "second" });
  }
  new TerraformStack(app, "plain");
  app.synth();
  const built = readFileSync(join(packageRoot(), "dist/bin/terraform-provider-maas"));
  for (const name of ["one", "two"]) {
    expect(readFileSync(join(folderOf(app, name), PLUGIN)).equals(built)).toBe(true);
    expect(readFileSync(join(folderOf(app, name), ".terraform.lock.hcl"), "utf8")).toContain("h1:");
  }
  expect(existsSync(join(folderOf(app, "plain"), "terraform.d"))).toBe(false);
});

test("a stack that is refused gets no plugin", () => {
  const app = temporaryApp();
  const stack = new TerraformStack(app, "lab");
  new MaasProvider(stack, "maas");
  new Fabric(stack, "a", { name: "lab" });
  new Fabric(stack, "b", { name: "lab" });
  expect(() => {
    app.synth();
  }).toThrow("are both the fabric lab");
  expect(existsSync(join(folderOf(app, "lab"), "terraform.d"))).toBe(false);
});

test("a package whose plugin was never built says so before anything is written", () => {
  const copy = temporaryFolder();
  for (const path of ["package.json", "dist/lib"]) {
    cpSync(join(packageRoot(), path), join(copy, path), { recursive: true });
  }
  symlinkSync(join(packageRoot(), "node_modules"), join(copy, "node_modules"));
  const main = `
    const { App, TerraformStack } = require("cdktf");
    const app = new App({ outdir: "out" });
    new (require("./dist/lib").MaasProvider)(new TerraformStack(app, "lab"), "maas");
    app.synth();`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", main], { cwd: copy, encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toContain("[lab] the Terraform plugin that belongs into the stack's folder is missing");
  expect(stderr).toContain("run `npm run build`");
  expect(existsSync(join(copy, "out", "stacks", "lab", "cdk.tf.json"))).toBe(false);
});
