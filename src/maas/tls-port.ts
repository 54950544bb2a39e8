import { connect } from "node:tls";

const TIMEOUT_MS = 3_000;

/** Codes of connections that end without an answer in HTTP. */
const CUT = /^(?:UND_ERR_SOCKET|ECONNRESET|EPIPE|HPE_\w+)$/;

/** A request in plain HTTP went to a port that speaks TLS. */
export class TlsPortError extends Error {
  readonly code = "MAAS_TLS_PORT";
}

/** Whether a connection ended in the way in which a port that speaks TLS ends one in plain HTTP. */
export const looksLikeTlsPort = (error: unknown): boolean =>
  error instanceof Error && "code" in error && typeof error.code === "string" && CUT.test(error.code);

/** Whether the port of an `http:` URL speaks TLS, whatever its certificate. Nothing is sent but the handshake. */
export function speaksTls({ hostname, port }: URL): Promise<boolean> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || "80"), rejectUnauthorized: false });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.on("secureConnect", () => end(true));
    // An alert, such as one that asks for a client's certificate, is TLS as well.
    socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
      end(code.startsWith("ERR_SSL_") && code.includes("ALERT")),
    );
    socket.on("close", () => end(false));
  });
}

const baseOf = (url: URL): string => url.pathname.split("/api/2.0/")[0] ?? "";

/** The address of the region with the other scheme and the same port. */
export function withOtherScheme(url: URL): string {
  const [scheme, port] = url.protocol === "http:" ? ["https", url.port || "80"] : ["http", url.port || "443"];
  return `${scheme}://${url.hostname}:${port}${baseOf(url)}`;
}
