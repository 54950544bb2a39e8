import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { TerraformStack } from "cdktf";
import { ApplyStep, Fabric, MaasEngine, MaasProvider } from "cdktf-maas";
import { packageRoot } from "../../../../lib/constructs/internal/facts";
import { synth, type SynthesisedStack, temporaryApp, temporaryFolder } from "../../../support/synth";
import { network, regionOf } from "./lab";

/** The record's parts in a stack with this many fabrics, whose names don't compress. */
function recordOf(fabrics: number): { readonly parts: Record<string, string>; readonly stack: SynthesisedStack } {
  const stack = synth((scope) => {
    regionOf(scope, MaasEngine.APPLY_STEP);
    network(scope);
    for (let index = 0; index < fabrics; index++)
      new Fabric(scope, `f${index}`, { name: `f${index}-${(index * 2_654_435_761).toString(36)}` });
    new ApplyStep(scope, "apply");
  });
  const [, record] = Object.entries(stack.resource.null_resource ?? {}).find(([name]) => name.includes("record")) ?? [];
  return { parts: record?.triggers as Record<string, string>, stack };
}

test.each([0, 5000])("the record is the document beside it, packed into parts, with %d fabrics more", (fabrics) => {
  const { parts, stack } = recordOf(fabrics);
  const names = Object.keys(parts);
  expect(names).toEqual(names.map((_, index) => `record_${index}`));
  for (const part of Object.values(parts)) expect(part.length).toBeLessThanOrEqual(100_000);
  if (fabrics > 0) expect(names.length).toBeGreaterThan(1);
  const packed = Buffer.from(Object.values(parts).join(""), "base64");
  expect(gunzipSync(packed).toString()).toBe(readFileSync(join(stack.folder, "maas-network.json"), "utf8"));
});

test("its bytes tell neither when nor on which system they were made", () => {
  const [once, again] = [recordOf(3).parts, recordOf(3).parts];
  expect(again).toEqual(once);
  const packed = Buffer.from(once.record_0 ?? "", "base64");
  expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
});

describe("apply step placement", () => {
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
});
