import { inspect } from "node:util";
import * as fc from "fast-check";
import { apiPath, ApiUrl } from "../../src/maas/api-url";
import { MaasConfigError } from "../../src/maas/config-error";

test.each([
  ["http://region:5240/MAAS", "http://region:5240/MAAS"],
  ["http://region:5240/MAAS/", "http://region:5240/MAAS"],
  ["http://region:5240/MAAS/api/2.0", "http://region:5240/MAAS"],
  [" http://region:5240/MAAS/api/2.0/ ", "http://region:5240/MAAS"],
  ["HTTPS://Region.Example/MAAS", "https://region.example/MAAS"],
  ["http://[::1]:5240/MAAS", "http://[::1]:5240/MAAS"],
  ["http://[2001:DB8:0::1]/MAAS/", "http://[2001:db8::1]/MAAS"],
  ["http://10.0.0.1:5240/maas-behind/MAAS", "http://10.0.0.1:5240/maas-behind/MAAS"],
])("%s is the region %s", (text, base) => {
  expect(ApiUrl.parse(text).toString()).toBe(base);
});

test.each([
  ["http://2001:db8::1/MAAS", ["http://[2001:db8::1]/MAAS"]],
  ["http://2001:db8::1:5240/MAAS", ["http://[2001:db8::1]:5240/MAAS", "http://[2001:db8::1:5240]/MAAS"]],
  ["http://2001:db8:1:2:3:4:5:6:5240/MAAS", ["http://[2001:db8:1:2:3:4:5:6]:5240/MAAS"]],
  ["http://::1", ["http://[::1]"]],
  ["region:5240/MAAS", ["must start with http:// or https://"]],
  ["ftp://region/MAAS", ["must start with http:// or https://"]],
  ["http://region:5240", ["write http://region:5240/MAAS"]],
  ["http://region:5240/api/2.0/", ["write http://region:5240/MAAS"]],
  ["http://region/MAAS?x=1", ["query", "write http://region/MAAS"]],
  ["http://[fe80::1%eth0]:5240/MAAS", ["zone %eth0"]],
  ["http://region:port/MAAS", ["is not a URL"]],
])("%s is refused with the spelling that works", (text, parts) => {
  expect(() => ApiUrl.parse(text)).toThrow(MaasConfigError);
  for (const part of parts) expect(() => ApiUrl.parse(text)).toThrow(part);
});

test("credentials in the URL are refused and not repeated", () => {
  const parse = () => ApiUrl.parse("http://admin:hunter2@region:5240/MAAS");
  expect(parse).toThrow("write http://region:5240/MAAS");
  expect(parse).not.toThrow("hunter2");
});

test("an API key in place of the URL is refused and not repeated", () => {
  const parse = () => ApiUrl.parse("abc:def:cafe");
  expect(parse).toThrow(MaasConfigError);
  expect(parse).not.toThrow("cafe");
});

test("a path is resolved below the API, with its query", () => {
  const url = ApiUrl.parse("http://[::1]:5240/MAAS").resolve("subnets/12/", { op: "statistics", q: "a b&c" });
  expect(url.href).toBe("http://[::1]:5240/MAAS/api/2.0/subnets/12/?op=statistics&q=a+b%26c");
});

test.each(["/subnets/", "subnets", "", "subnets/?op=x", "subnets/../users/", "subnets/#/"])(
  "the path %j is a programming error",
  (path) => {
    expect(() => ApiUrl.parse("http://region/MAAS").resolve(path)).toThrow(TypeError);
  },
);

test("any dynamic part stays one part of the path", () => {
  const region = ApiUrl.parse("http://region/MAAS");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (part) => {
      fc.pre(part !== "." && part !== "..");
      const parts = region.resolve(apiPath`fabrics/${part}/vlans/${7}/`).pathname.split("/");
      expect(parts.slice(0, 5)).toEqual(["", "MAAS", "api", "2.0", "fabrics"]);
      expect(parts.slice(6)).toEqual(["vlans", "7", ""]);
      expect(decodeURIComponent(parts[5] ?? "")).toBe(part);
    }),
  );
});

test.each(["", ".", ".."])("the dynamic part %j is a programming error", (part) => {
  expect(() => apiPath`fabrics/${part}/`).toThrow(TypeError);
});

test.each(["http://CONSUMER:TOKEN:SECRETSECRET", "http://CONSUMER:TOKEN:SECRETSECRET/MAAS"])(
  "the API key in place of the URL is not shown: %s",
  (text) => {
    let error: unknown;
    try {
      ApiUrl.parse(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 10 })).not.toMatch(/CONSUMER|TOKEN|SECRETSECRET/i);
  },
);

test.each(["[", "http://[", "http://x/"])("a URL of 100,000 times %j is refused at once", (part) => {
  const started = performance.now();
  expect(() => ApiUrl.parse(`http://${part.repeat(100_000)}`)).toThrow(/no URL of a region is that long/);
  expect(performance.now() - started).toBeLessThan(1_000);
});
