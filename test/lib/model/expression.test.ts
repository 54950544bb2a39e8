import fc from "fast-check";
import { evaluate, evaluateTemplate, fromTemplate, toTemplate } from "../../../lib/model/expression";
import { UNKNOWN, type Value } from "../../../lib/model/known";

const SCOPE = {
  count: { index: 2 },
  each: { key: "b c", value: { cidr: "10.0.0.0/24", vid: 5, dns: ["1.1.1.1"], late: UNKNOWN } },
};

test.each<[string, Value]>([
  ["", ""],
  ["plain", "plain"],
  ["${count.index}", 2],
  ["net-${count.index}", "net-2"],
  ["${(count.index + 10)}", 12],
  ["${-count.index * 2 + 7 % 4}", -1],
  ["${each.key}", "b c"],
  ["${each.value.cidr}", "10.0.0.0/24"],
  ['${each.value["vid"]}', 5],
  ["${each.value.dns}", ["1.1.1.1"]],
  ["${each.value.dns[0]}-${each.value.vid}", "1.1.1.1-5"],
  ['${count.index == 2 ? "two" : "other"}', "two"],
  ["${true && !false}", true],
  ['${toset(["a", "b", "a"])}', ["a", "b"]],
  ['${{ for key, val in [{"name" = "x", "v" = 1}]: val.name => val }}', { x: { name: "x", v: 1 } }],
  ["${{ for key, val in []: val.name => val }}", {}],
  ['${{a = 1, "b c" = "q\\"\\u0041"}}', { a: 1, "b c": 'q"A' }],
  ['${"in ${each.key}"}', "in b c"],
  ["$${literal} %%{ too }", "${literal} %{ too }"],
])("%s comes to its value", (text, value) => {
  expect(evaluateTemplate(text, SCOPE)).toEqual(value);
});

test.each([
  "${var.n}",
  "${var.on ? 1 : 0}",
  "${maas_vlan.v.id}",
  "${maas_vlan.v.*.id}",
  "${each.value.late}",
  "${each.value.none}",
  "a ${each.value.late}",
  '${join("-", ["a"])}',
  "${[for x in var.list : x]}",
  "%{ if true }a%{ endif }",
  "${",
  "${1 +}",
  "${local.a[each.key]}",
  "${toset(var.v)}",
  "${{ for key, val in var.list: val.name => val }}",
])("%s is for Terraform to tell", (text) => {
  expect(evaluateTemplate(text, SCOPE)).toBe(UNKNOWN);
});

test("a text that is written as a template is read as that text", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "$", "%", "{", "}", '"', "\\", " ") }), (text) => {
      expect(evaluateTemplate(toTemplate(text))).toBe(text);
    }),
  );
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "1", "$", "{", "}", '"', "[", ".", "(", "?", ":", "for ", " in ") }),
      (text) => {
        expect(() => evaluateTemplate(`\${${text}}`)).not.toThrow();
      },
    ),
  );
});

test("lists and objects are read item by item", () => {
  expect(evaluate({ a: ["${count.index}", "${var.x}"], b: null, c: true }, SCOPE)).toEqual({
    a: [2, UNKNOWN],
    b: null,
    c: true,
  });
});

describe("template", () => {
  const texts = fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "a", "\n") });

  test("a text comes back from its template", () => {
    fc.assert(fc.property(texts, (text) => fromTemplate(toTemplate(text)) === text));
  });

  test.each([
    ["lab", "lab"],
    ["costs $${x}, %%{if}", "costs ${x}, %{if}"],
    ["100% {sure} $5", "100% {sure} $5"],
    ["${var.name}", undefined],
    ["lab-%{ if x }a%{ endif }", undefined],
    ["$${x} and ${var.name}", undefined],
  ])("the template %j is the text %j", (template, text) => {
    expect(fromTemplate(template)).toBe(text);
  });
});
