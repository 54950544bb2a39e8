import { Command, InvalidArgumentError, Option } from "commander";
import { IpAddress } from "../../../lib/model/address";
import type { Cdk } from "../../export/typescript-source";
import { cdkOption } from "../cdk-option";
import { stackName } from "../export-command";
import { type RolloutOptions, withRolloutOptions } from "./rollout-options";

const FORMATS = ["typescript", "document"] as const;

export type RolloutWriteFormat = (typeof FORMATS)[number];

export interface RolloutWriteOptions extends RolloutOptions {
  readonly format: RolloutWriteFormat;
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

/** `cdktf-maas ipv6 write`: the IPv6 side of a region as code, and as files for racks and routers. */
export function ipv6WriteCommand(): Command {
  const command = new Command("write").description(
    "Write the IPv6 side of a region as a CDKTF app or a document, and as files for racks and routers",
  );
  return withRolloutOptions(command)
    .addOption(new Option("--format <format>", "what to write").choices(FORMATS).default("typescript"))
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
    .action(async (document: string | undefined, options: RolloutWriteOptions) =>
      (await import("./write.js")).writeIpv6(document, options),
    );
}
