import {
  type Answer,
  clientOf,
  failureOf,
  QUICK,
  type Received,
  type Region,
  startRegion,
  withoutProxies,
} from "./support/region";
import type { MaasClient } from "../../src/maas/client";
import { MaasValidationError } from "../../src/maas/errors";

// A region with one kind of object, whose first POST has an odd end.

const HTML = { "content-type": "text/html" };
type End = (request: Received) => void;

const ENDS: readonly (readonly [string, End])[] = [
  ["dropped", (request) => request.socket.destroy()],
  ["409 HTML", (request) => request.respond(409, "<h1>Conflict</h1>", HTML)],
  ["409 with Retry-After", (request) => request.respond(409, "busy", { "retry-after": "0" })],
  ["429", (request) => request.respond(429, "slow down", { "retry-after": "0" })],
  ["500", (request) => request.respond(500, "KeyError")],
  ["502", (request) => request.respond(502, "<h1>Bad gateway</h1>", HTML)],
  ["503 with Retry-After", (request) => request.respond(503, "rack", { "retry-after": "0" })],
  ["504", (request) => request.respond(504, "<h1>Timeout</h1>", HTML)],
  ["a log-in page", (request) => request.respond(200, "<h1>Log in</h1>", HTML)],
  ["null", (request) => request.respond(200, null)],
];

/** Answers that are none of an object, but may be what another POST is answered with. */
const ANSWERS: readonly (readonly [string, End])[] = [
  ["{}", (request) => request.respond(200, {})],
  ["[]", (request) => request.respond(200, [])],
  ["text", (request) => request.respond(200, "OK")],
  ["204", (request) => request.respond(204)],
];

/** Ends after which a POST that did nothing is not repeated, since the cause stays. */
const FINAL: readonly (readonly [string, End])[] = [
  ["301", (request) => request.respond(301)],
  ["401", (request) => request.respond(401, "Authorization Error: Nonce already used.")],
  ["403 HTML", (request) => request.respond(403, "<h1>Forbidden</h1>", HTML)],
  ["404 HTML", (request) => request.respond(404, "<h1>Not found</h1>", HTML)],
];

let region: Region;
let client: MaasClient;
let objects: { id: number }[];
let looks: number;

beforeEach(() => {
  withoutProxies();
  objects = [];
  looks = 0;
});
afterEach(async () => {
  await client.close();
  await region.close();
});

async function start(answer: Answer): Promise<void> {
  region = await startRegion(answer, { version: "3.6.5" });
  client = clientOf(region.url, { retry: { ...QUICK, attempts: 4 } });
}

function make(): { id: number } {
  const object = { id: objects.length + 1 };
  objects.push(object);
  return object;
}

const made = (): Promise<{ id: number } | undefined> => {
  looks += 1;
  return Promise.resolve(objects[0]);
};
const post = () => client.post("sshkeys/", [["name", "x"]], undefined, { made });

describe.each([...ENDS, ...ANSWERS, ...FINAL])("%s", (_, end) => {
  test("after the commit: what was made is found, and nothing is made twice", async () => {
    await start((request) => {
      make();
      end(request);
    });
    await expect(post()).resolves.toEqual({ id: 1 });
    expect(objects).toHaveLength(1);
  });
});

test.each([...ENDS, ...ANSWERS])("%s in place of the work: the POST is repeated after a look", async (_, end) => {
  await start((request, index) => (index === 0 ? end(request) : request.respond(200, make())));
  await expect(post()).resolves.toEqual({ id: 1 });
  expect([objects.length, looks]).toEqual([1, 1]);
});

test.each(FINAL)("%s in place of the work: it fails after a look", async (_, end) => {
  await start(end);
  await expect(failureOf(post())).resolves.toMatchObject({ outcome: "unknown" });
  expect([region.received.length, looks]).toEqual([1, 1]);
});

describe("a POST that comes to the same when done twice", () => {
  const set = () => client.post("sshkeys/", [["name", "x"]], undefined, { isIdempotent: true });

  test.each(ENDS)("is repeated after %s, without a look", async (_, end) => {
    await start((request, index) => (index === 0 ? end(request) : request.respond(200, { id: 1 })));
    await set();
    expect([region.received.length, looks]).toEqual([2, 0]);
  });

  test.each(ANSWERS)("is done where it is answered with %s", async (_, end) => {
    await start(end);
    await set();
    expect(region.received).toHaveLength(1);
  });

  test.each(FINAL)("is not repeated after %s, since the cause stays", async (_, end) => {
    await start(end);
    await expect(failureOf(set())).resolves.toMatchObject({ outcome: "unknown" });
    expect(region.received).toHaveLength(1);
  });

  test("is not repeated when MAAS refuses it", async () => {
    await start((request) => request.respond(400, { name: ["no"] }));
    expect(await failureOf(set())).toBeInstanceOf(MaasValidationError);
    expect(region.received).toHaveLength(1);
  });
});

test("a lost POST whose commit comes late is found when the next one is refused", async () => {
  await start((request, index) => {
    if (index === 0) return request.socket.destroy();
    make();
    request.respond(400, { name: ["Space with this name already exists."] });
  });
  await expect(post()).resolves.toEqual({ id: 1 });
});

test("what MAAS refuses at first is not looked for", async () => {
  await start((request) => request.respond(400, { name: ["no"] }));
  expect(await failureOf(post())).toBeInstanceOf(MaasValidationError);
  expect(looks).toBe(0);
});

test("when the look fails too, the error is that of the POST, and its outcome unknown", async () => {
  await start((request) => (request.method === "POST" ? request.socket.destroy() : request.respond(403, "no")));
  const error = await failureOf(
    client.post("sshkeys/", [], undefined, { made: async () => (await client.get("sshkeys/1/")) as { id: number } }),
  );
  expect(error).toMatchObject({ outcome: "unknown", request: { method: "POST" } });
});
