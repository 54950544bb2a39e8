import { type Answer, clientOf, failureOf, type Region, startRegion, withoutProxies } from "./support/region";
import type { MaasClient } from "../../src/maas/client";
import { MaasDecodeError, MaasNoEndpointError, MaasNotFoundError } from "../../src/maas/errors";

let region: Region;
let client: MaasClient;

async function start(answer: Answer, version: string | null = "3.6.5"): Promise<void> {
  region = await startRegion(answer, { version });
  client = clientOf(region.url);
}

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await region.close();
});

const GONE = "No Subnet matches the given query.";

test.each([GONE, "No VLAN matches the given query.", "VLAN with specified ID does not exist."])(
  "MAAS says of an object that it is gone: %s",
  async (text) => {
    await start((request) => request.respond(404, text));
    expect(await failureOf(client.get("sshkeys/1/"))).toBeInstanceOf(MaasNotFoundError);
  },
);

test.each([
  ["2.8.0", true],
  ["3.4.10", false],
  ["3.7.3", false],
])("`Not Found` from MAAS %s means that it is gone: %s", async (version, isGone) => {
  await start((request) => request.respond(404, "Not Found"), version);
  expect((await failureOf(client.get("sshkeys/1/"))) instanceof MaasNotFoundError).toBe(isGone);
});

test("a path that the release does not have is not an object that is gone", async () => {
  await start((request) => request.respond(404, `Unknown API endpoint: ${request.url}.`));
  expect(await failureOf(client.get("reservedips/"))).toBeInstanceOf(MaasNoEndpointError);
});

const NO_REGION: readonly (readonly [string, Answer])[] = [
  ["404 to everything", (request) => request.respond(404, GONE)],
  ["a log-in page", (request) => request.respond(200, "<p>x</p>", { "content-type": "text/html" })],
  ["an empty list", (request) => request.respond(200, [])],
  ["an object without a version", (request) => request.respond(200, { status: "ok" })],
  ["a version that is none", (request) => request.respond(200, { version: "latest" })],
];

describe.each(NO_REGION)("where GET version/ is answered with %s", (_, version) => {
  const front =
    (answer: Answer): Answer =>
    (request, index) =>
      request.url.endsWith("/version/") ? version(request, index) : answer(request, index);

  test.each(["get", "delete"] as const)("no 404 to a %s counts as gone", async (method) => {
    await start(
      front((request) => request.respond(404, GONE)),
      null,
    );
    const error = await failureOf(client[method]("sshkeys/1/"));
    expect(error).toBeInstanceOf(MaasDecodeError);
    expect((error as Error).message).toMatch(/sshkeys\/1\/ was answered 404 .*GET version\/.*Fix: check that api_url/);
  });

  test("no empty list is believed", async () => {
    await start(
      front((request) => request.respond(200, [])),
      null,
    );
    expect(await failureOf(client.get("ipranges/"))).toBeInstanceOf(MaasDecodeError);
  });
});

test("the version is asked for once, and only when something is said to be missing", async () => {
  await start((request) => {
    if (request.url.endsWith("/version/")) request.respond(200, { version: "3.6.5" });
    else if (request.url.endsWith("/1/")) request.respond(404, GONE);
    else request.respond(200, request.url.endsWith("/ipranges/") ? [] : [{ id: 1 }]);
  }, null);
  const versions = () => region.received.filter(({ url }) => url.endsWith("/version/")).length;
  await client.get("sshkeys/");
  expect(versions()).toBe(0);
  await Promise.all([failureOf(client.get("sshkeys/1/")), client.get("ipranges/"), failureOf(client.get("vlans/1/"))]);
  expect(versions()).toBe(1);
});
