import { ProblemError } from "../../../lib/model/problem";

/** Where an offset is: line and column from 1, columns in characters. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(text.startsWith("\uFEFF") ? 1 : 0, offset);
  const lines = before.split("\n");
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}

/** A text that is not HCL. The message begins with FILE:LINE:COLUMN. */
export class HclError extends ProblemError {
  override readonly name = "HclError";
  constructor(file: string, text: string, offset: number, problem: string) {
    const { line, column } = positionAt(text, offset);
    super("MAAS-MIG-01", `${file}:${line}:${column}: ${problem}. Nothing was written.`);
  }
}

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const BLANK = /(?:[ \t]|\/\*[\s\S]*?\*\/)*/y;
const NEWLINE = /\r?\n/y;
const LINE_COMMENT = /(?:#|\/\/)[^\n]*/y;

/** How deep expressions and blocks may be nested. Terraform's own files have a few dozen levels at most. */
const MAX_DEPTH = 400;

/** Reads an HCL text from its start to its end, by the lexical rules of HCL's syntax specification (hclsyntax/spec.md). */
export class Scanner {
  offset: number;
  private depth = 0;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.offset = text.startsWith("\uFEFF") ? 1 : 0;
  }

  fail(problem: string, offset = this.offset): never {
    throw new HclError(this.file, this.text, offset, problem);
  }

  get isAtEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Whether the text goes on so; nothing is read. */
  sees(word: string): boolean {
    return this.text.startsWith(word, this.offset);
  }

  /** Reads the word if the text goes on so. */
  accept(word: string): boolean {
    if (!this.sees(word)) return false;
    this.offset += word.length;
    return true;
  }

  expect(word: string, where: string): void {
    if (!this.accept(word)) this.fail(`expected ${word} ${where}, found ${this.found()}`);
  }

  /** What the pattern (sticky) matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const [text] = pattern.exec(this.text) ?? [];
    if (text !== undefined) this.offset += text.length;
    return text;
  }

  identifier(): string | undefined {
    return this.match(IDENTIFIER);
  }

  /** Whether the identifier comes next, as a whole word. */
  seesKeyword(word: string): boolean {
    const { offset } = this;
    const isIt = this.identifier() === word;
    this.offset = offset;
    return isIt;
  }

  /** Skips blanks and comments within the line; with `lines`, line ends and line comments too. */
  skip(lines: boolean): void {
    do {
      this.match(BLANK);
      if (this.sees("/*")) this.fail("the comment that begins here is not closed with */");
    } while (lines && (this.match(NEWLINE) !== undefined || this.match(LINE_COMMENT) !== undefined));
  }

  /** Reads the end of a line with the comment before it. False where something else comes. */
  endOfLine(): boolean {
    this.skip(false);
    const hasComment = this.match(LINE_COMMENT) !== undefined;
    return this.isAtEnd || this.match(NEWLINE) !== undefined || hasComment;
  }

  /** Reads something that can be nested in itself. */
  nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels are nested here`);
    try {
      return read();
    } finally {
      this.depth -= 1;
    }
  }

  /** What comes next, for a message. */
  found(): string {
    if (this.isAtEnd) return "the end of the file";
    if (/^\r?\n/.test(this.text.slice(this.offset, this.offset + 2))) return "the end of the line";
    return JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0));
  }
}
