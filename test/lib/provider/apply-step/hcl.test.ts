import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { App, TerraformStack } from "cdktf";
import { ApplyCarrier, ApplyStep, MaasEngine } from "cdktf-maas";
import { placeNullProvider } from "../../../support/null-provider-plugin";
import { temporaryFolder } from "../../../support/synth";
import { TERRAFORM } from "../../../support/terraform";
import { network, regionOf } from "./lab";

test.each([
  [MaasEngine.PROVIDER, ApplyCarrier.NULL_RESOURCE],
  [MaasEngine.APPLY_STEP, ApplyCarrier.NULL_RESOURCE],
  [MaasEngine.APPLY_STEP, ApplyCarrier.TERRAFORM_DATA],
])(
  "CDKTF's HCL output has the step, and Terraform finds it valid: %s, %s",
  async (engine, carrier) => {
    const app = new App({ outdir: join(temporaryFolder(), "cdktf.out"), hclOutput: true, stackTraces: false });
    process.env.SYNTH_HCL_OUTPUT = "true";
    const stack = new TerraformStack(app, "lab");
    delete process.env.SYNTH_HCL_OUTPUT;
    regionOf(stack, engine, { tlsInsecureSkipVerify: true });
    network(stack);
    new ApplyStep(stack, "apply", { carrier, everyRun: true });
    app.synth();

    const cwd = join(app.outdir, "stacks", "lab");
    const env = { PATH: process.env.PATH, HOME: temporaryFolder(), CHECKPOINT_DISABLE: "1" };
    placeNullProvider(env.HOME);
    await promisify(execFile)(TERRAFORM, ["init", "-input=false"], { cwd, env });
    const { stdout } = await promisify(execFile)(TERRAFORM, ["validate", "-json"], { cwd, env });
    expect(JSON.parse(stdout)).toMatchObject({ valid: true });

    const hcl = readFileSync(join(cwd, "cdk.tf"), "utf8").replace(/\s+/g, " ");
    expect(hcl).toContain(`resource "${carrier}" "apply"`);
    expect(hcl).toContain('run = "${timestamp()}"');
    expect(hcl.includes("maas_fabric")).toBe(engine === MaasEngine.PROVIDER);
    expect(hcl.includes('provider "maas"')).toBe(engine === MaasEngine.PROVIDER);
    expect(/self\.triggers\w*\.record_7/.test(hcl)).toBe(engine === MaasEngine.APPLY_STEP);
    expect(hcl.includes('provider "null"')).toBe(carrier === ApplyCarrier.NULL_RESOURCE);
  },
  30_000,
);
