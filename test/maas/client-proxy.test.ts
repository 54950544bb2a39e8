import { makeCertificates } from "./support/certificates";
import { type Proxy, startProxy } from "./support/proxy";
import { clientOf, failureOf, freePort, type Region, startRegion, withoutProxies } from "./support/region";
import type { MaasClientOptions } from "../../src/maas/client";
import { MaasConfigError } from "../../src/maas/config-error";
import { MaasNetworkError } from "../../src/maas/errors";
import { proxyFromEnvironment } from "../../src/maas/proxy-environment";

let region: Region | undefined;
let proxy: Proxy;

beforeEach(async () => {
  withoutProxies();
  proxy = await startProxy();
});
afterEach(async () => {
  withoutProxies();
  await region?.close();
  await proxy.close();
});

async function create(url: string, options: Partial<MaasClientOptions> = {}): Promise<unknown> {
  const client = clientOf(url, options);
  try {
    return await client.post("sshkeys/", [["name", "x"]]);
  } finally {
    await client.close();
  }
}

test.each(["127.0.0.1", "::1"])(
  "a region on %s without TLS is asked through HTTP_PROXY, without a tunnel",
  async (host) => {
    region = await startRegion((request) => request.respond(200, request.body), { host });
    process.env.HTTP_PROXY = proxy.url;
    await expect(create(region.url)).resolves.toBe("name=x");
    expect(proxy.asked).toEqual([`POST ${region.url}/api/2.0/sshkeys/`]);
  },
);

test("a region with TLS is asked through a tunnel of HTTPS_PROXY, and its certificate is checked", async () => {
  const certificates = await makeCertificates();
  region = await startRegion((request) => request.respond(200, request.body), { tls: certificates });
  process.env.HTTPS_PROXY = proxy.url;
  await expect(create(region.url, { ca: certificates.ca })).resolves.toBe("name=x");
  await expect(failureOf(create(region.url))).resolves.toMatchObject({
    outcome: "not-sent",
    cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" },
  });
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT 127.0.0.1:${region.port}`]));
});

test.each([
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "[::1]"],
  ["::1", "example.org, ::1"],
  ["::1", "*"],
  ["127.0.0.1", "127.0.0.0/8"],
  ["::1", "10.0.0.0/8 ::1/128"],
])("a region on %s is asked directly with NO_PROXY=%s", async (host, noProxy) => {
  region = await startRegion((request) => request.respond(200, request.body), { host });
  process.env.HTTP_PROXY = proxy.url;
  process.env.NO_PROXY = noProxy;
  await expect(create(region.url)).resolves.toBe("name=x");
  expect(proxy.asked).toEqual([]);
});

test("a proxy that is down means that nothing was sent", async () => {
  region = await startRegion((request) => request.respond(200, request.body));
  process.env.HTTP_PROXY = `http://127.0.0.1:${await freePort()}`;
  const error = await failureOf(create(region.url));
  expect(error).toBeInstanceOf(MaasNetworkError);
  expect(error).toMatchObject({ outcome: "not-sent" });
  expect((error as Error).message).toContain("HTTP_PROXY");
});

test("a proxy that refuses the tunnel means that nothing was sent", async () => {
  const refusing = await startProxy({ refuse: 403 });
  process.env.HTTPS_PROXY = refusing.url;
  const error = await failureOf(create("https://127.0.0.1:1/MAAS"));
  await refusing.close();
  expect(error).toMatchObject({ outcome: "not-sent" });
  expect((error as Error).message).toMatch(/403.*check HTTP_PROXY, HTTPS_PROXY and NO_PROXY/);
  expect(refusing.asked).toHaveLength(1);
});

const REGION = new URL("http://region:5240/MAAS");

test("lower case wins, and a missing scheme is added", () => {
  const env = { http_proxy: "proxy:3128", HTTP_PROXY: "http://other", NO_PROXY: "region", no_proxy: "other" };
  expect(proxyFromEnvironment(REGION, env)).toEqual({ httpProxy: "http://proxy:3128", noProxy: "" });
  expect(proxyFromEnvironment(REGION, { ...env, no_proxy: "other, region" }).noProxy).toBe("*");
});

test("a proxy's password with a bare % is a configuration error that does not show it", () => {
  const read = () => proxyFromEnvironment(REGION, { HTTP_PROXY: "http://user:hunter%zz2@proxy:3128" });
  expect(read).toThrow("HTTP_PROXY has a user name or password with a bare %: write %25 in its place");
  expect(read).not.toThrow("hunter");
});

test("a proxy that is no URL is a configuration error that does not show its password", () => {
  const read = () => proxyFromEnvironment(REGION, { HTTPS_PROXY: "http://user:hunter2@2001:db8::1:3128" });
  expect(read).toThrow(MaasConfigError);
  expect(read).not.toThrow("hunter2");
});
