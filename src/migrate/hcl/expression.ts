import type { Expression, ObjectItem, Step } from "./ast";
import type { Scanner } from "./scanner";
import { forSource, heredoc, quoted } from "./template";

const OPERATORS = ["||", "&&", "==", "!=", ">=", "<=", ">", "<", "+", "-", "*", "/", "%"];
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LEGACY_INDEX = /\d+/y;
const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** What a part of an expression has around it. */
interface Context {
  readonly scanner: Scanner;
  /** Between brackets, where a line end means nothing. */
  readonly lines: boolean;
}

/** Reads an expression. With `lines` it may go over several lines, as between brackets. */
export function expression(scanner: Scanner, lines: boolean): Expression {
  return scanner.nested(() => conditional({ scanner, lines }));
}

function conditional(context: Context): Expression {
  const { scanner, lines } = context;
  const condition = operation(context);
  if (!goesOn(context, "?")) return condition;
  scanner.skip(lines);
  const yes = expression(scanner, lines);
  scanner.skip(lines);
  scanner.expect(":", "between the two values of a condition");
  scanner.skip(lines);
  const no = expression(scanner, lines);
  return { kind: "compound", start: condition.start, end: no.end, parts: [condition, yes, no] };
}

/** Reads the word if it comes next, after blanks; else the blanks are left too. */
function goesOn({ scanner, lines }: Context, word: string): boolean {
  const { offset } = scanner;
  scanner.skip(lines);
  // Two slashes begin a comment.
  if (!scanner.sees("//") && scanner.accept(word)) return true;
  scanner.offset = offset;
  return false;
}

function operation(context: Context): Expression {
  const { scanner, lines } = context;
  const first = unary(context);
  const parts = [first];
  const operators: string[] = [];
  const next = (): string | undefined => OPERATORS.find((operator) => goesOn(context, operator));
  for (let operator = next(); operator !== undefined; operator = next()) {
    operators.push(operator);
    scanner.skip(lines);
    parts.push(unary(context));
  }
  const last = parts.at(-1) ?? first;
  return parts.length === 1 ? first : { kind: "compound", start: first.start, end: last.end, parts, operators };
}

function unary(context: Context): Expression {
  const { scanner, lines } = context;
  const start = scanner.offset;
  if (!scanner.accept("!") && !scanner.accept("-")) return postfix(context);
  scanner.skip(lines);
  const operand = scanner.nested(() => unary(context));
  if (operand.kind === "literal" && typeof operand.value === "number")
    return { kind: "literal", start, end: operand.end, value: -operand.value };
  return { kind: "compound", start, end: operand.end, parts: [operand] };
}

function postfix(context: Context): Expression {
  const { scanner } = context;
  const base = primary(context);
  const steps: Step[] = [];
  for (let next = step(context); next !== undefined; next = step(context)) steps.push(next);
  if (steps.length === 0) return base;
  const { start } = base;
  const end = scanner.offset;
  if (base.kind === "traversal") return { ...base, end, steps };
  const indexes = steps.flatMap((one) => ("index" in one ? [one.index] : []));
  return { kind: "compound", start, end, parts: [base, ...indexes] };
}

function step(context: Context): Step | undefined {
  const { scanner } = context;
  const before = scanner.offset;
  scanner.skip(context.lines);
  const start = scanner.offset;
  if (scanner.accept("[")) {
    scanner.skip(true);
    const isSplat = scanner.accept("*");
    const index = isSplat ? undefined : expression(scanner, true);
    scanner.skip(true);
    scanner.expect("]", "after an index");
    return { start, end: scanner.offset, ...(index === undefined ? { splat: true } : { index }) };
  }
  if (scanner.sees("...") || !scanner.accept(".")) {
    scanner.offset = before;
    return undefined;
  }
  scanner.skip(context.lines);
  if (scanner.accept("*")) return { start, end: scanner.offset, splat: true };
  const at = scanner.offset;
  const digits = scanner.match(LEGACY_INDEX);
  if (digits !== undefined) {
    const index: Expression = { kind: "literal", start: at, end: scanner.offset, value: Number(digits) };
    return { start, end: scanner.offset, index };
  }
  const name = scanner.identifier() ?? scanner.fail(`expected the name of an attribute, found ${scanner.found()}`);
  return { start, end: scanner.offset, name };
}

function primary(context: Context): Expression {
  const { scanner } = context;
  const start = scanner.offset;
  if (scanner.sees('"')) return quoted(scanner, expression);
  if (scanner.sees("<<")) return heredoc(scanner, expression);
  if (scanner.accept("(")) {
    scanner.skip(true);
    const inner = expression(scanner, true);
    scanner.skip(true);
    scanner.expect(")", "after an expression in parentheses");
    return { kind: "compound", start, end: scanner.offset, parts: [inner] };
  }
  if (scanner.accept("[")) return tuple(scanner, start);
  if (scanner.accept("{")) return object(scanner, start);
  const digits = scanner.match(NUMBER);
  if (digits !== undefined) return { kind: "literal", start, end: scanner.offset, value: Number(digits) };
  return named(context, start);
}

/** A constant, a reference or the call of a function. */
function named({ scanner, lines }: Context, start: number): Expression {
  const quote = scanner.sees("'") ? "; HCL has double quotes only" : "";
  let name = scanner.identifier() ?? scanner.fail(`expected a value, found ${scanner.found()}${quote}`);
  while (scanner.accept("::"))
    name += `::${scanner.identifier() ?? scanner.fail(`expected the name of a function, found ${scanner.found()}`)}`;
  const { offset: end } = scanner;
  scanner.skip(lines);
  if (scanner.accept("(")) return call(scanner, start, name);
  scanner.offset = end;
  const constant = CONSTANTS[name];
  if (constant !== undefined) return { kind: "literal", start, end, value: constant };
  return { kind: "traversal", start, end, root: name, steps: [] };
}

function call(scanner: Scanner, start: number, name: string): Expression {
  const parts: Expression[] = [];
  scanner.skip(true);
  while (!scanner.accept(")")) {
    parts.push(expression(scanner, true));
    scanner.skip(true);
    const isLast = scanner.accept("...") || !scanner.accept(",");
    scanner.skip(true);
    if (isLast && !scanner.sees(")")) scanner.fail(`expected , or ) after an argument, found ${scanner.found()}`);
  }
  return { kind: "call", start, end: scanner.offset, name, parts };
}

function tuple(scanner: Scanner, start: number): Expression {
  scanner.skip(true);
  if (seesFor(scanner)) return forExpression(scanner, start, "]");
  const items: Expression[] = [];
  while (!scanner.accept("]")) {
    items.push(expression(scanner, true));
    scanner.skip(true);
    const isLast = !scanner.accept(",");
    scanner.skip(true);
    if (isLast && !scanner.sees("]")) scanner.fail(`expected , or ] after an item, found ${scanner.found()}`);
  }
  return { kind: "tuple", start, end: scanner.offset, items };
}

function object(scanner: Scanner, start: number): Expression {
  scanner.skip(true);
  if (seesFor(scanner)) return forExpression(scanner, start, "}");
  const items: ObjectItem[] = [];
  while (!scanner.accept("}")) {
    const key = expression(scanner, false);
    scanner.skip(true);
    if (!scanner.accept("=") && !scanner.accept(":"))
      scanner.fail(`expected = after the key of an object, found ${scanner.found()}`);
    scanner.skip(true);
    // A line end ends an item.
    const value = expression(scanner, false);
    items.push({ start: key.start, end: value.end, key, value });
    scanner.skip(false);
    const isEnded = scanner.accept(",") || scanner.sees("}") || scanner.endOfLine();
    if (!isEnded) scanner.fail(`expected , or a new line after a value of an object, found ${scanner.found()}`);
    scanner.skip(true);
  }
  return { kind: "object", start, end: scanner.offset, items };
}

const seesFor = (scanner: Scanner): boolean => {
  const { offset } = scanner;
  const isFor = scanner.identifier() === "for" && scanner.match(/(?=[ \t\r\n/#])/y) !== undefined;
  scanner.skip(true);
  const isIt = isFor && scanner.identifier() !== undefined;
  scanner.offset = offset;
  return isIt;
};

function forExpression(scanner: Scanner, start: number, close: string): Expression {
  scanner.identifier();
  const parts = [forSource(scanner, expression)];
  scanner.skip(true);
  scanner.expect(":", "after the collection of for");
  const read = (): void => {
    scanner.skip(true);
    parts.push(expression(scanner, true));
    scanner.skip(true);
  };
  read();
  if (close === "}") {
    scanner.expect("=>", "between the key and the value of for");
    read();
    scanner.accept("...");
    scanner.skip(true);
  }
  if (scanner.seesKeyword("if")) {
    scanner.identifier();
    read();
  }
  scanner.expect(close, "after for");
  return { kind: "compound", start, end: scanner.offset, parts };
}
