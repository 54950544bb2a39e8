import fc from "fast-check";
import { attributesIn, type Body, blocksOf, traversalsIn } from "../../../src/migrate/hcl/ast";
import { parseHcl } from "../../../src/migrate/hcl/parse";

const parse = (text: string): Body => parseHcl("main.tf", text);

/** What parsing says; "" when there is no error. */
function errorOf(text: string): string {
  try {
    parse(text);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

/** The texts of the values of all attributes. */
const values = (text: string): string[] =>
  [...attributesIn(parse(text))].map(({ value }) => text.slice(value.start, value.end));

/** Accepted by `terraform fmt` 1.11.4, as all texts here. */
const VALID: Readonly<Record<string, string>> = {
  nothing: "",
  "a comment without a line end": "# x",
  "no line end at the end": "a = 1",
  "a block on one line": 'resource "a" "b" { name = "x" }\n',
  "line ends of Windows": "a {\r\n  b = 1 # c\r\n  c = <<EOT\r\nhi ${x}\r\nEOT\r\n}\r\n",
  "a byte order mark": "\uFEFFa = 1\n",
  tabs: "a\t{\n\tb\t=\t1\n}\n",
  "an indented heredoc with directives":
    'a = <<-EOT\n   hi ${x.y["a"]} %{ if a }b%{ else }c%{ endif }\n   EOT\nb = 2\n',
  "marks that are escaped, and a marker within a line": 'a = <<EOT\n$${x} %%{ "quoted" } EOT not end\nEOT\nb = 2\n',
  "two heredocs in a list": "a = [<<A\nx\nA\n, <<B\ny\nB\n]\n",
  "empty heredocs": "a = <<EOT\nEOT\nb = <<-EOT\n  EOT\n",
  "quotes in interpolations": 'a = "x${"y${"z}"}"}"\n',
  escapes: 'a = "\\"${x}\\\\"\nb = "$${a} %%{b} $ % \\u00e9"\nc = "$"\n',
  for: "a = { for k, v in x : k => v... if v != null }\nb = [for x in y : x]\nc = [\n  for x in y :\n  x\n]\n",
  objects: 'a = {\n  b = 1\n  "c" : 2,\n  (d) = 3\n  e = {} }\nf = { g = 1, h = 2, }\n',
  operators: "a = b ? c : d\nx = !y && z || -1 > 2\nw = (\n 1 +\n 2\n)\n",
  "splats and indexes": 'a = b[*].c\nd = e.*.f\ng = h.0.i\nj = k["l"].m[0][each.key]\n',
  functions: "a = provider::maas::f(1, 2...)\nb = f(\n  1,\n  2,\n)\n",
  numbers: "a = 1.5e10\nb = -0.5\n",
  "comments everywhere":
    "a { // x\n /* y\n } */ b = /* c */ 1 # }\n}\nc = [ # one\n 1, // two\n 2 /* x */\n]\nd = 4 // e\n",
  "letters beyond ASCII": 'naïve = "ü"\n',
  "keywords as names": "for = 1\nif = 2\nin = 3\n",
  "stripping marks": 'a = "${~ x ~}%{~ for a in b ~}${a}%{~ endfor ~}"\n',
  "dynamic blocks": 'a "b" {\n dynamic "c" {\n  for_each = x\n  content {\n   a = c.value.b\n  }\n }\n}\n',
};

describe("an HCL text", () => {
  test.each(Object.entries(VALID))("with %s is read", (_, text) => {
    expect(errorOf(text)).toBe("");
  });

  test.each([
    [
      "a block that is not closed",
      'a "b" {\n  c = 1\n',
      "main.tf:1:1: the block a b that begins here is not closed with }",
    ],
    ["a brace too many", "a = 1\n}\n", "main.tf:2:1: this } closes nothing"],
    [
      "a text that is not closed",
      'a = 1\nb = "x\nc = "y"\n',
      'main.tf:2:5: the text that begins here is not closed with " on its line',
    ],
    [
      "a heredoc that is not closed",
      "a = <<EOT\nfoo\n",
      "main.tf:1:5: the heredoc that begins here has no closing EOT",
    ],
    ["a comment that is not closed", "a = 1 /* x\n", "main.tf:1:7: the comment that begins here is not closed with */"],
    ["no value", "a =\n", "main.tf:1:4: expected a value, found the end of the line"],
    ["two attributes on a line", "a = 1 b = 2\n", 'main.tf:1:7: expected a new line after the attribute, found "b"'],
    ["two attributes in a block on one line", "a { b = 1 c = 2 }\n", "main.tf:1:11: expected } on this line"],
    ["single quotes", "a = 'x'\n", 'main.tf:1:5: expected a value, found "\'"; HCL has double quotes only'],
    ["a brace on the next line", 'a "b"\n{\n}\n', "main.tf:1:6: expected = or { after b, found the end of the line"],
    [
      "an interpolation that is not closed",
      'a = "${x"\n',
      'main.tf:1:9: expected } after ${, which is at line 1, found "\\""',
    ],
    ["an operator too many", "a = 1 +* 2\n", 'main.tf:1:8: expected a value, found "*"'],
    ["a list without a comma", "a = [1 2]\n", 'main.tf:1:8: expected , or ] after an item, found "2"'],
    ["an unknown escape", 'a = "\\q"\n', "main.tf:1:6: \\q is no escape sequence"],
    ["JSON", '{"a":1}\n', 'main.tf:1:1: expected an attribute or a block, found "{"'],
    ["an attribute that is set twice", "a = 1\nb = 2\na = 3\n", "main.tf:3:1: a is set twice"],
    ["an operator at the end of a line", "a = 1 +\n 2\n", "main.tf:1:8: expected a value, found the end of the line"],
    ["a directive that is not ended", 'a = "%{ if x }"\n', "main.tf:1:6: %{ if } has no %{ endif }"],
    ["a semicolon", "a = 1;\n", 'main.tf:1:6: expected a new line after the attribute, found ";"'],
    ["levels without end", `a = ${"[".repeat(100_000)}`, "main.tf:1:404: more than 400 levels are nested here"],
    ["blocks on one line without end", "a { ".repeat(100_000), "more than 400 levels are nested here"],
    [
      "letters beyond ASCII before the error",
      'a = "ü😀" b\n',
      'main.tf:1:10: expected a new line after the attribute, found "b"',
    ],
  ])("with %s is refused at its line and column", (_, text, message) => {
    expect(errorOf(text)).toContain(message);
  });

  test("gives the value of each attribute as it is written", () => {
    expect(values('a = <<-X\n  b\n  X\nc "d" {\n  e = [1, # one\n  2]\n  f = g.h["i"].j // k\n}\n')).toEqual([
      ...["<<-X\n  b\n  X", "[1, # one\n  2]", 'g.h["i"].j'],
    ]);
  });

  test("gives the constant of a text and of a template the references", () => {
    const text = 'a = "x\\n$${y}"\nb = "${c.d} %{ for e in f.g }${e.h[i.j]}%{ endfor }"\n';
    const [a, b] = [...attributesIn(parse(text))].map(({ value }) => value);
    expect(a).toMatchObject({ kind: "literal", value: "x\n${y}" });
    const references = b === undefined ? [] : [...traversalsIn(b)].map(({ start, end }) => text.slice(start, end));
    expect(references).toEqual(["c.d", "f.g", "e.h[i.j]", "i.j"]);
  });

  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/).filter((word) => !/^(for|true|false|null)$/.test(word));
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer({ min: -9, max: 9999 }).map(String),
      fc
        .string({ maxLength: 8 })
        .map((text) => JSON.stringify(text.replace(/[\\\p{C}]/gu, "")).replace(/([$%])\{/g, "$1$1{")),
      fc.array(name, { minLength: 2, maxLength: 3 }).map((words) => words.join(".")),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc
        .array(fc.tuple(name, tie("value")), { maxLength: 3 })
        .map((items) => `{ ${items.map(([key, one]) => `${key} = ${one}`).join(", ")} }`),
      tie("value")
        .filter((one) => !one.includes('"'))
        .map((one) => `"a\${${one}}b"`),
      tie("value").map((one) => `f(${one}, g.h)`),
      fc.tuple(name, tie("value"), tie("value")).map(([a, b, c]) => `${a}.b ? ${b} : ${c}`),
    ),
  }));
  const gap = fc.constantFrom(" ", "\t", "  ", " /* } */ ");
  const tail = fc.constantFrom("", " # }", " // ${", "\t");
  const attribute = fc.tuple(name, gap, value, tail);

  test("of any attributes with any comments gives each of them, byte for byte", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(attribute, { selector: ([key]) => key, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n"),
        (rows, eol) => {
          const lines = rows.map(([key, blank, one, end]) => `  ${key}${blank}=${blank}${one}${end}`);
          const text = ['b "l" { # {', ...lines, "}", ""].join(eol);
          const [block] = blocksOf(parse(text), "b");
          const seen = block?.body.items.map(
            (item) => item.kind === "attribute" && [item.name.text, text.slice(item.value.start, item.value.end)],
          );
          expect(seen).toEqual(rows.map(([key, , one]) => [key, one]));
        },
      ),
    );
  });

  test("that is cut off anywhere is read or refused with a place, and nothing else", () => {
    const whole = Object.values(VALID).join("\n").replaceAll("\uFEFF", "");
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.nat({ max: whole.length }), (a, b) => {
        expect(errorOf(whole.slice(Math.min(a, b), Math.max(a, b)))).toMatch(/^$|^main\.tf:\d+:\d+: /);
      }),
    );
  });
});
