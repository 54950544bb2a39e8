import type { Expression } from "./ast";
import type { Scanner } from "./scanner";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };
const UNICODE = /u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;
const MARKER = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;

/** Reads an expression, which may hold templates in turn. With `lines` it may go over several lines. */
type ReadExpression = (scanner: Scanner, lines: boolean) => Expression;

/** What a template has between its marks. */
class Parts {
  /** The text, as far as it is constant. */
  text = "";
  readonly expressions: Expression[] = [];
  private readonly pieces: (string | Expression)[] = [];
  private pieceStart = 0;
  private hasDirective = false;
  /** The interpolations and directives. */
  count = 0;
  /** The directives that are open, from the outside in. */
  readonly open: { readonly word: string; readonly at: number }[] = [];

  constructor(
    private readonly scanner: Scanner,
    private readonly expressionIn: ReadExpression,
  ) {}

  /** Reads an interpolation or a directive, or its escaped mark, if one is here. */
  sequence(): boolean {
    const { scanner } = this;
    for (const mark of ["${", "%{"]) {
      if (scanner.accept(`${mark.charAt(0)}${mark}`)) {
        this.text += mark;
        return true;
      }
      const start = scanner.offset;
      if (!scanner.accept(mark)) continue;
      scanner.accept("~");
      scanner.skip(true);
      if (mark === "${") this.interpolation();
      else this.directive(start);
      this.count += 1;
      scanner.skip(true);
      scanner.accept("~");
      if (!scanner.accept("}"))
        scanner.fail(`expected } after ${mark}, which is at ${place(scanner, start)}, found ${scanner.found()}`);
      return true;
    }
    return false;
  }

  private interpolation(): void {
    const value = this.expressionIn(this.scanner, true);
    this.expressions.push(value);
    this.pieces.push(this.text.slice(this.pieceStart), value);
    this.pieceStart = this.text.length;
  }

  private directive(at: number): void {
    const { scanner, open } = this;
    this.hasDirective = true;
    const word = scanner.identifier() ?? "";
    const inner = open.at(-1)?.word;
    if (word === "if") {
      scanner.skip(true);
      this.expressions.push(this.expressionIn(scanner, true));
      open.push({ word: "if", at });
    } else if (word === "for") {
      this.expressions.push(forSource(scanner, this.expressionIn));
      open.push({ word: "for", at });
    } else if (word === "endif" || word === "endfor") {
      if (inner !== word.slice("end".length)) scanner.fail(`%{ ${word} } ends nothing here`, at);
      open.pop();
    } else if (word !== "else" || inner !== "if") {
      scanner.fail("expected if, else, endif, for or endfor after %{", at);
    }
  }

  /** What the template is, once its end is read. */
  expression(start: number): Expression {
    const [unclosed] = this.open;
    if (unclosed !== undefined) this.scanner.fail(`%{ ${unclosed.word} } has no %{ end${unclosed.word} }`, unclosed.at);
    const { text, expressions, count } = this;
    const { offset: end } = this.scanner;
    if (count === 0) return { kind: "literal", start, end, value: text };
    return {
      kind: "template",
      start,
      end,
      parts: expressions,
      ...(!this.hasDirective && { pieces: [...this.pieces, text.slice(this.pieceStart)] }),
      isWrapper: count === 1 && text === "" && expressions.length === 1,
    };
  }
}

function place({ text }: Scanner, offset: number): string {
  return `line ${text.slice(0, offset).split("\n").length}`;
}

/** Reads a text in quotes. */
export function quoted(scanner: Scanner, expressionIn: ReadExpression): Expression {
  const start = scanner.offset;
  scanner.accept('"');
  const parts = new Parts(scanner, expressionIn);
  while (!scanner.accept('"')) {
    if (parts.sequence()) continue;
    if (scanner.isAtEnd || scanner.sees("\n") || scanner.sees("\r\n"))
      scanner.fail('the text that begins here is not closed with " on its line', start);
    if (scanner.accept("\\")) parts.text += escape(scanner);
    else {
      parts.text += scanner.text.charAt(scanner.offset);
      scanner.offset += 1;
    }
  }
  return parts.expression(start);
}

function escape(scanner: Scanner): string {
  const code = scanner.match(UNICODE);
  if (code !== undefined) {
    const point = Number.parseInt(code.slice(1), 16);
    return point > 0x10_ff_ff ? scanner.fail(`\\${code} is no character`) : String.fromCodePoint(point);
  }
  const character = scanner.text.charAt(scanner.offset);
  const meant =
    ESCAPES[character] ??
    scanner.fail(`\\${character} is no escape sequence; a backslash is written \\\\`, scanner.offset - 1);
  scanner.offset += 1;
  return meant;
}

/** Reads a heredoc, up to its closing marker. */
export function heredoc(scanner: Scanner, expressionIn: ReadExpression): Expression {
  const start = scanner.offset;
  const [, , marker = ""] = /^<<(-?)([^\s]*)/.exec(scanner.match(MARKER) ?? "") ?? [];
  if (marker === "") scanner.fail("expected a marker and a new line after <<, as in <<EOT");
  const closing = new RegExp(`[ \\t]*${marker}(?=[ \\t]*(?:\\r?\\n|$))`, "y");
  const parts = new Parts(scanner, expressionIn);
  for (let isLineStart = true; !(isLineStart && scanner.match(closing) !== undefined);) {
    if (scanner.isAtEnd) scanner.fail(`the heredoc that begins here has no closing ${marker}`, start);
    if (parts.sequence()) {
      isLineStart = false;
      continue;
    }
    const character = scanner.text.charAt(scanner.offset);
    parts.text += character;
    isLineStart = character === "\n";
    scanner.offset += 1;
  }
  return parts.expression(start);
}

/** `k, v in EXPRESSION`, after the word `for`. */
export function forSource(scanner: Scanner, expressionIn: ReadExpression): Expression {
  const name = (): string =>
    scanner.identifier() ?? scanner.fail(`expected the name of a variable after for, found ${scanner.found()}`);
  scanner.skip(true);
  name();
  scanner.skip(true);
  if (scanner.accept(",")) {
    scanner.skip(true);
    name();
    scanner.skip(true);
  }
  if (!scanner.seesKeyword("in")) scanner.fail(`expected in after the variables of for, found ${scanner.found()}`);
  scanner.identifier();
  scanner.skip(true);
  return expressionIn(scanner, true);
}
