import { kept, keptReference, type RowOf } from "../../model/columns";
import { Invalid } from "../../model/errors";
import type { FormField } from "../../model/fields";
import { asText } from "../../api/params";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";

const columns = {
  data: kept<string>(),
  previous_version: keptReference("text_files"),
  created: kept<string>(),
};

export type TextFileRow = RowOf<typeof columns>;

/** A text that never changes: a new version refers to the one before. The API shows it within what has it. */
export const textFiles: Resource<TextFileRow> = defineResource({
  model: "VersionedTextFile",
  path: "text-files",
  columns,
});

/**
 * Reads a text and stores it as a new version. As in MAAS a form reads it before it knows whether it will be refused, and a
 * PUT without it stores the id of the current version as the text: MAAS fills its form with that id.
 */
export const versionedText: FormField = {
  required: false,
  type: "text",
  clean(value, region, live) {
    const current = live === undefined ? undefined : region.store.text_files.get((live as { value?: number }).value);
    if (value === undefined || value === null) {
      if (current === undefined) throw Invalid.whole("Must be given a value");
      return current;
    }
    const data = asText(value).replace(/\r\n/g, "\n");
    return current?.data === data ? current : addText(region, data, current);
  },
};

function addText(region: Region, data: string, previous?: TextFileRow): TextFileRow {
  return region.store.text_files.insert({ data, previous_version: previous?.id ?? null, created: region.now() });
}

/** The text and those before it, newest first. */
export function versionsOf({ text_files }: Store, id: number): TextFileRow[] {
  const versions: TextFileRow[] = [];
  for (let file = text_files.get(id); file !== undefined; file = text_files.get(file.previous_version)) {
    versions.push(file);
  }
  return versions;
}
