import { Command, InvalidArgumentError, Option } from "commander";
import { Cidr } from "../../../lib/model/cidr";
import { seconds } from "../connection-options";

export interface ProbeOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly document?: string;
  readonly subnet?: string;
  readonly format: "text" | "json";
  readonly json?: true;
}

function interfaceName(text: string): string {
  if (/^[\w.:@+][\w.:@+-]{0,14}$/.test(text)) return text;
  throw new InvalidArgumentError("Give the name of an interface, such as eth1.");
}

function cidr(text: string): string {
  const parsed = Cidr.tryParse(text);
  if (parsed?.family === 6) return parsed.toString();
  throw new InvalidArgumentError("Give an IPv6 subnet, such as 2001:db8:20::/64.");
}

/** `cdktf-maas ipv6 probe`: the router advertisements on an interface of this host, and how they differ from a document. */
export function ipv6ProbeCommand(): Command {
  return new Command("probe")
    .description("Listen for router advertisements on an interface of this host, and check them against a document")
    .argument("<interface>", "the interface, such as eth1", interfaceName)
    .option("--document <file>", "maas-network.json of a stack; without it, what is seen is only shown")
    .option("--subnet <cidr>", "the subnet that the interface is on (default: found by its prefix)", cidr)
    .addOption(new Option("--timeout <seconds>", "how long to listen").default(5).argParser(seconds))
    .addOption(new Option("--format <format>", "form of what was seen").choices(["text", "json"]).default("text"))
    .option("--json", "the same as --format json: one object on one line, for monitoring")
    .addHelpText(
      "after",
      "\nIt asks with rdisc6 (package ndisc6), else listens with radvdump, and needs root." +
        "\nExit code: 0 = as the document says, 2 = there is a difference, 1 = the probe failed." +
        "\n\nExample:\n  $ cdktf-maas ipv6 probe eth1 --document cdktf.out/stacks/lab-ipv6/maas-network.json --json",
    )
    .action(async (name: string, options: ProbeOptions) => (await import("./probe.js")).probe(name, options));
}
