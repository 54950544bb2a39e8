import { writeFileSync } from "node:fs";
import { InputFileError } from "./input-file";
import { presentable, stdout } from "./output/terminal";
import { PLAIN } from "./output/colours";
import { render, type Styled } from "./output/styled";

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
