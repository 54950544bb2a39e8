import type { Span } from "./hcl/ast";

/** A piece of a text and what stands in its place. */
export interface Edit extends Span {
  readonly text: string;
}

const BLANK_LINE = /^[ \t]*$/;

/** The edits of one text. What no edit covers stays byte for byte. */
export class Edits {
  private readonly edits: Edit[] = [];
  /** Small edits inside of expressions, which go along when the text around them is moved. */
  private readonly inline: Edit[] = [];
  private lineStarts: readonly number[] | undefined;
  /** The line end that the text has. */
  readonly eol: string;

  constructor(readonly text: string) {
    this.eol = text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** Renames something wherever the text around it comes to be. */
  rename({ start, end }: Span, text: string): void {
    this.inline.push({ start, end, text });
  }

  replace({ start, end }: Span, text: string): void {
    this.edits.push({ start, end, text: this.withLineEnds(text) });
  }

  insert(offset: number, text: string): void {
    this.replace({ start: offset, end: offset }, text);
  }

  /** The text of a span, with what was renamed in it, and more that is to be there. */
  source({ start, end }: Span, more: readonly Edit[] = []): string {
    const isMore = (edit: Edit): boolean => more.some((one) => one.start <= edit.start && one.end >= edit.end);
    const renamed = this.inline.filter((edit) => edit.start >= start && edit.end <= end && !isMore(edit));
    return apply(this.text, [...renamed, ...more], start, end);
  }

  /** The line of an offset, from 1. */
  lineNumber(offset: number): number {
    this.lineStarts ??= [...this.text.matchAll(/\n/g)].map(({ index }) => index + 1);
    let [low, high] = [0, this.lineStarts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** Where the line's characters end. */
  lineEnd(offset: number): number {
    const at = this.text.indexOf("\n", offset);
    if (at < 0) return this.text.length;
    return this.text.charAt(at - 1) === "\r" && at > offset ? at - 1 : at;
  }

  /** The blanks that the line of the offset begins with. */
  indentAt(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(offset), offset))?.[0] ?? "";
  }

  /** Removes an item of a body: its lines too, where nothing else is on them. A comment behind it stays. */
  remove({ start, end }: Span): void {
    const { text } = this;
    const [lineStart, lineEnd] = [this.lineStart(start), this.lineEnd(end)];
    const before = text.slice(lineStart, start);
    const after = text.slice(end, lineEnd);
    if (!BLANK_LINE.test(before)) {
      const blanks = /[ \t]*$/.exec(before)?.[0].length ?? 0;
      this.replace({ start: start - blanks, end }, "");
    } else if (BLANK_LINE.test(after)) {
      const next = Math.min(text.length, text.indexOf("\n", lineEnd) + 1 || text.length);
      this.replace({ start: this.withBlankLineBefore(lineStart, next), end: next }, "");
    } else {
      const blanks = /^[ \t]*/.exec(after)?.[0].length ?? 0;
      this.replace({ start, end: end + blanks }, "");
    }
  }

  /** The blank line before a removed one goes too where a closing brace or another blank line follows. */
  private withBlankLineBefore(lineStart: number, next: number): number {
    if (lineStart === 0) return lineStart;
    const previous = this.lineStart(lineStart - 1);
    const isBlank = BLANK_LINE.test(this.text.slice(previous, this.lineEnd(previous)));
    return isBlank && /^[ \t]*(?:\r?\n|\}|$)/.test(this.text.slice(next, this.lineEnd(next) + 2))
      ? previous
      : lineStart;
  }

  private withLineEnds(text: string): string {
    return text.replace(/\r?\n/g, this.eol);
  }

  /** All edits by their place, none within another. */
  all(): readonly Edit[] {
    const outer = this.edits;
    const isFree = (one: Edit): boolean => !outer.some(({ start, end }) => one.start >= start && one.end <= end);
    const edits = [...outer, ...this.inline.filter(isFree)].filter(
      ({ start, end, text }) => this.text.slice(start, end) !== text,
    );
    return edits.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  result(): string {
    return apply(this.text, this.all(), 0, this.text.length);
  }
}

/** @throws Error when two edits overlap: a mistake in this package, and nothing is to be written then. */
function apply(text: string, edits: readonly Edit[], from: number, to: number): string {
  const pieces: string[] = [];
  let at = from;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) throw new Error(`edits overlap at offset ${edit.start}`);
    pieces.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return [...pieces, text.slice(at, to)].join("");
}
