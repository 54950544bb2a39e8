import { Command, CommanderError, Option } from "commander";
import { ProblemError, withCode } from "../../lib/model/problem";
import type { ProblemCode } from "../../lib/model/problem-codes";
import { version } from "../../package.json";
import { stderr, stdout } from "./output/terminal";

/** Exit code of a command that failed. */
const FAILED = 1;

/** A program of several commands, with the options that all of them have. */
export function programOf(name: string, description: string, commands: readonly Command[]): Command {
  const program = new Command(name)
    .description(description)
    .version(version)
    .option("--no-color", "write without colours, as with the environment variable NO_COLOR")
    .addOption(
      new Option("--error-format <format>", "form of errors on stderr; json: one object on one line")
        .choices(["text", "json"])
        .default("text")
        .env("CDKTF_MAAS_ERROR_FORMAT"),
    )
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const isJson = (): boolean => program.opts<{ errorFormat: string }>().errorFormat === "json";
  program.configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: (text) => stderr.write(text),
    outputError: (text, write) => {
      if (!isJson()) write(`${withCode(text.trimEnd(), "MAAS-RUN-11")}\n`);
    },
  });
  for (const command of commands) program.addCommand(withSettingsOf(program, command));
  return program;
}

/** The command, and those in it, with the settings of the program. */
function withSettingsOf(program: Command, command: Command): Command {
  for (const inner of command.commands) withSettingsOf(program, inner);
  return command.copyInheritedSettings(program);
}

/** A usage error, which commander has told the user of already. */
const isTold = (error: unknown): error is CommanderError => error instanceof CommanderError;

/** What has no code of its own is a mistake of this program. */
const codeOf = (error: unknown): ProblemCode => (error instanceof ProblemError ? error.code : "MAAS-RUN-12");

/** The message with the error's code, unless it ends with that of a problem in it. */
function errorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /\[MAAS\S*\]$/.test(message) ? message : withCode(message, codeOf(error));
}

async function tell(error: unknown, isJson: boolean): Promise<void> {
  if (isJson) stderr.write((await import("./output/error-json.js")).errorJson(error));
  else if (!isTold(error)) stderr.write(`error: ${errorText(error)}\n`);
}

const UNFINISHED =
  "the command has ended before its work was done. This is a mistake in cdktf-maas: please report it. Run the command again to go on.";

/** Runs the program with this process's arguments. Sets the exit code: 1 when it fails. */
export async function run(program: Command): Promise<void> {
  for (const stream of [stdout, stderr]) stream.outliveReader();
  const fail = async (error: unknown): Promise<void> => {
    process.exitCode = FAILED;
    await tell(error, program.opts<{ errorFormat: string }>().errorFormat === "json");
  };
  // Node ends a program that waits for what never comes, and says that all is well.
  const giveUp = (): void => void fail(new Error(UNFINISHED));
  process.once("beforeExit", giveUp);
  try {
    await program.parseAsync();
  } catch (error) {
    if (isTold(error) && error.exitCode === 0) return;
    await fail(error);
  } finally {
    process.off("beforeExit", giveUp);
  }
}

/** How often a parent is looked for, in milliseconds. */
const INTERVAL = 500;

/**
 * Ends this process as SIGTERM does when its parent is gone. A Python program that has started it through jsii passes no signal on: it
 * dies alone, and what it has started would go on without anybody who could end it.
 */
export function endWithParent(): void {
  if (process.env.JSII_AGENT === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, INTERVAL);
  timer.unref();
}
