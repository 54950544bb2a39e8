import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { type Certificates, makeCertificates } from "./support/certificates";
import { clientOf, failureOf, type Region, startRegion, withoutProxies } from "./support/region";
import type { MaasClientOptions } from "../../src/maas/client";
import { MaasConfigError } from "../../src/maas/config-error";
import { MaasNetworkError } from "../../src/maas/errors";
import { authorities, OTHER_NAME } from "../../src/maas/tls";

let certificates: Certificates;
let folder: string;
let region: Region;

beforeAll(async () => {
  certificates = await makeCertificates();
  folder = mkdtempSync(join(tmpdir(), "maas-tls-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(withoutProxies);
afterEach(() => region.close());

async function start(host = "127.0.0.1"): Promise<void> {
  region = await startRegion((request) => request.respond(200, "OK"), { host, tls: certificates });
}

async function version(options: Partial<MaasClientOptions>, url = region.url): Promise<unknown> {
  const client = clientOf(url, options);
  try {
    return await client.get("version/");
  } finally {
    await client.close();
  }
}

test.each(["127.0.0.1", "::1"])("a region on %s with a private authority is trusted by its file", async (host) => {
  await start(host);
  const caCertPath = join(folder, "ca.pem");
  writeFileSync(caCertPath, certificates.ca);
  await expect(version({ caCertPath })).resolves.toBe("OK");
});

test("an authority can be given as text", async () => {
  await start();
  await expect(version({ ca: certificates.ca })).resolves.toBe("OK");
});

test("#56: an authority of one's own is trusted besides the usual ones", async () => {
  await start();
  expect(authorities({ ca: certificates.ca })).toEqual(expect.arrayContaining([...rootCertificates, certificates.ca]));
  expect(authorities({})).toBeUndefined();
});

test("a region with a private authority is refused without it, says how to trust it, and is asked once", async () => {
  await start();
  const attempts: number[] = [];
  const error = await failureOf(version({ log: ({ attempt }) => attempts.push(attempt) }));
  expect(error).toBeInstanceOf(MaasNetworkError);
  expect(error).toMatchObject({ outcome: "not-sent", cause: { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" } });
  expect((error as Error).message).toContain("tls_ca_cert_path");
  expect(attempts).toEqual([1]);
  expect(region.received).toHaveLength(0);
});

test("another authority than the region's does not do", async () => {
  await start();
  const { ca } = await makeCertificates();
  await expect(failureOf(version({ ca }))).resolves.toBeInstanceOf(MaasNetworkError);
});

test("insecureSkipVerify takes any certificate", async () => {
  await start();
  await expect(version({ insecureSkipVerify: true })).resolves.toBe("OK");
});

test("a name that the certificate is not made for is refused", async () => {
  region = await startRegion((request) => request.respond(200, "OK"), { host: "127.0.0.2", tls: certificates });
  const error = await failureOf(version({ ca: certificates.ca }));
  expect(error).toMatchObject({ outcome: "not-sent", cause: { code: OTHER_NAME } });
});

test("https to a port without TLS says to check the scheme, and is tried once", async () => {
  region = await startRegion((request) => request.respond(200, "OK"));
  const attempts: number[] = [];
  const error = await failureOf(
    version({ log: ({ attempt }) => attempts.push(attempt) }, region.url.replace("http:", "https:")),
  );
  expect((error as Error).message).toMatch(/https was asked for, and the port does not speak TLS \([\w ]+\)\. Fix/);
  expect((error as Error).message).toContain(`set api_url to ${region.url}, or to the port`);
  expect(attempts).toEqual([1]);
});

test("a port that speaks another protocol is named as such", async () => {
  await start();
  const server = createServer((socket) => {
    socket.on("error", () => undefined).end("SSH-2.0-OpenSSH_9.6\r\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const error = await failureOf(version({}, `http://127.0.0.1:${port}/MAAS`));
  server.close();
  expect((error as Error).message).toContain("what answers there does not speak HTTP");
  expect((error as Error).message).toContain("MAAS's API listens on port 5240");
});

test.each(["127.0.0.1", "::1"])("http to a port with TLS on %s says so, and is tried once", async (host) => {
  await start(host);
  const attempts: number[] = [];
  const error = await failureOf(
    version({ log: ({ attempt }) => attempts.push(attempt) }, region.url.replace("https:", "http:")),
  );
  expect(error).toMatchObject({ outcome: "not-sent" });
  expect((error as Error).message).toContain("http was asked for, and the port speaks TLS (it has answered");
  expect((error as Error).message).toContain(`set api_url to ${region.url}, or to the port`);
  expect(attempts).toEqual([1]);
});

test.each([
  ["text/html", "<html><h1>400 Bad Request</h1><center>The plain HTTP request was sent to HTTPS port</center></html>"],
  ["text/plain", "Client sent an HTTP request to an HTTPS server."],
])("an answer in %s that the port speaks TLS says which api_url to use", async (type, body) => {
  region = await startRegion((request) => request.respond(400, body, { "content-type": type }));
  const error = await failureOf(version({}, region.url));
  expect((error as Error).message).toContain(
    `the port speaks TLS, and http was asked for: set api_url to ${region.url.replace("http:", "https:")}, or`,
  );
});

test("a region without TLS that closes connections is waited for as before", async () => {
  region = await startRegion((request, index) => {
    if (index < 2) request.socket.destroy();
    else request.respond(200, "OK");
  });
  await expect(version({}, region.url)).resolves.toBe("OK");
});

test("a certificate file that is missing, or holds no certificate, is a configuration error", async () => {
  await start();
  const caCertPath = join(folder, "empty.pem");
  writeFileSync(caCertPath, "nothing");
  expect(() => clientOf(region.url, { caCertPath })).toThrow(MaasConfigError);
  expect(() => clientOf(region.url, { caCertPath })).toThrow(/^tls_ca_cert_path holds no certificate/);
  expect(() => clientOf(region.url, { caCertPath: join(folder, "none.pem") })).toThrow(
    /^tls_ca_cert_path cannot be read/,
  );
});
