import { Command, Option } from "commander";
import { type ConnectionOptions, seconds, withConnectionOptions } from "./connection-options";
import { DEFAULT_DOCUMENT, ENVIRONMENT_HELP } from "./engine-options";

const FORMATS = ["text", "json"] as const;

export type VerifyFormat = (typeof FORMATS)[number];

export interface VerifyOptions extends ConnectionOptions {
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly interval: number;
  readonly format: VerifyFormat;
  readonly quiet?: true;
  readonly watch?: true;
  readonly heal?: true;
}

/** `cdktf-maas verify`: whether a region is, and serves, what a document wants. Changes nothing. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Wait until a region is what a document wants, serves its DHCP and keeps the IPv6 rules")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  return withConnectionOptions(command)
    .addOption(new Option("--timeout <seconds>", "how long to wait; 0 looks once").default(60).argParser(seconds))
    .addOption(new Option("--interval <seconds>", "from one look to the next").default(2).argParser(seconds))
    .addOption(new Option("--format <format>", "form of what was found").choices(FORMATS).default("text"))
    .option("--quiet", "don't print what is waited for")
    .option(
      "--watch",
      "look again and again, and write what MAAS does by itself: one JSON object on a line for each event",
    )
    .option("--heal", "with --watch: apply what the document says of such an object, where it manages it")
    .addHelpText(
      "after",
      `${ENVIRONMENT_HELP}\nExit code: 0 = all as desired, 2 = something is not, 1 = it failed.` +
        "\n\nExample:\n  $ cdktf-maas verify cdktf.out/stacks/lab-network/maas-network.json --timeout 120",
    )
    .action(async (document: string, options: VerifyOptions) =>
      (await import("./verify.js")).verifyDocument(document, options),
    );
}
