import type { IncomingHttpHeaders, ServerResponse } from "node:http";

/** What the region answered, read to its end. */
export interface RegionReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One thing that can go wrong with one call. */
export interface Fault {
  readonly name: string;
  /** How often the region carries the call out: not at all, once, or twice (a proxy that repeats requests). */
  readonly carriedOut: 0 | 1 | 2;
  /** Only calls of these methods; absent = all. */
  readonly methods?: readonly string[];
  /** Answers the program, with the region's reply where there is one. */
  readonly answer: (response: ServerResponse, reply: RegionReply | undefined) => void;
}

/** The methods that change something. */
export const WRITES: readonly string[] = ["POST", "PUT", "DELETE"];
const READS: readonly string[] = ["GET"];

type Headers = Readonly<Record<string, string>>;

const HTML = { "content-type": "text/html; charset=utf-8" };
const TEXT = { "content-type": "text/plain; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };
const page = (title: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body>${title}</body></html>`;

/** How long a slow answer takes between its parts, in milliseconds. */
const TRICKLE_MS = 200;

const send =
  (status: number, headers: Headers, body = ""): Fault["answer"] =>
  (response) => {
    response.writeHead(status, headers).end(body);
  };

const drop: Fault["answer"] = (response) => void response.socket?.destroy();

/** Another body for the region's own reply. */
const replaced =
  (body: (reply: RegionReply) => Buffer | string, headers: Headers = JSON_TYPE): Fault["answer"] =>
  (response, reply) => {
    if (reply === undefined) return drop(response, reply);
    response.writeHead(reply.status === 204 ? 200 : reply.status, headers).end(body(reply));
  };

/** A status that comes in place of the work, and one that comes after it. */
function beforeAndAfter(name: string, answer: Fault["answer"]): Fault[] {
  return [
    { name, carriedOut: 0, answer },
    { name: `${name}, after the work`, carriedOut: 1, methods: WRITES, answer },
  ];
}

/** Half of the reply, then the end of the connection. */
const cutInTheMiddle: Fault["answer"] = (response, reply) => {
  if (reply === undefined) return drop(response, reply);
  response.writeHead(200, { ...JSON_TYPE, "content-length": String(reply.body.length + 2) });
  response.write(reply.body.subarray(0, reply.body.length / 2), () => response.socket?.destroy());
};

/** The whole reply, a few bytes at a time. */
const trickled: Fault["answer"] = (response, reply) => {
  if (reply === undefined) return drop(response, reply);
  const { status, body } = reply;
  response.writeHead(status, JSON_TYPE);
  const half = Math.ceil(body.length / 2);
  response.write(body.subarray(0, half));
  setTimeout(() => response.end(body.subarray(half)), TRICKLE_MS);
};

/** Every kind of fault. A name stands in the report, so that it can be tried alone (`--fault NAME`). */
export const FAULTS: readonly Fault[] = [
  { name: "connection dropped before the work", carriedOut: 0, answer: drop },
  { name: "connection dropped after the work", carriedOut: 1, methods: WRITES, answer: drop },
  ...beforeAndAfter("409 HTML with Retry-After", send(409, { ...HTML, "retry-after": "1" }, page("Conflict error"))),
  ...beforeAndAfter("500 text", send(500, TEXT, "Internal server error.")),
  ...beforeAndAfter("500 HTML", send(500, HTML, page("500 Internal Server Error"))),
  ...beforeAndAfter("502 HTML", send(502, HTML, page("502 Bad Gateway"))),
  ...beforeAndAfter("503 HTML", send(503, HTML, page("503 Service Unavailable"))),
  ...beforeAndAfter("503 with Retry-After", send(503, { ...TEXT, "retry-after": "1" }, "try again")),
  ...beforeAndAfter("504 HTML", send(504, HTML, page("504 Gateway Time-out"))),
  ...beforeAndAfter("429 with Retry-After", send(429, { ...TEXT, "retry-after": "1" }, "slow down")),
  ...beforeAndAfter("401 nonce used", send(401, HTML, "Authorization Error: Nonce already used.")),
  ...beforeAndAfter("403 of a proxy", send(403, HTML, page("403 Forbidden"))),
  ...beforeAndAfter("404 of a proxy", send(404, HTML, page("404 Not Found"))),
  ...beforeAndAfter("404 of another server", send(404, TEXT, "Not Found")),
  { name: "405 of a proxy", carriedOut: 0, answer: send(405, HTML, page("405 Not Allowed")) },
  { name: "413 of a proxy", carriedOut: 0, methods: ["POST", "PUT"], answer: send(413, HTML, page("413 Too Large")) },
  { name: "301 to a login page", carriedOut: 0, answer: send(301, { location: "/login" }) },
  { name: "302 to another host", carriedOut: 0, answer: send(302, { location: "http://sso.example/login" }) },
  ...beforeAndAfter("200 login page", send(200, HTML, page("Log in"))),
  ...beforeAndAfter("200 null", send(200, JSON_TYPE, "null")),
  ...beforeAndAfter("200 empty object", send(200, JSON_TYPE, "{}")),
  ...beforeAndAfter("200 empty list", send(200, JSON_TYPE, "[]")),
  ...beforeAndAfter("200 text in quotes", send(200, JSON_TYPE, '"ok"')),
  { name: "204 for a read", carriedOut: 0, methods: READS, answer: send(204, {}) },
  { name: "200 without a body", carriedOut: 1, answer: replaced(() => "") },
  { name: "JSON cut in the middle", carriedOut: 1, answer: replaced(({ body }) => body.subarray(0, body.length / 2)) },
  { name: "reply under another content type", carriedOut: 1, answer: replaced(({ body }) => body, HTML) },
  { name: "list in place of an object, and the reverse", carriedOut: 1, answer: replaced(({ body }) => swapped(body)) },
  { name: "connection dropped within the reply", carriedOut: 1, answer: cutInTheMiddle },
  { name: "reply that trickles", carriedOut: 1, answer: trickled },
  { name: "request carried out twice", carriedOut: 2, methods: WRITES, answer: replaced(({ body }) => body) },
];

function swapped(body: Buffer): string {
  const text = body.toString("utf8");
  return text.startsWith("[") ? "{}" : `[${text === "" ? "null" : text}]`;
}
