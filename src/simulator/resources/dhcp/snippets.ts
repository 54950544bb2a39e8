import type { Store } from "../../model/store";
import type { DhcpSnippetRow } from "./dhcp-snippet";
import { versionsOf } from "./text-file";

/** Deletes the snippet and its text in all its versions. */
export function removeSnippet(store: Store, snippet: DhcpSnippetRow): void {
  store.dhcp_snippets.delete(snippet);
  for (const version of versionsOf(store, snippet.value)) store.text_files.delete(version);
}
