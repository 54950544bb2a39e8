import { printable, shown } from "../../lib/model/printable";
import { xml } from "../../src/graph/xml";
import { plainText } from "../../src/maas/plain-text";

test("what steers a terminal is shown as an escape, line breaks and tabs as they are", () => {
  expect(printable("a\u001b[31mb\u009bc\u202ed\r\n\te")).toBe("a\\u001b[31mb\\u009bc\\u202ed\\u000d\n\te");
  expect(shown("a\n\tb")).toBe("a\\u000a\\u0009b");
  expect(plainText("no \u001b]0;x\u0007 such", false)).toBe("no \\u001b]0;x\\u0007 such");
});

test("what XML can't hold is escaped or replaced", () => {
  expect(xml("a\u001b\u0000<b>\n\uffff\ud800")).toBe("a\\u001b\\u0000&lt;b&gt;\n\ufffd\ufffd");
});
