import { mkdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createColors } from "picocolors";
import type { Colors } from "picocolors/types";
import { printable } from "../../../lib/model/text";
import { redactorOf, secretsOf, withoutKeys } from "../../maas/redactor";
import { InputFileError } from "../../reconcile/engine/input-error";

/** No colours, for files. */
const PLAIN: Colors = createColors(false);

/** What decides on colours besides the stream. */
export interface ColourSettings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The colours for what is written to the stream: none with `--no-color` or NO_COLOR, always with FORCE_COLOR (but 0 or
 * false), else only on a terminal. Not where CI is set, unlike picocolors by itself: a pipeline's output is mostly a file.
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean | undefined },
  { argv, env }: ColourSettings = process,
): Colors {
  const { NO_COLOR: none = "", FORCE_COLOR: forced = "", TERM: terminal } = env;
  if (argv.includes("--no-color") || none !== "") return PLAIN;
  if (forced !== "") return createColors(forced !== "0" && forced !== "false");
  return createColors(stream.isTTY === true && terminal !== "dumb");
}

/** How a part of a text is set where there are colours. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan";

/** Text for people, parts of which have a style. Whether it is written with colours is up to the stream that it goes to. */
export type Styled = string | { readonly style: Style; readonly text: string } | readonly Styled[];

/** The same as plain text. */
export const styled = (style: Style, text: string): Styled => ({ style, text });

/** The parts with a separator between them. */
export const joined = (parts: readonly Styled[], separator: string): Styled =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));

/** The text with escape sequences of the colours, and none that comes from anywhere else. `clean` is applied to each part. */
export function render(text: Styled, colours: Colors, clean: (part: string) => string = printable): string {
  if (typeof text === "string") return clean(text);
  if ("style" in text) return colours[text.style](clean(text.text));
  return text.map((part) => render(part, colours, clean)).join("");
}

/** Blots out the secrets of the environment: the API key may have been given in place of something else, such as the URL. */
const redact = redactorOf(...secretsOf(process.env));

/** What a person may be shown, on a terminal or in a file: without control characters, the secrets of the environment in any form, and API keys. */
export const presentable = (text: string): string => printable(withoutKeys(redact(text)));

/**
 * One of the two streams that people read. Only here does the command line write to them (ESLint sees to it), so that
 * nothing that comes from a region, a file or an argument reaches a terminal unescaped, and colours depend on the stream alone.
 */
export class Output {
  constructor(readonly stream: NodeJS.WriteStream) {}

  get colours(): Colors {
    return coloursFor(this.stream);
  }

  /** Whether a line on it can be drawn anew. */
  get canDraw(): boolean {
    return this.stream.isTTY && process.env.TERM !== "dumb";
  }

  write(text: Styled): void {
    this.stream.write(this.rendered(text));
  }

  /** Writes our own text with a key in it, for the command whose purpose is to show one. */
  reveal(text: string): void {
    this.stream.write(printable(text));
  }

  /** The text as this stream gets it, for libraries that draw on the stream by themselves. */
  rendered(text: Styled): string {
    return render(text, this.colours, presentable);
  }

  /** Whoever reads the output may stop reading, and a run must not be cut off by that. */
  outliveReader(): void {
    this.stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}

export const stdout = new Output(process.stdout);
export const stderr = new Output(process.stderr);

/** Writes to a file, or to stdout where none is named. @throws InputFileError */
export function writeOutput(file: string | undefined, text: Styled): void {
  if (file === undefined) {
    stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, render(text, PLAIN, presentable));
  } catch (cause) {
    const fix = "Name a file in a folder that is there and writable with --output.";
    throw new InputFileError(file, `it can't be written (${(cause as Error).message}). ${fix}`, [], { cause });
  }
}

/** Makes the folder that files are to be written to. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const fix = "Name a folder that can be written to with --output.";
    throw new InputFileError(
      folder,
      `it is no folder and can't be made one (${(cause as Error).message}). ${fix}`,
      [],
      {
        cause,
      },
    );
  }
}

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** The answer to a question; empty when it is not answered, or interrupted, also by the signal. */
export function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    // An interrupt, or the end of the input, is an answer too.
    const giveUp = (): void => {
      stdout.write("\n");
      resolve("");
    };
    terminal.once("close", giveUp);
    signal.addEventListener("abort", () => terminal.close(), { once: true });
    terminal.question(presentable(question), (answer) => {
      terminal.off("close", giveUp);
      terminal.close();
      resolve(answer);
    });
  });
}
