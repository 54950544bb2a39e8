import { createSecureServer, createServer, type Http2Server, type ServerOptions } from "node:http2";
import type { Certificate } from "./certificate";
import type { Lifetime } from "./handshake";

/** Node's default windows make a large schema or state wait for the other side every 64 KiB. */
const WINDOW_BYTES = 8 * 1024 * 1024;

const HTTP2: ServerOptions = {
  settings: { initialWindowSize: WINDOW_BYTES },
  // Megabytes. By default Node refuses new calls while those that run hold more than ten.
  maxSessionMemory: 1024,
};

/** The two sides of mutual TLS. */
export interface MutualTls {
  readonly own: Certificate;
  /** PEM: the one certificate that the other side must show, which Terraform has announced. */
  readonly client: string;
}

/**
 * Speaks HTTP/2 on the sockets that it is given by its event `connection`.
 *
 * @param tls absent: none.
 */
export function clientsOf(lifetime: Lifetime, tls?: MutualTls): Http2Server {
  const server = tls === undefined ? createServer(HTTP2) : secureServer(tls);
  server.on("session", (session) => {
    session.setLocalWindowSize(WINDOW_BYTES);
    lifetime.connected();
    session.once("close", lifetime.disconnected);
  });
  server.on("stream", lifetime.called);
  return server;
}

function secureServer({ own, client }: MutualTls): Http2Server {
  return createSecureServer({
    ...HTTP2,
    key: own.key.export({ type: "pkcs8", format: "pem" }),
    cert: own.pem,
    ca: client,
    requestCert: true,
    rejectUnauthorized: true,
  });
}
