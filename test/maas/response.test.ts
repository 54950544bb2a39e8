import fc from "fast-check";
import { printable, shown } from "../../lib/model/text";
import { xml } from "../../lib/model/escape";
import { MaasDecodeError, type MaasRequest } from "../../src/maas/errors";
import { isAnswer, objectRead, rowsAnswered } from "../../src/maas/answer";
import { parseJson, plainText } from "../../src/maas/response";
import { Snapshot } from "../../src/maas/snapshot";

describe("plain text", () => {
  test("what steers a terminal is shown as an escape, line breaks and tabs as they are", () => {
    expect(printable("a\u001b[31mb\u009bc\u202ed\r\n\te")).toBe("a\\u001b[31mb\\u009bc\\u202ed\\u000d\n\te");
    expect(shown("a\n\tb")).toBe("a\\u000a\\u0009b");
    expect(plainText("no \u001b]0;x\u0007 such", false)).toBe("no \\u001b]0;x\\u0007 such");
  });

  test("what XML can't hold is escaped or replaced", () => {
    expect(xml("a\u001b\u0000<b>\n\uffff\ud800")).toBe("a\\u001b\\u0000&lt;b&gt;\n\ufffd\ufffd");
  });
});

const [LIST, SETTING] = ["subnets/", "maas/?op=get_config&name=upstream_dns"].map(
  (path) => ({ method: "GET", path, url: path }) as const,
) as [MaasRequest, MaasRequest];

// The regular expressions took a minute for 200 KB of them, in which no limit of time could end the call.
test.each(["<", "<!--", "<script ", "<style></style "])(
  "a body of megabytes of %j is made fit for a message at once",
  (piece) => {
    const begun = performance.now();
    expect(plainText(piece.repeat(2_000_000 / piece.length), true).length).toBeLessThanOrEqual(501);
    expect(performance.now() - begun).toBeLessThan(2_000);
  },
);

test("a number of more digits than any count of addresses is refused", () => {
  expect(parseJson(`[${2n ** 128n}]`)).toEqual([2n ** 128n]);
  expect(() => parseJson(`[{"id": ${"9".repeat(2_000_000)}}]`)).toThrow("a number has 2000000 digits");
});

describe("answer", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue());

  test("an object and a list of objects are answers of the API, and nothing else is", () => {
    fc.assert(fc.property(object, (row) => isAnswer(LIST, row)));
    fc.assert(fc.property(fc.array(object), (rows) => isAnswer(LIST, rows)));
    for (const json of [null, 7, "page", true, [null], ["page"], [[]], [{}, null]])
      expect(isAnswer(LIST, json)).toBe(false);
    // The value of a setting stands by itself.
    for (const json of [null, 7, "page", true]) expect(isAnswer(SETTING, json)).toBe(true);
    for (const json of [{}, [], [{}]]) expect(isAnswer(SETTING, json)).toBe(false);
  });

  test("a list comes back as it was answered, and anything else is an error that names the path", () => {
    const rows = [{ id: 1 }, { id: 2 }];
    expect(rowsAnswered("subnets/", rows)).toEqual(rows);
    for (const json of [{}, null, undefined, "page", [7]]) {
      expect(() => rowsAnswered("subnets/", json)).toThrow(/GET subnets\/ was answered with something that is not/);
    }
  });

  test.each([
    { id: null },
    { id: "" },
    { id: null, resource_uri: "/MAAS/api/2.0/ipranges/7/" },
    { system_id: null, id: 7 },
  ])("an object whose id is empty is not taken in, by itself or in a list: %j", (row) => {
    expect(() => objectRead("ipranges/7/", row)).toThrow(/not an object with an id/);
    expect(() => rowsAnswered("ipranges/", [{ id: 1 }, row])).toThrow(/an object in it has no id/);
  });

  test("an object without an id of its own is known by its URI", () => {
    const tag = { name: "gpu", resource_uri: "/MAAS/api/2.0/tags/gpu/" };
    expect(objectRead("tags/gpu/", tag)).toEqual(tag);
    expect(rowsAnswered("tags/", [tag])).toEqual([tag]);
  });

  test("a snapshot that is answered something else than a list says so", async () => {
    const snapshot = new Snapshot({ get: () => Promise.resolve({ detail: "log in" }) });
    await expect(snapshot.list("subnets")).rejects.toThrow(MaasDecodeError);
  });
});
