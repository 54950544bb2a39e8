// `npm run demo`: the life of the dual-stack example, with the real cdktf and terraform against a simulated region.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pc from "picocolors";
import { packageRoot } from "../lib/constructs/package";
import { networkTree } from "../src/cli/network-tree";
import { ApiKey } from "../src/maas/api-key";
import { apiPath } from "../src/maas/api-path";
import { ApiUrl } from "../src/maas/api-url";
import { MaasClient } from "../src/maas/client";
import type { ObjectJson } from "../src/maas/codec";
import { listRegion } from "../src/reconcile/live-network";
import { MaasSimulator } from "../src/simulator";

const STACK = "lab-network";
const root = packageRoot();
const folder = mkdtempSync(join(tmpdir(), "cdktf-maas-demo-"));

const say = (text: string): void => void process.stdout.write(`\n${pc.bold(pc.cyan(`== ${text}`))}\n`);

/** What matters in Terraform's output; `npm run demo -- --verbose` shows all of it. */
const TELLING = /will be|Plan:|No changes|complete!|complete after|Error|Objects have changed/;
const isVerbose = process.argv.includes("--verbose");

const show = (line: string): void => {
  if (isVerbose || TELLING.test(line)) process.stdout.write(`${line.replace(/^\S*\s+/, "  ")}\n`);
};

/** Runs cdktf in the demo's folder; shows what it prints, and gives it back. @throws Error when it fails. */
function cdktf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  process.stdout.write(pc.dim(`$ cdktf ${args.join(" ")}\n`));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, "node_modules/.bin/cdktf"), ...args], { cwd: folder, env });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        output += `${line}\n`;
        show(line);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve(output);
      reject(new Error(`cdktf ${args[0] ?? ""} ended with ${code ?? "a signal"}${isVerbose ? "" : `:\n${output}`}`));
    });
  });
}

async function showTree(api: MaasClient): Promise<void> {
  process.stdout.write(`${networkTree(await listRegion(api))}\n`);
}

/** What somebody does in MAAS's own pages, past Terraform. */
async function meddle(api: MaasClient): Promise<void> {
  const subnets = (await api.get("subnets/")) as readonly ObjectJson[];
  const subnet = subnets.find(({ cidr }) => typeof cidr === "string" && cidr.includes(":"));
  const vlan = (subnet?.vlan as ObjectJson).id as number;
  await api.put(apiPath`subnets/${subnet?.id as number}/`, [["gateway_ip", ""]]);
  await api.put(apiPath`vlans/${vlan}/`, [["dhcp_on", "false"]]);
}

async function demo(simulator: MaasSimulator): Promise<void> {
  const api = new MaasClient({ apiUrl: ApiUrl.parse(simulator.url), apiKey: ApiKey.parse(simulator.apiKey) });
  const env = {
    ...process.env,
    MAAS_API_URL: simulator.url,
    MAAS_API_KEY: simulator.apiKey,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: join(folder, "empty.tfrc"),
    CI: "1",
  };
  writeFileSync(env.TF_CLI_CONFIG_FILE, "");
  const app = `"${process.execPath}" "${join(root, `dist/examples/dual-stack/main.js`)}"`;
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ language: "typescript", app, sendCrashReports: "false" }));
  const deploy = ["deploy", STACK, "--auto-approve"];
  const expectNoChanges = async (): Promise<void> => {
    const plan = await cdktf(["diff", STACK], env);
    if (!plan.includes("No changes.")) throw new Error("the plan is not empty, which it must be right after a deploy");
  };

  say(`A simulated MAAS region answers at ${simulator.urls.join(" and ")}`);
  say("Deploy the example");
  await cdktf(deploy, env);
  say("A second plan is empty");
  await expectNoChanges();
  say("Behind Terraform's back, somebody removes the IPv6 gateway and switches DHCP off. Deploy again: it is repaired");
  await meddle(api);
  await cdktf(deploy, env);
  await expectNoChanges();
  say("The network, as the region has it");
  await showTree(api);
  say("Clean up: only what the example made is removed");
  await cdktf(["destroy", STACK, "--auto-approve"], env);
  await showTree(api);
  await api.close();
}

async function main(): Promise<void> {
  if (spawnSync("terraform", ["version"]).error !== undefined) {
    throw new Error("terraform is not on the PATH. Install Terraform 1.5 or later, then run `npm run demo` again.");
  }
  const started = performance.now();
  const simulator = await MaasSimulator.start({ port: 0 });
  try {
    await demo(simulator);
  } finally {
    await simulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  say(`Done in ${Math.round((performance.now() - started) / 1000)} s`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${pc.red("The demo failed:")} ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
