import type { Edit } from "./edits";

/** Lines of context around a change, as in most diffs. */
const CONTEXT = 3;

/** Lines that stand in place of others; with their line ends. */
interface Change {
  /** Index of the first line that goes, or before which the new ones come. */
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A line of a diff: `-` or `+` or neither before its text; an empty line that stays is empty here too, as POSIX has it. */
export type PatchLine = `${"-" | "+" | " " | "@" | "\\"}${string}` | `--- ${string}` | `+++ ${string}` | "";

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The changes that edits make, line by line. The edits are sorted, and none is in another. */
function changesOf(text: string, edits: readonly Edit[]): Change[] {
  const lines = linesOf(text);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const lineAt = (offset: number): number => {
    let [low, high] = [0, Math.max(0, lines.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const groups: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const first = lineAt(edit.start);
    const isWhole = edit.end > edit.start && starts[first] === edit.start && text.charAt(edit.end - 1) === "\n";
    const last = lineAt(isWhole && (edit.text === "" || edit.text.endsWith("\n")) ? edit.end - 1 : edit.end);
    const group = groups.at(-1);
    if (group !== undefined && first <= group.last + 1) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else groups.push({ first, last, edits: [edit] });
  }
  return groups.map(({ first, last, edits: own }) => {
    const [from, to] = [starts[first] ?? 0, starts[last + 1] ?? text.length];
    const pieces: string[] = [];
    let at = from;
    for (const edit of own) {
      pieces.push(text.slice(at, edit.start), edit.text);
      at = edit.end;
    }
    return trimmed(first, lines.slice(first, last + 1), linesOf([...pieces, text.slice(at, to)].join("")));
  });
}

/** The change without lines at its ends that stay. */
function trimmed(at: number, removed: readonly string[], added: readonly string[]): Change {
  const most = Math.min(removed.length, added.length);
  let head = 0;
  while (head < most && removed[head] === added[head]) head += 1;
  let tail = 0;
  while (tail < most - head && removed.at(-1 - tail) === added.at(-1 - tail)) tail += 1;
  return {
    at: at + head,
    removed: removed.slice(head, removed.length - tail),
    added: added.slice(head, added.length - tail),
  };
}

/** What edits change in a file, as a unified diff: lines without line ends. Empty where they change nothing. */
export function unifiedDiff(name: string, text: string, edits: readonly Edit[]): PatchLine[] {
  const lines = linesOf(text);
  const changes = changesOf(text, edits).filter(({ removed, added }) => removed.length + added.length > 0);
  const hunks: Change[][] = [];
  for (const change of changes) {
    const before = hunks.at(-1)?.at(-1);
    if (before !== undefined && change.at - (before.at + before.removed.length) <= 2 * CONTEXT)
      hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  let shift = 0;
  const body = hunks.flatMap((hunk) => {
    const [first, last] = [hunk[0], hunk.at(-1)];
    if (first === undefined || last === undefined) return [];
    const from = Math.max(0, first.at - CONTEXT);
    const to = Math.min(lines.length, last.at + last.removed.length + CONTEXT);
    const grown = hunk.reduce((sum, { removed, added }) => sum + added.length - removed.length, 0);
    const head = `@@ -${range(from, to - from)} +${range(from + shift, to - from + grown)} @@` as const;
    shift += grown;
    return [head, ...hunkLines(lines, hunk, from, to)];
  });
  return body.length === 0 ? [] : [`--- ${name}`, `+++ ${name}`, ...body];
}

const range = (from: number, count: number): string => `${count === 0 ? from : from + 1},${count}`;

function hunkLines(lines: readonly string[], hunk: readonly Change[], from: number, to: number): PatchLine[] {
  const all: PatchLine[] = [];
  const put = (mark: "-" | "+" | " ", some: readonly string[]): void => {
    for (const line of some) {
      const text = line.replace(/\n$/, "");
      all.push(mark === " " && text === "" ? "" : `${mark}${text}`);
      if (!line.endsWith("\n")) all.push("\\ No newline at end of file");
    }
  };
  let at = from;
  for (const change of hunk) {
    put(" ", lines.slice(at, change.at));
    put("-", change.removed);
    put("+", change.added);
    at = change.at + change.removed.length;
  }
  put(" ", lines.slice(at, to));
  return all;
}
