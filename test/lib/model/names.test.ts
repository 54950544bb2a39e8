import * as fc from "fast-check";
import { checkObject } from "../../../lib/model/checks/object";
import type { KindName, Pattern } from "../../../lib/model/field";
import { findField, KINDS } from "../../../lib/model/kinds";
import type { Attributes } from "../../../lib/model/known";
import { sentence } from "../../../lib/model/problem";

const NAMED: readonly (readonly [KindName, string, Attributes])[] = [
  ["fabric", "name", {}],
  ["fabric", "class_type", { name: "lab" }],
  ["space", "name", {}],
  ["vlan", "name", { fabric: "1", vid: 10 }],
  ["subnet", "name", { vlan: "1", cidr: "10.0.0.0/24" }],
];

const problemsOf = (kind: KindName, attributes: Attributes): string[] =>
  checkObject(KINDS[kind], attributes).map((problem) =>
    sentence(problem).replace(/^\w+: (.*) \[MAAS-\w+-\d+\]$/, "$1"),
  );

describe.each(NAMED)("the %s's %s", (kind, attribute, others) => {
  const problems = (name: string): string[] => problemsOf(kind, { ...others, [attribute]: name });

  test.each(["lab", "Büro", "日本", "Räum", "Straße", "größe", "übung", "１２", "Ⅷ", "٣", "한글", "_x-1"])(
    "may be %s, as a region takes it (3.4.10, 3.6.5, 3.7.3)",
    (name) => {
      expect(problems(name)).toEqual([]);
    },
  );

  test.each(["a.b;c", "x\u2014y", "🚀", "a@b", "a\u00a0b", "हिन्दी"])(
    "may not be %j, and the message names the character",
    (name) => {
      const [problem = ""] = problems(name);
      expect(problem).toMatch(/is not a name that MAAS takes.* and has .*U\+[0-9A-F]{4,}/);
    },
  );

  test("in decomposed letters is refused with the composed form to write", () => {
    const [problem = ""] = problems("Bu\u0308ro");
    expect(problem).toContain('combining mark U+0308. Write "B\u00fcro" with the composed letter (Unicode NFC)');
  });

  test("is judged alike by its two patterns wherever it is ASCII", () => {
    const { pattern } = findField(KINDS[kind], attribute) as { pattern: Pattern };
    const inAscii = new RegExp(pattern.inAscii);
    const ascii = fc.string({ unit: "grapheme-ascii", minLength: 1 });
    const control = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(fc.oneof(ascii, control), (text) => {
        expect(inAscii.test(text)).toBe(pattern.regex.test(text));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        if (pattern.regex.test(text)) expect(inAscii.test(text)).toBe(true);
      }),
    );
  });
});
