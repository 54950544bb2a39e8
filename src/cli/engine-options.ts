import { type Command, InvalidArgumentError, Option } from "commander";
import { wholeNumberOf } from "../../lib/model/text";
import { MAX_DELETIONS, type RefusalId, REFUSALS } from "../reconcile/engine/plan/refusals";
import { isRecordName } from "../reconcile/engine/record/record-name";
import { type ConnectionOptions, withConnectionOptions } from "./connection-options";

/** The document that is meant when none is named. */
export const DEFAULT_DOCUMENT = "maas-network.json";

/** What the engine's commands tell of the environment. */
export const ENVIRONMENT_HELP =
  "\nThe API key is read from MAAS_API_KEY. The region is the one that --url names, else the document, else MAAS_API_URL.";

/** What may be said of a planning. */
export interface PlanOptions extends ConnectionOptions {
  readonly record?: string;
  readonly maxDeletions?: number;
  readonly force: readonly RefusalId[];
}

/** What may be said of a run. */
export interface RunOptions extends PlanOptions {
  readonly yes?: true;
  readonly concurrency: number;
}

/** Reads a whole number, of at least `least`. */
const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const number = wholeNumberOf(text, least);
    if (number !== undefined) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least}, such as ${least + 4}.`);
  };

function recordName(text: string): string {
  if (isRecordName(text)) return text;
  throw new InvalidArgumentError(
    "Give a file, env: and the name of a variable such as env:MAAS_RECORD, http, a URL, or none.",
  );
}

function refusals(text: string, before: readonly RefusalId[]): RefusalId[] {
  const ids = text.split(",").map((word) => {
    const id = REFUSALS.find((known) => known === word);
    if (id === undefined) throw new InvalidArgumentError(`Allowed choices are ${REFUSALS.join(", ")}.`);
    return id;
  });
  return [...before, ...ids];
}

/** Gives a command the options of {@link PlanOptions}. */
export function withPlanOptions(command: Command): Command {
  return withConnectionOptions(command)
    .option(
      "--record <file>",
      "what former runs made: a file, env:NAME, http (TF_HTTP_ADDRESS), a URL, or none (default: DOCUMENT.record.json)",
      recordName,
    )
    .addOption(
      new Option("--force <refusal>", "what is not to be refused; repeatable")
        .choices(REFUSALS)
        .default([], "nothing")
        .argParser(refusals),
    );
}

/** Gives a command `--max-deletions`. */
export function withMaxDeletions(command: Command): Command {
  return command.addOption(
    new Option("--max-deletions <number>", "how many objects may be deleted at once")
      .default(MAX_DELETIONS)
      .argParser(wholeNumber(0)),
  );
}

/** Gives a command the options of {@link RunOptions}. */
export function withRunOptions(command: Command): Command {
  return withPlanOptions(command)
    .option("--yes", "don't ask")
    .addOption(new Option("--concurrency <number>", "changes at a time").default(4).argParser(wholeNumber(1)));
}
