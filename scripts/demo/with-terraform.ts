import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expectCode, meddle, type Program, run, say, showTree, STACK, type Stage } from "./stage";

/** The life of the example under the real cdktf and the Terraform, or the OpenTofu, of this machine. */
export async function demoWithTerraform(stage: Stage, terraform: string): Promise<void> {
  const { root, folder } = stage;
  const env = {
    ...stage.env,
    CHECKPOINT_DISABLE: "1",
    TERRAFORM_BINARY_NAME: terraform,
    TF_CLI_CONFIG_FILE: join(folder, "empty.tfrc"),
  };
  writeFileSync(env.TF_CLI_CONFIG_FILE, "");
  const app = `"${process.execPath}" "${join(root, "dist/examples/dual-stack/main.js")}"`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app, sendCrashReports: "false" }));
  const program: Program = {
    ...{ name: "cdktf", file: join(root, "node_modules/.bin/cdktf"), cwd: folder, env },
    telling: /will be|Plan:|No changes|complete!|complete after|Error|Objects have changed/,
    prefix: /^\S*\s+/,
  };
  const cdktf = async (...args: readonly string[]): Promise<string> => {
    const ended = await run(program, args);
    expectCode(0, program, ended);
    return ended.output;
  };
  const expectNoChanges = async (): Promise<void> => {
    const plan = await cdktf("diff", STACK);
    if (!plan.includes("No changes.")) throw new Error("the plan is not empty, which it must be right after a deploy");
  };

  say(`Deploy the example with cdktf and ${terraform}`);
  await cdktf("deploy", STACK, "--auto-approve");
  say("A second plan is empty");
  await expectNoChanges();
  say("Behind Terraform's back, somebody removes the IPv6 gateway and switches DHCP off. Deploy again: it is repaired");
  await meddle(stage);
  await cdktf("deploy", STACK, "--auto-approve");
  await expectNoChanges();
  say("The network, as the region has it");
  await showTree(stage);
  say("Clean up: only what the example made is removed");
  await cdktf("destroy", STACK, "--auto-approve");
  await showTree(stage);
}
