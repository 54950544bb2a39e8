import type { Socket } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import {
  type Answer,
  clientOf,
  failureOf,
  freePort,
  QUICK,
  type Region,
  startRegion,
  withoutProxies,
} from "./support/region";
import type { MaasClient, MaasClientOptions } from "../../src/maas/client";
import { connect } from "../../src/maas/connection";

let region: Region;
let client: MaasClient;

async function start(answer: Answer, options: Partial<MaasClientOptions> = {}): Promise<void> {
  region = await startRegion(answer);
  client = clientOf(region.url, options);
}

beforeEach(withoutProxies);
afterEach(async () => {
  await client.close();
  await region.close();
});

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
const ONCE = { ...QUICK, attempts: 1 };

test("an answer of one blank at a time ends within the time for a call", async () => {
  await start(
    ({ socket }) => {
      socket.write(HEAD);
      const timer = setInterval(() => socket.write("1\r\n \r\n"), 20);
      socket.on("close", () => clearInterval(timer));
    },
    { timeoutMs: 300, retry: ONCE },
  );
  const started = performance.now();
  await expect(failureOf(client.get("sshkeys/"))).resolves.toMatchObject({ cause: { code: "MAAS_ANSWER_TIMEOUT" } });
  expect(performance.now() - started).toBeLessThan(2000);
});

test("an endless answer is given up at the limit of its size, and not asked for again", async () => {
  let sent = 0;
  await start(
    ({ socket }) => {
      socket.write(HEAD);
      const write = (): void => {
        while (!socket.destroyed && socket.write(`10000\r\n${" ".repeat(65_536)}\r\n`)) sent += 65_536;
      };
      socket.on("drain", write);
      socket.on("error", () => undefined);
      write();
    },
    { maxBytes: 1_000_000 },
  );
  await expect(failureOf(client.get("sshkeys/"))).resolves.toMatchObject({ cause: { code: "MAAS_ANSWER_SIZE" } });
  expect(region.received).toHaveLength(1);
  expect(sent).toBeLessThan(50_000_000);
});

const raw = (socket: Socket, coding: string, body: Buffer): void => {
  const head = `content-type: application/json\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}`;
  socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
  socket.write(body);
};

const JSON_TEXT = Buffer.from('[{"id":1}]');

test.each([
  ["gzip", gzipSync(JSON_TEXT)],
  ["x-gzip", gzipSync(JSON_TEXT)],
  ["GZIP", gzipSync(JSON_TEXT)],
  ["deflate", deflateSync(JSON_TEXT)],
  ["deflate", deflateRawSync(JSON_TEXT)],
  ["br", brotliCompressSync(JSON_TEXT)],
  ["identity", JSON_TEXT],
  ["gzip, br", brotliCompressSync(gzipSync(JSON_TEXT))],
])("an answer that a proxy has compressed with %s is read", async (coding, body) => {
  await start(({ socket }) => raw(socket, coding, body));
  expect(await client.get("sshkeys/")).toEqual([{ id: 1 }]);
});

test.each(["zstd", "gzip", "compress"])(
  "an answer in %s that can't be read is told with its content encoding",
  async (coding) => {
    await start(({ socket }) => raw(socket, coding, Buffer.from("no such thing")), { retry: ONCE });
    await expect(client.get("sshkeys/")).rejects.toThrow(`is not JSON, though the content type says so (`);
    await expect(client.get("sshkeys/")).rejects.toThrow(`, its content encoding is ${coding}, and it starts with`);
  },
);

test("a small answer that is compressed to hold a huge one is given up at the limit of its size", async () => {
  const bomb = gzipSync(Buffer.alloc(2_000_000, " "));
  await start(({ socket }) => raw(socket, "gzip", bomb), { maxBytes: 1_000_000 });
  await expect(failureOf(client.get("sshkeys/"))).resolves.toMatchObject({ cause: { code: "MAAS_ANSWER_SIZE" } });
  expect(bomb.length).toBeLessThan(10_000);
});

test("while a region does not answer that is said once, and again only after it has answered", async () => {
  const said: string[] = [];
  await start(
    (request, index) => (index === 3 || index > 6 ? request.respond(200, [{ id: 1 }]) : request.respond(503, "busy")),
    { onWait: (text) => said.push(text) },
  );
  await client.get("sshkeys/");
  expect(said).toEqual([
    expect.stringMatching(/^GET sshkeys\/ was answered 503 .* It is tried again for up to 150 s\.$/),
  ]);
  await client.get("sshkeys/");
  expect(said).toHaveLength(2);
});

test.each([
  ["1", 250, 2500],
  ["0", 0, 500],
])("a retry_timeout of %s s ends the calls to a region that is away", async (retry_timeout, least, most) => {
  await start(() => undefined);
  const away = connect({
    ...{ api_url: `http://127.0.0.1:${await freePort()}/MAAS`, api_key: "consumer:token:secretsecret" },
    retry_timeout,
  });
  const started = performance.now();
  await failureOf(away.get("sshkeys/"));
  const took = performance.now() - started;
  expect(took).toBeGreaterThanOrEqual(least - 1);
  expect(took).toBeLessThan(most);
  await away.close();
});

test.each(["soon", "-1", "1e3", " 5", "604801", "9".repeat(400)])(
  "a retry_timeout of %s is refused with what to write",
  async (retry_timeout) => {
    await start(() => undefined);
    const settings = { api_url: region.url, api_key: "consumer:token:secretsecret", retry_timeout };
    expect(() => connect(settings)).toThrow(/retry_timeout is not a number of seconds .*MAAS_RETRY_TIMEOUT/);
  },
);
