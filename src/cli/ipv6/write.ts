import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { documentText } from "../../../lib/model/document";
import { renderNetplan } from "../../../lib/model/netplan";
import { renderRadvd } from "../../../lib/model/radvd";
import { shown } from "../../../lib/model/text";
import { netplansOf, type RouterChoice, routersOf } from "../../rollout/devices";
import { rolloutDocument } from "../../rollout/render/document";
import { firewallNotes } from "../../rollout/render/firewall";
import { cisco, frr, juniper } from "../../rollout/render/routers";
import { rolloutSource, type WriteOptions } from "../../rollout/render/typescript";
import type { Rollout } from "../../rollout/rollout";
import { cdkOf } from "../cdk-option";
import { problemLine } from "../output/rollout-view";
import { stderr, writeOutput } from "../output/terminal";
import { rolloutOf } from "./rollout-input";
import type { RolloutWriteFormat, RolloutWriteOptions } from "./write-command";

const FORMATS: Readonly<Record<RolloutWriteFormat, (rollout: Rollout, options: WriteOptions) => string>> = {
  typescript: rolloutSource,
  document: (rollout, options) => documentText(rolloutDocument(rollout, options)),
};

/** What people put on routers, by folder: the end of the file's name, and its text. */
const ROUTERS = [
  ["radvd", ".conf", (own) => renderRadvd(own.map(({ settings }) => settings))],
  ["frr", ".conf", frr],
  ["cisco", ".txt", cisco],
  ["juniper", ".txt", juniper],
] as const satisfies readonly (readonly [string, string, (own: Parameters<typeof frr>[0]) => string])[];

/** Writes what MAAS can't: netplan files of racks, configurations of routers, notes about firewalls. */
function writeDevices(folder: string, rollout: Rollout, choice: RouterChoice): void {
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeOutput(join(folder, file), text);
  };
  for (const [rack, interfaces] of netplansOf(rollout)) write(`netplan/${rack}.yaml`, renderNetplan(interfaces));
  for (const [name, own] of routersOf(rollout, choice))
    for (const [kind, ending, textOf] of ROUTERS) write(`${kind}/${name}${ending}`, textOf(own));
  write("firewall.md", firewallNotes(rollout));
}

/** Does what `cdktf-maas ipv6 write` is for. */
export async function writeIpv6(document: string | undefined, options: RolloutWriteOptions): Promise<void> {
  const { format, output, devices, router: routers, routerInterface: interfaceName } = options;
  const { rollout, url } = await rolloutOf(document, options, options.stackName);
  const choice: RouterChoice = { routers, interfaceName, dnsServers: options.dnsServer ?? [] };
  const text = FORMATS[format](rollout, {
    ...{ cdk: cdkOf(options), apiUrl: url, stackName: options.stackName, choice },
  });
  if (devices !== undefined) writeDevices(devices, rollout, choice);
  writeOutput(output, text);
  for (const { title, state, problems } of rollout.networks) {
    const first = problems.find(({ severity }) => severity === "error");
    if (state === "blocked" && first !== undefined)
      stderr.write(`Not written: ${shown(title)}: ${problemLine(first)}\n`);
  }
}
