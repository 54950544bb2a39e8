import * as fc from "fast-check";
import { callLines, commentLines, quoted, terraformText } from "../../src/export/literal";

/** What a literal of the source is worth. */
const valueOf = (code: string): unknown =>
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is under test
  (new Function(`return ${code}`) as () => unknown)();

test("every text comes back from its literal", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", '"', "'", "`", "\\", "\n", "$", "{", "\u2028", "é") });
  fc.assert(fc.property(texts, (text) => valueOf(quoted(text)) === text));
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => valueOf(quoted(text)) === text));
});

test.each([
  ["lab", '"lab"'],
  ['say "lab"', "'say \"lab\"'"],
  ['it\'s "lab"', "'it\\'s \"lab\"'"],
  ["it's", '"it\'s"'],
])("%s is written as %s", (text, code) => {
  expect(quoted(text)).toBe(code);
});

test("what Terraform would take for an expression is escaped", () => {
  expect(terraformText("costs ${x}, %{if}, 100% $5")).toBe('"costs $${x}, %%{if}, 100% $5"');
});

test("a call is in one line while it fits, then its object is broken, then its arguments", () => {
  const properties = [{ name: "cidr", code: '"10.0.0.0/8"' }];
  const call = (id: string) => callLines({ head: "new Subnet", args: ["this", id], properties, tail: ";" }, "  ");
  expect(call('"a"')).toEqual(['  new Subnet(this, "a", { cidr: "10.0.0.0/8" });']);
  expect(call("a".repeat(90))).toEqual([`  new Subnet(this, ${"a".repeat(90)}, {`, '    cidr: "10.0.0.0/8",', "  });"]);
  expect(call("a".repeat(110))).toEqual([
    "  new Subnet(",
    "    this,",
    `    ${"a".repeat(110)},`,
    '    { cidr: "10.0.0.0/8" },',
    "  );",
  ]);
});

test("a comment is wrapped at the width of a line, and nothing breaks out of it", () => {
  const lines = commentLines(`a\nb ${"word ".repeat(60)}`, "  ");
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line).toMatch(/^ {2}\/\/ .{1,115}$/);
  expect(lines[0]).toContain("// a b word");
});
