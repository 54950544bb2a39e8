import { API_KEY, clientOf, failureOf, type Region, startRegion, withoutProxies, type Answer } from "./support/region";
import type { LogEntry, MaasClient, MaasClientOptions } from "../../src/maas/client";
import { MaasDecodeError } from "../../src/maas/errors";

let region: Region;
let client: MaasClient;

async function start(answer: Answer, options: Partial<MaasClientOptions> = {}, host = "127.0.0.1"): Promise<void> {
  region = await startRegion(answer, { host });
  client = clientOf(region.url, options);
}

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await region.close();
});

test.each(["127.0.0.1", "::1"])("a region on %s is called by its address", async (host) => {
  await start((request) => request.respond(200, [{ id: 1 }]), {}, host);
  await expect(client.get("sshkeys/")).resolves.toEqual([{ id: 1 }]);
  expect(region.received[0]?.url).toBe("/MAAS/api/2.0/sshkeys/");
});

test("the OAuth header has the shape that MAAS wants", async () => {
  await start((request) => request.respond(200, {}), {
    oauthSource: { now: () => 1_800_000_000_999, nonce: () => "nonce-1" },
  });
  await client.get("version/");
  const { consumerKey, tokenKey, tokenSecret } = API_KEY.reveal();
  expect(region.received[0]?.headers.authorization).toBe(
    'OAuth oauth_version="1.0", oauth_signature_method="PLAINTEXT", ' +
      `oauth_consumer_key="${consumerKey}", oauth_token="${tokenKey}", oauth_signature="%26${tokenSecret}", ` +
      'oauth_nonce="nonce-1", oauth_timestamp="1800000000"',
  );
});

test("each attempt is signed with a new nonce", async () => {
  await start((request, index) =>
    index < 2 ? request.respond(409, "busy", { "retry-after": "0" }) : request.respond(200, {}),
  );
  await client.get("version/");
  const nonces = region.received.map(({ headers }) => /oauth_nonce="([^"]+)"/.exec(headers.authorization ?? "")?.[1]);
  expect(nonces).toEqual([expect.any(String), expect.any(String), expect.any(String)]);
  expect(new Set(nonces).size).toBe(3);
});

test("many calls one after the other use a kept connection", async () => {
  await start((request) => request.respond(200, {}));
  for (let call = 0; call < 20; call++) await client.get("version/");
  expect(region.received).toHaveLength(20);
  // undici frees a connection just after the body's end, so the second call may open one more.
  expect(region.sockets.size).toBeLessThanOrEqual(2);
});

test("many calls at once share a bounded number of connections", async () => {
  await start((request) => request.respond(200, {}), { signal: new AbortController().signal });
  await Promise.all(Array.from({ length: 100 }, () => client.get("version/")));
  expect(region.received).toHaveLength(100);
  expect(region.sockets.size).toBeLessThanOrEqual(16);
});

test("a form is sent url-encoded, repeated names kept in order", async () => {
  await start((request) => request.respond(200, { id: 7 }));
  const form = [
    ["name", "a b&c=ü"],
    ["dns_servers", "2001:db8::1"],
    ["dns_servers", "2001:db8::2"],
    ["description", ""],
  ] as const;
  await expect(client.post("sshkeys/", form)).resolves.toEqual({ id: 7 });
  const [request] = region.received;
  expect(request?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect([...new URLSearchParams(request?.body)]).toEqual(form.map((field) => [...field]));
});

test("the four methods reach the region with their queries, and an empty answer is undefined", async () => {
  await start((request) =>
    request.method === "DELETE"
      ? request.respond(204)
      : request.respond(200, request.method === "PUT" ? { id: 1 } : "OK"),
  );
  await expect(client.get("maas/", { op: "get_config", name: "a b" })).resolves.toBe("OK");
  await expect(client.post("maas/", [["name", "x"]], { op: "set_config" })).resolves.toBe("OK");
  await expect(client.put("sshkeys/1/", [["name", "x"]])).resolves.toEqual({ id: 1 });
  await expect(client.delete("sshkeys/1/", { force: "true" })).resolves.toBeUndefined();
  expect(region.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /MAAS/api/2.0/maas/?op=get_config&name=a+b",
    "POST /MAAS/api/2.0/maas/?op=set_config",
    "PUT /MAAS/api/2.0/sshkeys/1/",
    "DELETE /MAAS/api/2.0/sshkeys/1/?force=true",
  ]);
});

test("counts of IPv6 addresses keep every digit", async () => {
  const json =
    '{"num_available":18446744073709551614,"usage":0.1234567890123456,"total":256,"note":"18446744073709551614"}';
  await start((request) => request.respond(200, json, { "content-type": "application/json; charset=utf-8" }));
  await expect(client.get("sshkeys/1/", { op: "statistics" })).resolves.toEqual({
    num_available: 18446744073709551614n,
    usage: 0.1234567890123456,
    total: 256,
    note: "18446744073709551614",
  });
});

test.each([
  ["application/json", "{"],
  ["text/html; charset=utf-8", "<html><body>Please log in</body></html>"],
])("a success of type %s with the body %s is a decode error", async (type, body) => {
  await start((request) => request.respond(200, body, { "content-type": type }));
  const error = await failureOf(client.post("sshkeys/", [["name", "x"]]));
  expect(error).toBeInstanceOf(MaasDecodeError);
  expect(error).toMatchObject({ outcome: "unknown" });
  expect((error as Error).message).toMatch(/POST sshkeys\/ .* check that api_url/);
  expect(region.received).toHaveLength(1);
});

test("every attempt is logged with its status and without form values", async () => {
  const entries: LogEntry[] = [];
  await start(
    (request, index) =>
      index === 0
        ? request.respond(409, "<p>busy</p>", { "content-type": "text/html" })
        : request.respond(200, { id: 1 }),
    { log: (entry) => entries.push(entry) },
  );
  await client.post("users/", [["password", "hunter2"]], { op: "x" }, { made: () => Promise.resolve(undefined) });
  expect(entries).toEqual([
    { method: "POST", path: "users/?op=x", status: 409, durationMs: expect.any(Number) as number, attempt: 1 },
    { method: "POST", path: "users/?op=x", status: 200, durationMs: expect.any(Number) as number, attempt: 2 },
  ]);
});
