import { shellWord } from "../../../lib/model/escape";
import { readFile } from "node:fs/promises";
import type { NetworkDocument } from "../../../lib/model/document";
import { DocumentError } from "../../../lib/model/document/error";
import { readDocument } from "../../../lib/model/document/read";
import { refuseSpecialFile } from "../../files/regular-file";
import { InputFileError } from "./input-error";
import { isSavedPlan } from "./plan/plan";

/** The text of a file. `fix` says what to give instead of one that can't be read. @throws InputFileError */
export async function readInputFile(file: string, fix: string): Promise<string> {
  try {
    refuseSpecialFile(file);
    // Some editors put a mark of the encoding first.
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const problem = isMissing ? "there is no such file" : `it can't be read (${(cause as Error).message})`;
    throw new InputFileError(file, `${problem}. ${fix}`, [], { cause });
  }
}

/** Reads a desired-state document and tells where it came from if it is none. @throws InputFileError */
export function readDocumentOf(file: string, text: string): NetworkDocument {
  try {
    return readDocument(text);
  } catch (cause) {
    if (!(cause instanceof DocumentError)) throw cause;
    if (isSavedPlan(text)) {
      const fix = `Run it with cdktf-maas apply ${shellWord(file)}, or give the document that it was made from.`;
      throw new InputFileError(file, `this is a saved plan, and a desired-state document is wanted. ${fix}`, [], {
        cause,
      });
    }
    throw new InputFileError(file, cause.message, cause.problems, { cause });
  }
}

/**
 * Reads the text of a record.
 *
 * @param without what to do to go on without it
 * @throws InputFileError that says so, for what is no record
 */
export function readRecord(name: string, text: string, without: string): NetworkDocument {
  try {
    return readDocumentOf(name, text);
  } catch (cause) {
    if (!(cause instanceof InputFileError)) throw cause;
    const { message, problems } = cause;
    const fix =
      `Nothing was changed. A record says what former runs made. Mend it, or restore the last good one; else ${without}, and ` +
      "run apply with --force existing: what is there and in the document then counts as adopted, and is not deleted by a destroy.";
    throw new InputFileError(name, `${message.slice(name.length + 2)}\n${fix}`, problems, { cause });
  }
}

/** What to give where a document is wanted. */
export const DOCUMENT_WANTED =
  "Give the maas-network.json that `cdktf synth` writes, as in cdktf.out/stacks/lab-network/maas-network.json.";
