import { isDirect, proxyFromEnvironment } from "../../src/maas/proxy-environment";

describe("a URL is asked directly", () => {
  test.each([
    ["http://region:5240", "*"],
    ["http://region:5240", "other, region"],
    ["http://region:5240", "REGION:5240"],
    ["http://Region.Example.com:5240", "region.example.com"],
    ["http://region.example.com:5240", "example.com"],
    ["http://region.example.com:5240", ".example.com"],
    ["http://region.example.com.:5240", "example.com."],
    ["http://region.example.com:5240", "*.example.com"],
    ["http://region.example.com:5240", "*.example.com:5240"],
    ["http://region.example.com:5240", "*example.com"],
    ["http://region", "region:80"],
    ["https://region", "region:443"],
    ["http://10.20.30.40:5240", "10.20.30.40"],
    ["http://10.20.30.40:5240", "10.20.30.40:5240"],
    ["http://10.20.30.40:5240", "10.20.*"],
    ["http://10.20.30.40:5240", "192.168.0.0/16\t10.0.0.0/8"],
    ["http://10.20.30.40:5240", "10.1.2.3/8"],
    ["http://10.20.30.40:5240", "10.20.30.40/32"],
    ["http://10.20.30.40:5240", "0.0.0.0/0"],
    ["http://[2001:db8::1]:5240", "2001:0DB8:0::1"],
    ["http://[2001:db8::1]:5240", "[2001:db8::1]"],
    ["http://[2001:db8::1]:5240", "[2001:db8::1]:5240"],
    ["http://[2001:db8::1]:5240", "2001:db8::/32"],
    ["http://[2001:db8::1]:5240", "[2001:db8::]/32"],
    ["http://[::1]:5240", "::1/128"],
    ["http://[::ffff:10.20.30.40]:5240", "10.0.0.0/8"],
    ["http://10.20.30.40:5240", "::ffff:10.20.30.40"],
    ["http://maas.münchen.example:5240", "münchen.example"],
    ["http://maas.münchen.example:5240", ".MÜNCHEN.example"],
    ["http://region.dc1.example.com:5240", "reg*.dc*.example.*"],
  ])("%s with NO_PROXY=%s", (url, noProxy) => {
    expect(isDirect(new URL(url), noProxy)).toBe(true);
  });
});

describe("a URL is asked through the proxy", () => {
  test.each([
    ["http://region:5240", ""],
    ["http://region:5240", " , "],
    ["http://region:5240", "."],
    ["http://region:5240", "region:80"],
    ["http://region:5240", "other"],
    ["http://myexample.com:5240", "example.com"],
    ["http://example.com.attacker:5240", "example.com"],
    ["http://region.exampleXcom:5240", "*.example.com"],
    ["http://example.com:5240", "*.example.com"],
    ["http://10.20.30.40:5240", "20.30.40"],
    ["http://10.20.30.40:5240", "10.20.30.40:80"],
    ["http://10.20.30.40:5240", "11.0.0.0/8"],
    ["http://10.20.30.40:5240", "10.20.30.40/33"],
    ["http://10.20.30.40:5240", "10.20.30/24"],
    ["http://10.20.30.40:5240", "::/0"],
    ["http://[2001:db8::1]:5240", "0.0.0.0/0"],
    ["http://[2001:db8::1]:5240", "2001:db8::2"],
    ["http://[2001:db8::1]:5240", "[2001:db8::1]:80"],
    ["http://[2001:db8::1]:5240", "2001:db9::/32"],
    ["http://region:5240", "10.0.0.0/8"],
    ["http://ab.example.com:5240", "ab*b.example.com"],
    ["http://region.dc1.example.com:5240", "reg*.dc2*.example.*"],
  ])("%s with NO_PROXY=%s", (url, noProxy) => {
    expect(isDirect(new URL(url), noProxy)).toBe(false);
  });
});

test("many stars cost no more than a few", () => {
  const url = new URL(`http://${"a".repeat(60)}.example:5240`);
  const before = performance.now();
  expect(isDirect(url, `${"*a".repeat(20)}*c`)).toBe(false);
  expect(performance.now() - before).toBeLessThan(1_000);
});

test.each([
  "htp:/proxy:3128",
  "htp://proxy:3128",
  "ftp://proxy",
  "socks5://proxy:1080",
  "http:/proxy",
  "http://",
  "http:// x",
  "://proxy",
])("the proxy %j is refused with what to write, and not shown", (text) => {
  const read = (): unknown => proxyFromEnvironment(new URL("http://region:5240"), { HTTP_PROXY: text });
  expect(read).toThrow(/^HTTP_PROXY is not a URL of a proxy: write it as http:\/\/proxy:3128/);
});

test.each(["proxy", "proxy:3128", "http://proxy", "HTTPS://user:pass@proxy:3128/", "[2001:db8::1]:3128"])(
  "the proxy %j is taken",
  (text) => {
    expect(proxyFromEnvironment(new URL("http://region:5240"), { HTTP_PROXY: text }).httpProxy).toContain("://");
  },
);

test("a proxy whose name has letters beyond ASCII is taken at each call, however often that is", () => {
  const read = (): unknown => proxyFromEnvironment(new URL("http://region:5240"), { HTTP_PROXY: "http://straße:3128" });
  // Node 20's URL.canParse says no once it has been optimised, after some thousand calls.
  const found = new Set(Array.from({ length: 20_000 }, () => JSON.stringify(read())));
  expect([...found]).toEqual([JSON.stringify({ httpProxy: "http://straße:3128", noProxy: "" })]);
});
