import { type IncomingHttpHeaders, type ServerResponse, STATUS_CODES } from "node:http";
import { behindRegion } from "./clock-skew";

/** What the region answered, read to its end. */
export interface RegionReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One thing that can go wrong with one call. */
export interface Fault {
  readonly name: string;
  /** What the region is sent as the headers of the request; absent = what came. */
  readonly sent?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** Whether the run has to come to its end all the same: also where the fault lasts, or where it hits one call. */
  readonly survived?: "always" | "once";
  /** The program only goes on because it gives the call up: its long time limits are shortened. */
  readonly hangs?: true;
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
const FORMS = { HTML, text: TEXT } as const;
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
function beforeAndAfter(name: string, answer: Fault["answer"], more: Pick<Fault, "survived"> = {}): Fault[] {
  return [
    { name, carriedOut: 0, answer, ...more },
    { name: `${name}, after the work`, carriedOut: 1, methods: WRITES, answer, ...more },
  ];
}

const PASSING = { survived: "once" } as const;

/** Half of the reply, then the end of the connection. */
const cutInTheMiddle: Fault["answer"] = (response, reply) => {
  if (reply === undefined) return drop(response, reply);
  response.writeHead(200, { ...JSON_TYPE, "content-length": String(reply.body.length + 2) });
  response.write(reply.body.subarray(0, reply.body.length / 2), () => response.socket?.destroy());
};

/** A list that never ends, as fast as it is read. */
const endless: Fault["answer"] = (response) => {
  response.writeHead(200, JSON_TYPE);
  const chunk = `${" ".repeat(2 ** 16)}\n`;
  const more = (): void => {
    while (response.writable && response.write(chunk));
  };
  response.on("drain", more).on("error", () => undefined);
  response.write("[");
  more();
};

/** A list that never ends, one byte at a time. */
const endlessTrickle: Fault["answer"] = (response) => {
  response.writeHead(200, JSON_TYPE);
  response.write("[");
  const timer = setInterval(() => response.write(" "), TRICKLE_MS);
  response.on("close", () => clearInterval(timer));
};

/** A reply as it goes over the wire. */
function wire({ status, headers, body }: RegionReply): Buffer {
  const type = headers["content-type"] === undefined ? "" : `content-type: ${headers["content-type"]}\r\n`;
  const length = status === 204 ? "" : `content-length: ${body.length}\r\n`;
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} Answer\r\n${type}${length}\r\n`),
    status === 204 ? Buffer.alloc(0) : body,
  ]);
}

/** The same reply two times, which a client may take for the answer to its next request. */
const sentTwice =
  (pauseMs: number): Fault["answer"] =>
  (response, reply) => {
    const { socket } = response;
    if (reply === undefined || socket === null) return drop(response, reply);
    const bytes = wire(reply);
    if (pauseMs === 0) return void socket.write(Buffer.concat([bytes, bytes]));
    socket.write(bytes);
    setTimeout(() => {
      socket.write(bytes);
      socket.end();
    }, pauseMs);
  };

/** The whole reply, a few bytes at a time. */
const trickled: Fault["answer"] = (response, reply) => {
  if (reply === undefined) return drop(response, reply);
  const { status, headers, body } = reply;
  response.writeHead(status, { "content-type": headers["content-type"] ?? JSON_TYPE["content-type"] });
  const half = Math.ceil(body.length / 2);
  response.write(body.subarray(0, half));
  setTimeout(() => response.end(body.subarray(half)), TRICKLE_MS);
};

/** The statuses that come with and without a Retry-After, and what their bodies are. */
const STATUSES: readonly (readonly [status: number, form: keyof typeof FORMS])[] = [
  [409, "HTML"],
  [429, "text"],
  [500, "text"],
  [500, "HTML"],
  [502, "HTML"],
  [503, "HTML"],
  [504, "HTML"],
];
const RETRY_AFTER: readonly (readonly [words: string, headers: Headers])[] = [
  ["", {}],
  [" with Retry-After", { "retry-after": "1" }],
];
const bodyOf = (status: number, form: keyof typeof FORMS): string => {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`;
  return form === "HTML" ? page(title) : title;
};

/** Every kind of fault. A name stands in the report, so that it can be tried alone (`--fault NAME`). */
export const FAULTS: readonly Fault[] = [
  { name: "connection dropped before the work", carriedOut: 0, answer: drop, ...PASSING },
  { name: "connection dropped after the work", carriedOut: 1, methods: WRITES, answer: drop, ...PASSING },
  ...STATUSES.flatMap(([status, form]) =>
    RETRY_AFTER.flatMap(([words, headers]) =>
      beforeAndAfter(
        `${status} ${form}${words}`,
        send(status, { ...FORMS[form], ...headers }, bodyOf(status, form)),
        PASSING,
      ),
    ),
  ),
  ...beforeAndAfter("503 with a Retry-After of an hour", send(503, { ...TEXT, "retry-after": "3600" }, "maintenance")),
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
  { name: "connection dropped within the reply", carriedOut: 1, ...PASSING, answer: cutInTheMiddle },
  { name: "reply that trickles", carriedOut: 1, survived: "always", answer: trickled },
  { name: "reply without an end", carriedOut: 1, answer: endless },
  { name: "reply without an end that trickles", carriedOut: 1, hangs: true, answer: endlessTrickle },
  { name: "no reply", carriedOut: 1, hangs: true, answer: () => undefined },
  { name: "reply sent twice", carriedOut: 1, answer: sentTwice(0) },
  { name: "reply sent twice, the second time late", carriedOut: 1, answer: sentTwice(5) },
  { name: "clock 10 minutes behind the region's", ...behindRegion(600) },
  { name: "clock 10 minutes ahead of the region's", ...behindRegion(-600), survived: "always" },
  { name: "403 for changes", carriedOut: 0, methods: WRITES, answer: send(403, TEXT, "The region is read-only.") },
  {
    name: "500 for changes, of a read-only database",
    ...{ carriedOut: 0, methods: WRITES },
    answer: send(500, TEXT, "cannot execute UPDATE in a read-only transaction"),
  },
  { name: "request carried out twice", carriedOut: 2, methods: WRITES, answer: replaced(({ body }) => body) },
];

function swapped(body: Buffer): string {
  const text = body.toString("utf8");
  return text.startsWith("[") ? "{}" : `[${text === "" ? "null" : text}]`;
}
