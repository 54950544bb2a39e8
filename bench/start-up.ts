// How long Terraform waits for the plugin, and a user for the help of the command line, next to a Node that does nothing.
// Terraform starts the plugin three times for a plan.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../lib/constructs/internal/facts";
import { PluginClient } from "../test/support/plugin-client";
import { median, timed } from "./support/table";

const RUNS = 15;
const plugin = join(packageRoot(), "dist/bin/terraform-provider-maas");
const commandLine = join(packageRoot(), "dist/bin/cdktf-maas.js");

async function main(): Promise<void> {
  const node: number[] = [];
  const handshake: number[] = [];
  const schema: number[] = [];
  const help: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    node.push(await timed(() => spawnSync(process.execPath, ["-e", ""])));
    let client: PluginClient | undefined;
    const shaken = await timed(async () => {
      client = await PluginClient.start(plugin);
    });
    handshake.push(shaken);
    schema.push(shaken + (await timed(() => client?.call("getProviderSchema", {}))));
    await client?.shutdown();
    help.push(await timed(() => spawnSync(process.execPath, [commandLine, "--help"])));
  }
  const base = median(node);
  const row = (what: string, values: readonly number[]): string =>
    `${what.padEnd(34)} ${median(values).toFixed(0).padStart(5)} ms   ${(median(values) / base).toFixed(2)} x`;
  process.stdout.write(`Median of ${RUNS} runs, each next to an empty Node script\n`);
  process.stdout.write(
    `${row("empty Node script", node)}\n${row("plugin: to the handshake", handshake)}\n${row("plugin: to the schema", schema)}\n${row("cdktf-maas --help", help)}\n`,
  );
}

void main();
