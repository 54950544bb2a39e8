import type { NetworkDocument } from "../../../../lib/model/document";
import { InputFileError, readDocumentOf } from "../input-file";

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
