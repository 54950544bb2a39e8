import { inspect } from "node:util";
import { ApiKey } from "../../src/maas/api-key";
import { MaasConfigError } from "../../src/maas/config-error";
import { redactorOf } from "../../src/maas/redactor";
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

describe("a key is blotted out however it is encoded, twice as well", () => {
  const parts = ["consumerKey18chars", "tokenKeyOf18chars+", "secret/with+signs&32characters=="];
  const key = ApiKey.parse(parts.join(":"));
  const codes = (text: string, write: (code: number) => string): string =>
    [...text].map((character) => write(character.charCodeAt(0))).join("");
  const hex = (code: number): string => code.toString(16).padStart(2, "0");
  const wrapped = (text: string, width: number, by: string): string =>
    text.replace(new RegExp(`.{${width}}`, "g"), `$&${by}`);

  type Encoding = (text: string) => string;
  const inBase64: Readonly<Record<string, Encoding>> = {
    base64: (text) => Buffer.from(text).toString("base64"),
    base64url: (text) => Buffer.from(text).toString("base64url"),
  };
  const encodings: Readonly<Record<string, Encoding>> = {
    ...inBase64,
    plain: (text) => text,
    hex: (text) => codes(text, hex),
    HEX: (text) => codes(text, hex).toUpperCase(),
    "hex with colons": (text) => codes(text, (code) => `${hex(code)}:`),
    URL: encodeURIComponent,
    "URL, each": (text) => codes(text, (code) => `%${hex(code)}`),
    "URL in capitals": (text) => codes(text, (code) => `%${hex(code).toUpperCase()}`),
    HTML: (text) =>
      text.replace(/&/g, "&amp;").replace(/\+/g, "&plus;").replace(/\//g, "&sol;").replace(/=/g, "&equals;"),
    "HTML in decimal": (text) => codes(text, (code) => `&#${code};`),
    "XML in hex": (text) => codes(text, (code) => `&#x${hex(code)};`),
    "XML in capital hex": (text) => codes(text, (code) => `&#X00${hex(code).toUpperCase()};`),
    "JSON, each": (text) => codes(text, (code) => `\\u00${hex(code)}`),
    "JSON, each in capitals": (text) => codes(text, (code) => `\\u00${hex(code).toUpperCase()}`),
    "JSON slashes": (text) => text.replaceAll("/", "\\/"),
    "lines of 76": (text) => wrapped(text, 76, "\r\n"),
    "lines of 20": (text) => wrapped(text, 20, "\n"),
    "lines of 5 in JSON": (text) => wrapped(text, 5, "\\n"),
    "lines in a URL": (text) => wrapped(text, 10, "%0D%0A"),
    "lines in XML": (text) => wrapped(text, 10, "&#10;"),
    "JSON of it": (text) => JSON.stringify(text).slice(1, -1),
  };
  /** What a text says once these encodings are undone. */
  const hidden = (told: string): string => told.replace(/[^A-Za-z0-9/+]/g, "");

  test.each(Object.keys(encodings))("%s", (name) => {
    const outer = encodings[name] ?? String;
    for (const secret of [...parts, parts.join(":")])
      for (const [inner, encode] of Object.entries({
        ...inBase64,
        plain: (text: string) => text,
        URL: encodeURIComponent,
      }))
        for (const before of ["", "x", "xy"]) {
          const told = key.redact(`a ${outer(encode(`${before}${secret}`))} b`);
          // Nobody encodes twice in base64.
          if (inner.startsWith("base64") && name.startsWith("base64")) continue;
          expect([inner, before, secret, told]).toEqual([inner, before, secret, expect.stringContaining("[redacted]")]);
          expect(hidden(told).length).toBeLessThan(60);
        }
  });

  test("and so is the whole text where the key stands in it with more between its characters than can be told apart", () => {
    const told = key.redact(`a ${(parts[2] ?? "").split("").join("\\n".repeat(20))} b`);
    expect(told).toBe("[redacted]");
  });

  test("and nothing else is", () => {
    const texts = [
      "consumer key",
      "a%2Fb &amp; c\\u0041",
      "00:16:3e:01:02:03",
      "2001:db8::/64",
      '{\n    "id": 1,\n    "name": "lab"\n}',
    ];
    for (const text of texts) expect(key.redact(text)).toBe(text);
  });

  test("and a text that is made of one character, or of one encoding, takes no longer for that", () => {
    const started = process.cpuUsage();
    for (const part of ["\\", "\\n", "%25", "&amp;", "\n", "=", "s\\\\"])
      key.redact(part.repeat(300_000 / part.length));
    // Beside the key itself, and where the key begins with what the encoding has in it.
    for (const [first, part] of [
      ["n", "\\n"],
      ["t", "%20"],
      ["r", "\\r"],
    ] as const) {
      const consumer = `${first}onsumerKey18chars`;
      const told = ApiKey.parse([consumer, ...parts.slice(1)].join(":")).redact(
        consumer + part.repeat(30_000 / part.length),
      );
      expect(told.startsWith("[redacted]")).toBe(true);
    }
    const { user } = process.cpuUsage(started);
    // A search from each character would take more than a minute.
    expect(user / 1e6).toBeLessThan(10);
  });
});

test("a key with a part that is longer than any of MAAS's is refused, and its first characters are blotted out of texts, where patterns of all of it would take minutes", () => {
  for (const key of ["x".repeat(100_000), `a:b:${"y".repeat(100_000)}`, "a:".repeat(50_000)]) {
    expect(() => ApiKey.parse(key)).toThrow(/has a|has \d+ part/);
    expect(redactorOf(key)(`${key} ${key}`)).not.toContain(key);
  }
}, 30_000);
