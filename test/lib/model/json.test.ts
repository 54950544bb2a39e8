import * as fc from "fast-check";
import { isTooDeep, parseJson } from "../../../lib/model/json";

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const nested = (levels: number, inner = ""): string => "[".repeat(levels) + inner + "]".repeat(levels);

test("the depth of a text is that of its value, whatever brackets stand in its strings", () => {
  const texts = fc.array(fc.constantFrom("[", "{", '"', "\\", "x"), { maxLength: 12 }).map((parts) => parts.join(""));
  const json = fc.jsonValue({ maxDepth: 6 });
  fc.assert(
    fc.property(json, texts, fc.nat(700), (value, text, levels) => {
      const whole = nested(levels, JSON.stringify({ [text]: [value, text.repeat(200)] }));
      expect(isTooDeep(whole)).toBe(depthOf(value) + 2 + levels > 500);
    }),
  );
});

test.each(["[", '{"in":', '[{"":'])(
  "a text of 100,000 times %j is refused in words, and no stack is exhausted",
  (open) => {
    expect(() => parseJson(open.repeat(100_000))).toThrow(/more than 500 levels deep/);
  },
);

test("any other text is read as JSON.parse reads it", () => {
  fc.assert(fc.property(fc.json(), (text) => expect(parseJson(text)).toEqual(JSON.parse(text))));
  expect(() => parseJson('{"a": "[[')).toThrow(SyntaxError);
});
