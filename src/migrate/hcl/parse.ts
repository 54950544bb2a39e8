import type { Attribute, Block, Body, Label } from "./ast";
import { expression } from "./expression";
import { Scanner } from "./scanner";
import { quoted } from "./template";

/**
 * Reads a file in HCL's native syntax as Terraform does. Comments and blanks are in no item: what is not in an item's span
 * is theirs.
 *
 * @throws HclError with line and column
 * @see github.com/hashicorp/hcl/v2 hclsyntax/spec.md
 */
export function parseHcl(file: string, text: string): Body {
  const scanner = new Scanner(file, text);
  const start = scanner.offset;
  const items = itemsUntil(scanner, undefined);
  return { start, end: text.length, items };
}

/** Reads items, one on a line, up to the end of the file or the brace that closes `opening`. */
function itemsUntil(scanner: Scanner, opening: Opening | undefined): (Attribute | Block)[] {
  const items: (Attribute | Block)[] = [];
  const names = new Set<string>();
  for (;;) {
    scanner.skip(true);
    if (scanner.isAtEnd && opening !== undefined)
      scanner.fail(`the ${opening.what} that begins here is not closed with }`, opening.start);
    if (scanner.isAtEnd || (opening !== undefined && scanner.sees("}"))) return items;
    const item = scanner.nested(() => itemOf(scanner));
    items.push(item);
    if (item.kind === "attribute") {
      if (names.has(item.name.text)) scanner.fail(`${item.name.text} is set twice`, item.start);
      names.add(item.name.text);
    }
    if (!scanner.endOfLine()) scanner.fail(`expected a new line after the ${item.kind}, found ${scanner.found()}`);
  }
}

interface Opening {
  readonly what: string;
  readonly start: number;
}

function itemOf(scanner: Scanner): Attribute | Block {
  const start = scanner.offset;
  if (scanner.sees("}")) scanner.fail("this } closes nothing");
  const text = scanner.identifier() ?? scanner.fail(`expected an attribute or a block, found ${scanner.found()}`);
  const name = { start, end: scanner.offset, text };
  scanner.skip(false);
  if (scanner.accept("=")) {
    if (scanner.sees("=")) scanner.fail("expected a value, found =");
    scanner.skip(false);
    const value = expression(scanner, false);
    return { kind: "attribute", start, end: value.end, name, value };
  }
  return blockOf(scanner, name);
}

function labelOf(scanner: Scanner): Label | undefined {
  const start = scanner.offset;
  const text = scanner.identifier();
  if (text !== undefined) return { start, end: scanner.offset, text };
  if (!scanner.sees('"')) return undefined;
  const label = quoted(scanner, expression);
  if (label.kind !== "literal") scanner.fail("the label of a block takes no ${", start);
  return { start, end: scanner.offset, text: String(label.value) };
}

function blockOf(scanner: Scanner, type: Label): Block {
  const labels: Label[] = [];
  for (let label = labelOf(scanner); label !== undefined; label = labelOf(scanner)) {
    labels.push(label);
    scanner.skip(false);
  }
  if (!scanner.accept("{"))
    scanner.fail(`expected = or { after ${[type, ...labels].at(-1)?.text ?? ""}, found ${scanner.found()}`);
  const start = scanner.offset;
  const what = `block ${[type, ...labels].map(({ text }) => text).join(" ")}`;
  const items = scanner.endOfLine() ? itemsUntil(scanner, { what, start: type.start }) : onOneLine(scanner);
  const end = scanner.offset;
  scanner.accept("}");
  return { kind: "block", start: type.start, end: scanner.offset, type, labels, body: { start, end, items } };
}

/** What a block has that is closed on the line where it is opened: one attribute at most. */
function onOneLine(scanner: Scanner): Attribute[] {
  if (scanner.sees("}")) return [];
  const item = scanner.nested(() => itemOf(scanner));
  if (item.kind === "block") scanner.fail("a block on one line can't have a block in it", item.start);
  scanner.skip(false);
  if (!scanner.sees("}"))
    scanner.fail(`expected } on this line, or the attributes on lines of their own, found ${scanner.found()}`);
  return [item];
}
