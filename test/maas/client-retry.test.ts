import {
  type Answer,
  clientOf,
  failureOf,
  freePort,
  QUICK,
  type Received,
  type Region,
  startRegion,
  withoutProxies,
} from "./support/region";
import type { LogEntry, MaasClient, MaasClientOptions } from "../../src/maas/client";
import { MaasAbortedError, MaasHttpError, MaasNetworkError, MaasNotFoundError } from "../../src/maas/errors";

let region: Region;
let client: MaasClient;

async function start(answer: Answer, options: Partial<MaasClientOptions> = {}): Promise<void> {
  region = await startRegion(answer, { version: "3.6.5" });
  client = clientOf(region.url, options);
}

const HTML = { "content-type": "text/html" };
const FORM = [["name", "x"]] as const;
const call = {
  GET: () => client.get("sshkeys/"),
  POST: () => client.post("sshkeys/", FORM),
  PUT: () => client.put("sshkeys/1/", FORM),
  DELETE: () => client.delete("sshkeys/1/"),
};

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await region.close();
});

/** What MAAS answers to a call of that method that it has carried out. */
const done = (request: Received): void =>
  request.method === "DELETE" ? request.respond(204) : request.respond(200, { id: 1 });
const RESULT = { GET: { id: 1 }, POST: { id: 1 }, PUT: { id: 1 }, DELETE: undefined };

describe.each(["GET", "POST", "PUT", "DELETE"] as const)("%s", (method) => {
  test.each([
    ["409 in plain text", 409, "Node is in use", {}],
    ["503 for want of addresses", 503, "No more IPs available in subnet: 2001:db8::/126", { "retry-after": "0" }],
    ["400", 400, "no", {}],
    ["403", 403, "This method is reserved for admin users.", {}],
    ["a 404 of MAAS's", 404, "IP address is already in use.", {}],
  ])("is not repeated after %s, and was refused", async (_, status, body, headers) => {
    await start((request) => request.respond(status, body, headers));
    await expect(failureOf(call[method]())).resolves.toMatchObject({ status, outcome: "refused" });
    expect(region.received).toHaveLength(1);
  });

  test.each([
    ["301", 301, "", {}],
    ["401", 401, "Authorization Error: Nonce already used.", {}],
    ["400 of a proxy", 400, "<h1>Bad request</h1>", HTML],
    ["403 of a proxy", 403, "<h1>Forbidden</h1>", HTML],
    ["404 of a proxy", 404, "<h1>Not found</h1>", HTML],
    ["404 of another server", 404, "Not Found", {}],
    ["404 in JSON", 404, { detail: "No Subnet matches the given query." }, {}],
    ["404 in text that is not MAAS's", 404, "404 page not found", {}],
  ])("after %s is not repeated, and its outcome is unknown", async (_, status, body, headers) => {
    await start((request) => request.respond(status, body, headers));
    const error = await failureOf(call[method]());
    expect(error).toMatchObject({ outcome: "unknown" });
    expect(error).not.toBeInstanceOf(MaasNotFoundError);
    expect(region.received).toHaveLength(1);
  });
});

describe.each(["GET", "PUT", "DELETE"] as const)("%s", (method) => {
  test.each([
    ["409 with Retry-After", 409, "busy", { "retry-after": "0" }],
    ["409 with an HTML body", 409, "<h1>Conflict</h1>", HTML],
    ["429 with Retry-After", 429, "slow down", { "retry-after": "0" }],
    ["500", 500, "KeyError", {}],
    ["502", 502, "<p>x</p>", HTML],
    ["503", 503, "<p>x</p>", HTML],
    ["503 with Retry-After", 503, "rack not connected", { "retry-after": "0" }],
    ["504", 504, "<p>x</p>", HTML],
    ["a log-in page", 200, "<p>x</p>", HTML],
    ["null", 200, null, {}],
  ])("is repeated after %s", async (_, status, body, headers) => {
    await start((request, index) => (index < 2 ? request.respond(status, body, headers) : done(request)));
    await expect(call[method]()).resolves.toEqual(RESULT[method]);
    expect(region.received).toHaveLength(3);
  });

  test("is not repeated for ever after 500, which often stays", async () => {
    await start((request) => request.respond(500, "KeyError"), { retry: { ...QUICK, attempts: 100 } });
    await expect(failureOf(call[method]())).resolves.toMatchObject({ status: 500, outcome: "unknown" });
    expect(region.received).toHaveLength(3);
  });

  test("#459: is repeated when the connection is cut after the request was read", async () => {
    await start((request, index) => (index === 0 ? request.socket.destroy() : done(request)));
    await expect(call[method]()).resolves.toEqual(RESULT[method]);
    expect(region.received).toHaveLength(2);
  });

  test("is repeated when the answer stops short", async () => {
    await start((request, index) => {
      if (index > 0) return done(request);
      request.socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{");
      request.socket.end();
    });
    await expect(call[method]()).resolves.toEqual(RESULT[method]);
    expect(region.received).toHaveLength(2);
  });
});

test("a POST that is cut after it was read is sent once and leaves its outcome unknown", async () => {
  await start((request) => request.socket.destroy());
  const error = await failureOf(call.POST());
  expect(error).toBeInstanceOf(MaasNetworkError);
  expect(error).toMatchObject({ outcome: "unknown", cause: expect.any(Error) as Error });
  expect((error as Error).message).toMatch(/^POST sshkeys\/ got no answer .* may have been carried out/);
  expect(region.received).toHaveLength(1);
});

test.each([409, 429, 500, 502, 503, 504])(
  "a POST answered %d by a proxy is sent once and leaves its outcome unknown",
  async (status) => {
    await start((request) => request.respond(status, "<p>x</p>", HTML));
    const error = await failureOf(call.POST());
    expect(error).toBeInstanceOf(MaasHttpError);
    expect(error).toMatchObject({ status, outcome: "unknown" });
    expect(region.received).toHaveLength(1);
  },
);

test("a POST whose answer does not come in time is sent once and leaves its outcome unknown", async () => {
  await start(() => undefined, { timeoutMs: 50 });
  const error = await failureOf(call.POST());
  expect(error).toBeInstanceOf(MaasNetworkError);
  expect(error).toMatchObject({ outcome: "unknown", cause: { code: "MAAS_ANSWER_TIMEOUT" } });
  expect(region.received).toHaveLength(1);
});

test("an answer that stalls in its body is given up", async () => {
  await start(
    (request) => {
      request.socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{");
    },
    { timeoutMs: 50, retry: { ...QUICK, attempts: 1 } },
  );
  await expect(failureOf(call.GET())).resolves.toMatchObject({ cause: { code: "MAAS_ANSWER_TIMEOUT" } });
});

test("a POST that finds nothing listening was never sent, and is tried until the attempts are used up", async () => {
  await start(() => undefined);
  await client.close();
  const entries: LogEntry[] = [];
  client = clientOf(`http://127.0.0.1:${await freePort()}/MAAS`, {
    retry: { ...QUICK, attempts: 3 },
    log: (entry) => entries.push(entry),
  });
  const error = await failureOf(call.POST());
  expect(error).toBeInstanceOf(MaasNetworkError);
  expect(error).toMatchObject({ outcome: "not-sent", cause: { code: "ECONNREFUSED" } });
  expect((error as Error).message).toContain("check api_url");
  expect(entries.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, undefined],
    [2, undefined],
    [3, undefined],
  ]);
});

test("a DELETE that was cut and then answers 404 is done", async () => {
  await start((request, index) =>
    index === 0 ? request.socket.destroy() : request.respond(404, "No Subnet matches the given query."),
  );
  await expect(call.DELETE()).resolves.toBeUndefined();
  expect(region.received).toHaveLength(2);
});

test("a DELETE that answers 404 at first is an error", async () => {
  await start((request) => request.respond(404, "No Subnet matches the given query."));
  await expect(failureOf(call.DELETE())).resolves.toBeInstanceOf(MaasNotFoundError);
});

test("a PUT that was cut and is then refused leaves its outcome unknown", async () => {
  await start((request, index) => (index === 0 ? request.socket.destroy() : request.respond(400, "no")));
  await expect(failureOf(call.PUT())).resolves.toMatchObject({ status: 400, outcome: "unknown" });
});

test("a call is given up after its attempts with the last answer", async () => {
  await start((request) => request.respond(409, "busy", { "retry-after": "0" }), { retry: { ...QUICK, attempts: 4 } });
  await expect(failureOf(call.PUT())).resolves.toMatchObject({ status: 409, outcome: "unknown", retryAfterMs: 0 });
  expect(region.received).toHaveLength(4);
});

test("a wait beyond the deadline is not begun", async () => {
  await start((request) => request.respond(409, "busy", { "retry-after": "5" }), {
    retry: { maxRetryAfterMs: 60_000, deadlineMs: 1_000 },
  });
  await expect(failureOf(call.GET())).resolves.toMatchObject({ status: 409, retryAfterMs: 5000 });
  expect(region.received).toHaveLength(1);
});

test("a cancelled run ends a wait between attempts", async () => {
  const controller = new AbortController();
  await start((request) => request.respond(409, "busy", { "retry-after": "3600" }), {
    signal: controller.signal,
    retry: { maxRetryAfterMs: 3_600_000, deadlineMs: 7_200_000 },
    log: () => setImmediate(() => controller.abort()),
  });
  const error = await failureOf(call.PUT());
  expect(error).toBeInstanceOf(MaasAbortedError);
  expect(error).toMatchObject({ outcome: "unknown" });
  expect(region.received).toHaveLength(1);
});

test("a cancelled run ends a read under way", async () => {
  const controller = new AbortController();
  await start(() => controller.abort(), { signal: controller.signal });
  expect(await failureOf(call.GET())).toBeInstanceOf(MaasAbortedError);
});

test("a cancelled run finishes a change under way, so that its result can be recorded", async () => {
  const controller = new AbortController();
  await start(
    (request) => {
      controller.abort();
      setTimeout(() => request.respond(200, { id: 1 }), 20);
    },
    { signal: controller.signal },
  );
  await expect(call.POST()).resolves.toEqual({ id: 1 });
});

test("a run that was cancelled before sends nothing", async () => {
  await start((request) => request.respond(200, {}), { signal: AbortSignal.abort() });
  await expect(failureOf(call.POST())).resolves.toMatchObject({ name: "MaasAbortedError", outcome: "not-sent" });
  expect(region.received).toHaveLength(0);
});
