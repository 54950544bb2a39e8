import type { IncomingHttpHeaders } from "node:http";
import type { Fault, RegionReply } from "./fault-kinds";

const TIMESTAMP = /(oauth_timestamp="?)(\d+)/;

/** The headers of a request as a machine would have signed it whose clock is that many seconds behind. */
const signedEarlier =
  (seconds: number) =>
  ({ authorization = "", ...rest }: IncomingHttpHeaders): IncomingHttpHeaders => ({
    ...rest,
    authorization: authorization.replace(
      TIMESTAMP,
      (_, name: string, time: string) => `${name}${Number(time) - seconds}`,
    ),
  });

/** The region's time as that machine sees it. */
const seenLater = (seconds: number, { headers }: RegionReply): string =>
  new Date(Date.parse(headers.date ?? new Date().toUTCString()) + seconds * 1000).toUTCString();

/** What it comes to that the clock is that many seconds behind the region's: MAAS itself judges the request. */
export const behindRegion = (seconds: number): Pick<Fault, "carriedOut" | "sent" | "answer"> => ({
  carriedOut: 1,
  sent: signedEarlier(seconds),
  answer: (response, reply) => {
    if (reply === undefined) return void response.socket?.destroy();
    const { "transfer-encoding": _chunked, connection: _connection, ...headers } = reply.headers;
    response.writeHead(reply.status, { ...headers, date: seenLater(seconds, reply) });
    response.end(reply.status === 204 ? undefined : reply.body);
  },
});
