import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { App, TerraformStack } from "cdktf";
import { ApplyStep, MaasEngine } from "cdktf-maas";
import { placeNullProvider } from "../../../support/null-provider-plugin";
import { temporaryFolder } from "../../../support/synth";
import { network, regionOf } from "./lab";

test.each(Object.values(MaasEngine))(
  "CDKTF's HCL output has the step, and Terraform finds it valid: %s",
  async (engine) => {
    const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), hclOutput: true, stackTraces: false });
    process.env.SYNTH_HCL_OUTPUT = "true";
    const stack = new TerraformStack(app, "lab");
    delete process.env.SYNTH_HCL_OUTPUT;
    regionOf(stack, engine, { tlsInsecureSkipVerify: true });
    network(stack);
    new ApplyStep(stack, "apply", { everyRun: true });
    app.synth();

    const cwd = join(app.outdir, "stacks", "lab");
    const env = { PATH: process.env.PATH, HOME: temporaryFolder(), CHECKPOINT_DISABLE: "1" };
    placeNullProvider(env.HOME);
    await promisify(execFile)("terraform", ["init", "-input=false"], { cwd, env });
    const { stdout } = await promisify(execFile)("terraform", ["validate", "-json"], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({ valid: true });

    const hcl = readFileSync(join(cwd, "cdk.tf"), "utf8").replace(/\s+/g, " ");
    expect(hcl).toContain('resource "null_resource" "apply"');
    expect(hcl).toContain('run = "${timestamp()}"');
    expect(hcl.includes("maas_fabric")).toBe(engine === MaasEngine.PROVIDER);
    expect(hcl.includes('provider "maas"')).toBe(engine === MaasEngine.PROVIDER);
    expect(hcl.includes("self.triggers.record_7")).toBe(engine === MaasEngine.APPLY_STEP);
  },
  30_000,
);
