import { inspect } from "node:util";
import {
  type Answer,
  clientOf,
  failureOf,
  type Received,
  type Region,
  SECRET,
  startRegion,
  withoutProxies,
} from "./support/region";
import type { LogEntry, MaasClient } from "../../src/maas/client";
import {
  MaasAuthError,
  MaasDecodeError,
  MaasHttpError,
  MaasNotFoundError,
  MaasValidationError,
} from "../../src/maas/errors";

let region: Region;
let client: MaasClient;
let log: LogEntry[];

async function start(answer: Answer, now: () => number = Date.now): Promise<void> {
  log = [];
  region = await startRegion(answer);
  client = clientOf(region.url, {
    log: (entry) => log.push(entry),
    oauthSource: { now, nonce: () => "nonce" },
    retry: { attempts: 1 },
  });
}

/** Everything that a program could print of an error. */
function printed(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const own = Object.getOwnPropertyNames(error).map((name) => (error as Record<string, unknown>)[name]);
  return [
    inspect(error, { depth: 10, showHidden: true, getters: true }),
    JSON.stringify(error),
    message,
    stack,
    inspect(cause, { depth: 10 }),
    inspect(own, { depth: 10 }),
  ].join("\n");
}

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await region.close();
});

const LEAK = `Authorization Error: Invalid signature. Expected signature base string: &${SECRET}`;

test.each<[string, (request: Received) => void]>([
  ["the body of a 401 in HTML", (r) => r.respond(401, LEAK, { "content-type": "text/html" })],
  ["the body of a 401 in JSON", (r) => r.respond(401, { detail: [LEAK] })],
  ["the body of a 403", (r) => r.respond(403, LEAK)],
  ["the field map of a 400", (r) => r.respond(400, { [SECRET]: [LEAK], __all__: LEAK })],
  ["the body of a 500", (r) => r.respond(500, LEAK)],
  ["the start of a success in HTML", (r) => r.respond(200, LEAK, { "content-type": "text/html" })],
  ["a success that is no JSON", (r) => r.respond(200, SECRET, { "content-type": "application/json" })],
  ["an answer that is no HTTP", (r) => r.socket.end(`HTTP/1.1 401 Unauthorized\r\nbad header\r\n\r\n${LEAK}`)],
])("the token secret in %s reaches neither the error nor the log", async (_, answer) => {
  await start(answer);
  const error = await failureOf(client.post("sshkeys/", [["name", "x"]]));
  expect(printed(error)).not.toContain(SECRET);
  expect(printed(error)).not.toContain(SECRET.slice(0, 16));
  expect(log).toHaveLength(1);
  expect(inspect(log, { depth: 10 })).not.toContain(SECRET);
});

test("a 401 says to check the key, and nothing of its body", async () => {
  await start((request) => request.respond(401, LEAK));
  const error = await failureOf(client.get("fabrics/"));
  expect(error).toBeInstanceOf(MaasAuthError);
  expect(error).toMatchObject({ status: 401, body: "", outcome: "unknown" });
  expect((error as Error).message).toMatch(
    /^GET fabrics\/ was answered 401 by 127\.0\.0\.1:\d+\. Fix: .*api_key or MAAS_API_KEY/,
  );
});

test("a 401 to a machine whose clock is behind names the difference", async () => {
  await start(
    (request) => request.respond(401, "Expired timestamp", { date: "Sun, 22 Nov 2026 10:10:00 GMT" }),
    () => Date.parse("2026-11-22T10:00:00Z"),
  );
  const error = await failureOf(client.get("fabrics/"));
  expect((error as Error).message).toContain("clock is 600 s behind the region's");
});

test("a 403 keeps MAAS's words and asks for an administrator's key", async () => {
  await start((request) => request.respond(403, "This method is reserved for admin users."));
  const error = await failureOf(client.post("fabrics/", [["name", "x"]]));
  expect(error).toBeInstanceOf(MaasAuthError);
  expect(error).toMatchObject({ status: 403, body: "This method is reserved for admin users." });
  expect((error as Error).message).toContain("reserved for admin users. Fix: use the API key of an administrator");
});

test("a validation error has MAAS's words per field", async () => {
  const fields = { cidr: ["Subnet with this Cidr already exists."], __all__: ["One.", "Two."] };
  await start((request) => request.respond(400, fields));
  const error = await failureOf(client.post("sshkeys/", [["cidr", "2001:db8::/64"]]));
  expect(error).toBeInstanceOf(MaasValidationError);
  expect(error).toMatchObject({ status: 400, fields, outcome: "refused" });
  expect((error as Error).message).toContain("One. Two. cidr: Subnet with this Cidr already exists. Fix: change cidr");
});

test.each([
  [{ cidr: "one text" }, { cidr: ["one text"] }],
  [["a", "b"], { __all__: ["a", "b"] }],
  [{ dns: [{ code: 1 }] }, { dns: ['{"code":1}'] }],
])("the unusual field map %j is read too", async (body, fields) => {
  await start((request) => request.respond(400, body));
  await expect(failureOf(client.get("x/"))).resolves.toMatchObject({ name: "MaasValidationError", fields });
});

test.each([
  ["text/plain", "Can't delete fabric; VLANs have subnets."],
  ["application/json", '"just a text"'],
  ["application/json", "{"],
])("a 400 of type %s with %s, which names no field, is a plain HTTP error", async (type, body) => {
  await start((request) => request.respond(400, body, { "content-type": type }));
  const error = await failureOf(client.delete("fabrics/1/"));
  expect(error).toBeInstanceOf(MaasHttpError);
  expect(error).not.toBeInstanceOf(MaasValidationError);
  expect(error).toMatchObject({ status: 400, body });
});

const JSON_TYPE = { "content-type": "application/json" };
const HTML_TYPE = { "content-type": "text/html" };

test.each<[number, string, Record<string, string>]>([
  ...[301, 400, 401, 403, 404, 405, 407, 409, 413, 418, 429, 500, 502, 503, 504, 507].flatMap(
    (status): [number, string, Record<string, string>][] => [
      [status, "", {}],
      [status, "Can't delete fabric; the following subnets are still present: 10.0.0.0/24", {}],
      [status, "This method is reserved for admin users.", {}],
      [status, "<html><body><h1>It broke</h1></body></html>", HTML_TYPE],
      [status, "x".repeat(900), {}],
    ],
  ),
  [400, '{"vlan": ["Select a valid choice."], "cidr": ["Required format: <network>/<prefixlen>."]}', JSON_TYPE],
  [400, '{"__all__": ["A VLAN with the specified VID already exists in the destination fabric."]}', JSON_TYPE],
  [400, '["First", "second"]', JSON_TYPE],
  [403, "Cannot link subnet interface on a controller.", {}],
  [403, "Too many Fabric objects match the given query.", {}],
  [503, "No more IPs available in subnet: 10.0.0.0/30.", {}],
])("an answer %i with %s is told in whole sentences that end in what to do", async (status, body, headers) => {
  await start((request) => request.respond(status, body, headers));
  const { message, problem, fix } = (await failureOf(client.put("vlans/5006/", [["vid", "1"]]))) as MaasHttpError;
  expect(message).toBe(`${problem} Fix: ${fix}`);
  expect(problem).toMatch(
    /^PUT vlans\/5006\/ was answered \d+ by 127\.0\.0\.1:\d+(\.|: .*[.!?…])( The change may .*\.)?$/,
  );
  expect(fix).toMatch(/^[a-z].{20,}\.$/);
  expect(message).not.toMatch(/\.\.|: ?\.|[.!?]:|: :|undefined|objects to/);
});

test("what a refusal is about decides on what to do", async () => {
  const fixes: (string | undefined)[] = [];
  for (const [status, body] of [
    [403, "This method is reserved for admin users."],
    [403, "Cannot link subnet interface on a controller."],
    [400, "Can't delete fabric; the following subnets are still present: 10.0.0.0/24"],
  ] as const) {
    await start((request) => request.respond(status, body));
    fixes.push(((await failureOf(client.delete("fabrics/7/"))) as MaasHttpError).fix);
    await client.close();
    await region.close();
  }
  await start((request) => request.respond(204, ""));
  expect(fixes[0]).toContain("API key of an administrator");
  expect(fixes[1]).not.toContain("administrator");
  expect(fixes[2]).toContain("what MAAS names");
});

test("a 404 names the object's path", async () => {
  await start((request) =>
    request.url.endsWith("/version/")
      ? request.respond(200, { version: "3.6.5" })
      : request.respond(404, "No Subnet matches the given query."),
  );
  const error = await failureOf(client.get("sshkeys/12/"));
  expect(error).toBeInstanceOf(MaasNotFoundError);
  expect((error as Error).message).toMatch(/^GET sshkeys\/12\/ .*No Subnet matches the given query\. .*refresh/);
});

test("a 404 for the API itself says to check api_url", async () => {
  await start((request) => request.respond(404, "Unknown API endpoint: /MAAS/api/2.0/x/."));
  const error = await failureOf(client.get("x/"));
  expect((error as Error).message).toContain("check that api_url");
});

test("an HTML body is reduced to its text, and a long one cut", async () => {
  const html = `<html><head><title>t</title><style>p{}</style></head><body><h1>Bad &amp; worse</h1>\n<p>${"x".repeat(600)}</p></body></html>`;
  await start((request) => request.respond(500, html, { "content-type": "text/html; charset=utf-8" }));
  const error = (await failureOf(client.get("x/"))) as MaasHttpError;
  expect(error.body).toMatch(/^Bad & worse x+…$/);
  expect(error.body).toHaveLength(501);
});

test.each([
  ["https://region.example:5443/MAAS/api/2.0/version/", "set api_url to https://region.example:5443/MAAS"],
  ["https://user:hunter2@region.example/MAAS/api/2.0/version/", "set api_url to https://region.example/MAAS"],
  ["/login?next=x", /it redirects to http:\/\/127\.0\.0\.1:\d+\/login, which is not the API/],
])("a redirect to %s is not followed and names the URL to use", async (location, advice) => {
  await start((request) => request.respond(301, "", { location }));
  const error = await failureOf(client.get("version/"));
  expect(error).toMatchObject({ status: 301 });
  expect((error as Error).message).toMatch(advice);
  expect(printed(error)).not.toContain("hunter2");
  expect(region.received).toHaveLength(1);
});

test.each(["null", "7", '"page"', "[null]", '["page"]'])(
  "a success that is no answer of the API is an error: %s",
  async (body) => {
    await start((request) => request.respond(200, body, { "content-type": "application/json" }));
    const error = await failureOf(client.get("fabrics/3/"));
    expect(error).toBeInstanceOf(MaasDecodeError);
    expect((error as Error).message).toMatch(/the answer is not from the MAAS API: it is neither an object nor a list/);
  },
);
