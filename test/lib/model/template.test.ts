import * as fc from "fast-check";
import { fromTemplate, toTemplate } from "../../../lib/model/template";

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
