import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Colors } from "picocolors/types";
import { printable } from "../../../lib/model/text";
import { redactorOf } from "../../maas/api-key";
import { InputFileError } from "../../reconcile/engine/input-file";
import { coloursFor, PLAIN, render, type Styled } from "./styled";

/** Blots out the API key, which may have been given in place of something else, such as the URL. */
const redact = redactorOf(process.env.MAAS_API_KEY);

/** What a person may be shown, on a terminal or in a file: without control characters, and without the API key in any form. */
export const presentable = (text: string): string => printable(redact(text));

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

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** The answer to a question; empty when it is not answered, or interrupted. */
export function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((resolve) => {
    // An interrupt, or the end of the input, is an answer too.
    const giveUp = (): void => {
      stdout.write("\n");
      resolve("");
    };
    terminal.once("close", giveUp);
    terminal.question(presentable(question), (answer) => {
      terminal.off("close", giveUp);
      terminal.close();
      resolve(answer);
    });
  });
}
