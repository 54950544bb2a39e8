import { writeFileSync } from "node:fs";
import { InputFileError } from "./input-file";

/** Writes to a file, or to stdout where none is named. @throws InputFileError */
export function writeOutput(file: string | undefined, text: string): void {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text);
  } catch (cause) {
    const fix = "Name a file in a folder that is there and writable with --output.";
    throw new InputFileError(file, `it can't be written (${(cause as Error).message}). ${fix}`, [], { cause });
  }
}
