import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { ApiKey } from "../../../src/maas/api-key";
import { ApiUrl } from "../../../src/maas/api-url";
import { MaasClient, type MaasClientOptions } from "../../../src/maas/client";

export const SECRET = "SECRETsecretSECRETsecretSECRETse";
export const API_KEY = ApiKey.parse(`consumerKey:tokenKey:${SECRET}`);

/** A request that was read whole. `respond` sends an answer; `socket` can be cut instead. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly socket: Socket;
  respond(status: number, body?: unknown, headers?: Record<string, string>): void;
}

/** A server on loopback that plays a region, with what it received in order. */
export interface Region {
  readonly received: readonly Received[];
  readonly sockets: ReadonlySet<Socket>;
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

export type Answer = (request: Received, index: number) => void;

export interface RegionOptions {
  readonly host?: string;
  readonly tls?: { cert: string; key: string };
  /** What `GET version/` tells, which is not counted among what was received; null (default) = it is left to the answer. */
  readonly version?: string | null;
}

/** Objects are answered as JSON, texts as text/plain unless the headers say otherwise. */
export async function startRegion(
  answer: Answer,
  { host = "127.0.0.1", tls, version = null }: RegionOptions = {},
): Promise<Region> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const handle = (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const request: Received = {
        method: incoming.method ?? "",
        url: incoming.url ?? "",
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        socket: incoming.socket,
        respond: (status, body, headers = {}) => {
          const isText = typeof body === "string";
          outgoing.writeHead(status, { "content-type": isText ? "text/plain" : "application/json", ...headers });
          outgoing.end(body === undefined ? "" : isText ? body : JSON.stringify(body));
        },
      };
      if (version !== null && request.url.endsWith("/version/")) return request.respond(200, { version });
      received.push(request);
      answer(request, received.length - 1);
    });
  };
  const server = tls ? https.createServer({ cert: tls.cert, key: tls.key }, handle) : http.createServer(handle);
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const authority = host.includes(":") ? `[${host}]` : host;
  return {
    received,
    sockets,
    port,
    url: `${tls ? "https" : "http"}://${authority}:${port}/MAAS`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A port of loopback on which nothing listens. */
export async function freePort(): Promise<number> {
  const region = await startRegion(() => undefined);
  await region.close();
  return region.port;
}

/** Pauses of milliseconds, so that tests of retries are quick. */
export const QUICK = { attempts: 5, baseDelayMs: 1, maxDelayMs: 2, maxRetryAfterMs: 5 };

export function clientOf(url: string, options: Partial<MaasClientOptions> = {}): MaasClient {
  return new MaasClient({ apiUrl: ApiUrl.parse(url), apiKey: API_KEY, retry: QUICK, ...options });
}

/** What a call was rejected with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => {
      throw new Error(`the call succeeded with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

const PROXY_VARIABLES = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);

/** Takes the proxies of whoever runs the tests out of the environment. */
export function withoutProxies(): void {
  for (const name of PROXY_VARIABLES) delete process.env[name];
}
