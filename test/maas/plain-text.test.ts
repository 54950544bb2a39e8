import { xml } from "../../src/graph/xml";
import { plainText, printable } from "../../src/maas/plain-text";

test("what steers a terminal is shown as an escape, line breaks and tabs as they are", () => {
  expect(printable("a\u001b[31mb\u009bc\u202ed\r\n\te")).toBe("a\\u001b[31mb\\u009bc\\u202ed\\u000d\n\te");
  expect(plainText("no \u001b]0;x\u0007 such", false)).toBe("no \\u001b]0;x\\u0007 such");
});

test("what XML can't hold is replaced", () => {
  expect(xml("a\u001b\u0000<b>\n")).toBe("a\ufffd\ufffd&lt;b&gt;\n");
});
