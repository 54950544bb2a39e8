import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { IpAddress } from "../../../lib/model/address";
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
import type { Cdk } from "../../export/typescript-source";
import { cdkOf, cdkOption } from "../cdk-option";
import { stackName } from "../export-command";
import { problemLine } from "../output/rollout-view";
import { stderr, writeOutput } from "../output/terminal";
import { rolloutOf, type RolloutOptions, withRolloutOptions } from "./rollout-input";

const FORMATS: Readonly<Record<string, (rollout: Rollout, options: WriteOptions) => string>> = {
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

interface WriteCommandOptions extends RolloutOptions {
  readonly format: string;
  readonly output?: string;
  readonly stackName: string;
  readonly cdk?: Cdk;
  readonly devices?: string;
  readonly router: ReadonlyMap<string, string>;
  readonly routerInterface: string;
  readonly dnsServer?: readonly string[];
}

function router(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, fabric = "", name = ""] = /^(.+)=(\w[\w.-]*)$/.exec(text) ?? [];
  if (fabric === "") throw new InvalidArgumentError("Give a fabric and the name of its router, such as lab=core-1.");
  return new Map([...before, [fabric, name]]);
}

function interfaceTemplate(text: string): string {
  if (text.includes("{vid}") && /^[\w/]+\.\{vid\}$/.test(text)) return text;
  throw new InvalidArgumentError("Write an interface and .{vid}, such as eth1.{vid}.");
}

function dnsServer(text: string, before: readonly string[] = []): string[] {
  const address = IpAddress.tryParse(text);
  if (address?.family !== 6) throw new InvalidArgumentError("Give an IPv6 address, such as 2001:db8::53.");
  return [...before, address.toString()];
}

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

async function write(document: string | undefined, options: WriteCommandOptions): Promise<void> {
  const { format, output, devices, router: routers, routerInterface: interfaceName } = options;
  const { rollout, url } = await rolloutOf(document, options, options.stackName);
  const choice: RouterChoice = { routers, interfaceName, dnsServers: options.dnsServer ?? [] };
  const text =
    FORMATS[format]?.(rollout, { cdk: cdkOf(options), apiUrl: url, stackName: options.stackName, choice }) ?? "";
  if (devices !== undefined) writeDevices(devices, rollout, choice);
  writeOutput(output, text);
  for (const { title, state, problems } of rollout.networks) {
    const first = problems.find(({ severity }) => severity === "error");
    if (state === "blocked" && first !== undefined)
      stderr.write(`Not written: ${shown(title)}: ${problemLine(first)}\n`);
  }
}

/** `cdktf-maas ipv6 write`: the IPv6 side of a region as code, and as files for racks and routers. */
export function ipv6WriteCommand(): Command {
  const command = new Command("write").description(
    "Write the IPv6 side of a region as a CDKTF app or a document, and as files for racks and routers",
  );
  return withRolloutOptions(command)
    .addOption(new Option("--format <format>", "what to write").choices(Object.keys(FORMATS)).default("typescript"))
    .addOption(cdkOption())
    .option("--output <file>", "write to a file")
    .option("--stack-name <name>", "name of the app's stack", stackName, "maas-ipv6")
    .option(
      "--devices <folder>",
      "also write netplan files of racks, radvd, FRR, Cisco and Juniper configurations of routers, and firewall notes",
    )
    .addOption(
      new Option("--router <fabric=name>", "name of a fabric's router; repeatable")
        .argParser(router)
        .default(new Map(), "FABRIC-router"),
    )
    .option(
      "--router-interface <name>",
      "the router's interface on a VLAN; on VID 0 without .{vid}",
      interfaceTemplate,
      "eth0.{vid}",
    )
    .option("--dns-server <address>", "IPv6 address of a DNS server that routers announce; repeatable", dnsServer)
    .addHelpText(
      "after",
      "\nThe API key is read from MAAS_API_KEY. Nothing is changed.\nWhat something stands in the way of is not written, and named on stderr." +
        "\n\nExamples:\n  $ cdktf-maas ipv6 write --prefix 2001:db8::/48 --output main.ts --devices devices" +
        "\n  $ cdktf-maas ipv6 write --prefix 2001:db8::/48 --vlan lab:10 --format document --output lab-10.json",
    )
    .action(write);
}
