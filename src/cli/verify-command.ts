import { problemJson } from "../../lib/model/problem";
import { Command, Option } from "commander";
import { type Observation } from "../reconcile/engine/verify/observation";
import { type Verification, verify } from "../reconcile/engine/verify/verify";
import { DEFAULT_DOCUMENT, ENVIRONMENT_HELP, readInput } from "./engine-input";
import { withInputRegion } from "./execute-plan";
import { type ConnectionOptions, seconds, withConnectionOptions } from "./live-region";
import { observationLine, verificationText } from "./output/plan-text";
import { stderr, stdout, type Styled } from "./output/terminal";
import { watch } from "./watch";

/** Exit code when something is not as desired; 1 is for a command that failed. */
const NOT_AS_DESIRED = 2;

const FORMATS: Readonly<Record<string, (verification: Verification) => Styled>> = {
  text: verificationText,
  json: ({ isAsDesired, observations: found }) => {
    const observations = found.map((one) => ({ ...problemJson(one), level: one.severity }));
    return `${JSON.stringify({ format: "maas-verification", version: 1, as_desired: isAsDesired, observations }, undefined, 2)}\n`;
  },
};

interface VerifyCommandOptions extends ConnectionOptions {
  /** Seconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly interval: number;
  readonly format: string;
  readonly quiet?: true;
  readonly watch?: true;
  readonly heal?: true;
}

/** Tells what is waited for, whenever that is something else than before. */
function waitingLines(write: (text: string) => void): (observations: readonly Observation[]) => void {
  let before = "";
  return (observations) => {
    const errors = observations.filter(({ severity }) => severity === "error").map(observationLine);
    const text = errors.map((line) => `  ${line}\n`).join("");
    if (text !== before) write(`Waiting; not as desired yet:\n${text}`);
    before = text;
  };
}

async function verifyDocument(document: string, options: VerifyCommandOptions): Promise<void> {
  const { timeout, interval, format, quiet } = options;
  const input = await readInput(document, "apply", options);
  if (options.watch === true) {
    await watch(input, options);
    return;
  }
  // A region that does not answer is waited for as long as one that is not as desired.
  const retryTimeout = options.retryTimeout ?? (timeout > 0 ? timeout : undefined);
  const connection = { ...options, ...(retryTimeout !== undefined && { retryTimeout }) };
  const verification = await withInputRegion(input, connection, ({ client }, url) =>
    verify(client, input.request.document, {
      ...{ url, timeout: timeout * 1000, interval: interval * 1000 },
      ...(quiet !== true && { onWait: waitingLines((text) => stderr.write(text)) }),
    }),
  );
  stdout.write(FORMATS[format]?.(verification) ?? "");
  if (!verification.isAsDesired) process.exitCode = NOT_AS_DESIRED;
}

/** `cdktf-maas verify`: whether a region is, and serves, what a document wants. Changes nothing. */
export function verifyCommand(): Command {
  const command = new Command("verify")
    .description("Wait until a region is what a document wants, serves its DHCP and keeps the IPv6 rules")
    .argument("[document]", "desired-state document of a stack", DEFAULT_DOCUMENT);
  return withConnectionOptions(command)
    .addOption(new Option("--timeout <seconds>", "how long to wait; 0 looks once").default(60).argParser(seconds))
    .addOption(new Option("--interval <seconds>", "from one look to the next").default(2).argParser(seconds))
    .addOption(new Option("--format <format>", "form of what was found").choices(Object.keys(FORMATS)).default("text"))
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
    .action(verifyDocument);
}
