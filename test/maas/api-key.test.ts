import { inspect } from "node:util";
import { ApiKey } from "../../src/maas/api-key";
import { MaasConfigError } from "../../src/maas/config-error";
import { SECRET } from "./support/region";

const TEXT = `consumerKey:tokenKey:${SECRET}`;

test("the three parts of an API key are told apart, blanks around it dropped", () => {
  expect(ApiKey.parse(` ${TEXT}\n`).reveal()).toEqual({
    consumerKey: "consumerKey",
    tokenKey: "tokenKey",
    tokenSecret: SECRET,
  });
});

test.each([
  ["", /has 1 part/],
  [`tokenKey:${SECRET}`, /has 2 part/],
  [`${TEXT}:more`, /has 4 part/],
  [`:tokenKey:${SECRET}`, /consumer key that is empty/],
  [`consumerKey: :${SECRET}`, /token key that is empty or holds a blank/],
  [`consumerKey:tokenKey:`, /token secret that is empty/],
  [`consumerKey:tokenKey:${SECRET}\r\nX: y${SECRET}`, /has 4 part/],
])("the malformed key %# is refused with the reason and without the secret", (text, reason) => {
  let error: unknown;
  try {
    ApiKey.parse(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(MaasConfigError);
  expect((error as Error).message).toMatch(reason);
  expect(inspect(error, { depth: 10 })).not.toContain(SECRET);
});

test("no way of printing an API key shows a part of it", () => {
  const key = ApiKey.parse(TEXT);
  const printed = [String(key), JSON.stringify({ key }), inspect({ key }, { depth: 10, showHidden: true })].join();
  expect(printed).not.toMatch(/consumerKey|tokenKey|SECRET/);
});

test("the token secret is blotted out of a text, percent-encoded or not", () => {
  const key = ApiKey.parse("c:t:secret/with+signs");
  expect(key.redact("a secret/with+signs b &secret%2Fwith%2Bsigns")).toBe("a [redacted] b &[redacted]");
});

describe("every form of the key is blotted out", () => {
  const parts = ["consumerKey18chars", "tokenKeyOf18chars+", "secret/with+signs&32characters=="];
  const key = ApiKey.parse(parts.join(":"));
  const texts = [...parts, parts.join(":")];
  const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());

  test.each(texts)("%s", (text) => {
    const forms = ["", "x", "xy", "xyz"].flatMap((before) => {
      const bytes = Buffer.from(`${before}${text}${before}`);
      return [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("utf8")];
    });
    const each = (encode: (code: number) => string): string =>
      [...text].map((character) => encode(character.charCodeAt(0))).join("");
    const encoded = [
      each((code) => `%${code.toString(16)}`),
      each((code) => `%25${code.toString(16).toUpperCase()}`),
      each((code) => `&#${code};`),
      each((code) => `&#x${code.toString(16)};`),
      JSON.stringify(text).replaceAll("/", "\\/"),
      encodeURIComponent(encodeURIComponent(text)),
    ];
    for (const form of [...forms, ...encoded, encodeURIComponent(text), lower(encodeURIComponent(text))]) {
      const told = key.redact(`a ${form} b`);
      expect(told).toContain("[redacted]");
      const decoded = Buffer.from(told.split(" ")[1] ?? "", "base64").toString("latin1");
      for (const part of parts) expect(told + decoded).not.toContain(part);
    }
  });
});
