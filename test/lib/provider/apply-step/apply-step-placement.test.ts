import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformStack } from "cdktf";
import { ApplyStep, MaasEngine, MaasProvider } from "cdktf-maas";
import { packageRoot } from "../../../../lib/constructs/internal/package";
import { temporaryApp, temporaryFolder } from "../../../support/synth";

test.each(Object.values(MaasEngine))("the program is placed in stacks with an apply step alone: %s", (engine) => {
  const app = temporaryApp();
  const [stack, other] = ["lab", "other"].map((name) => new TerraformStack(app, name)) as [
    TerraformStack,
    TerraformStack,
  ];
  new MaasProvider(stack, "maas", { engine });
  new ApplyStep(stack, "apply");
  new MaasProvider(other, "maas");
  app.synth();
  const built = readFileSync(join(packageRoot(), "dist/bin/cdktf-maas-apply.js"));
  expect(readFileSync(join(app.outdir, "stacks/lab/cdktf-maas-apply.js")).equals(built)).toBe(true);
  expect(existsSync(join(app.outdir, "stacks/other/cdktf-maas-apply.js"))).toBe(false);
});

test("a package whose program was never built says so before anything is written", () => {
  const copy = temporaryFolder();
  for (const path of ["package.json", "dist/lib"])
    cpSync(join(packageRoot(), path), join(copy, path), { recursive: true });
  symlinkSync(join(packageRoot(), "node_modules"), join(copy, "node_modules"));
  mkdirSync(join(copy, "dist/bin"));
  writeFileSync(join(copy, "dist/bin/terraform-provider-maas"), "");
  const main = `
    const { App, TerraformStack } = require("cdktf");
    const { ApplyStep, MaasEngine, MaasProvider } = require("./dist/lib");
    const app = new App({ outdir: "out" });
    const stack = new TerraformStack(app, "lab");
    new MaasProvider(stack, "maas", { engine: MaasEngine.APPLY_STEP });
    new ApplyStep(stack, "apply");
    app.synth();`;
  const { status, stderr } = spawnSync(process.execPath, ["-e", main], { cwd: copy, encoding: "utf8" });
  expect(stderr).toContain("[lab] the program that an apply step runs is missing");
  expect(stderr).toContain("run `npm run build`");
  expect(status).toBe(1);
  expect(existsSync(join(copy, "out/stacks/lab/cdk.tf.json"))).toBe(false);
});
