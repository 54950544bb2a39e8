import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { connect } from "node:tls";
import { MaasConfigError } from "./config-error";
import { refuseSpecialFile } from "../files/regular-file";

export interface TrustOptions {
  /** File of PEM certificates to trust besides the usual ones. */
  readonly caCertPath?: string | undefined;
  /** The same, as PEM text. */
  readonly ca?: string | undefined;
  /** The certificate that this side shows, and its key, as PEM texts. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Take any certificate. For tests only: whoever is in between can read the API key. */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** The code of a certificate that is for another name. */
export const OTHER_NAME = "MAAS_CERTIFICATE_NAME";

/**
 * Node's own check, whose error has another code: that of Node has undici count the request as under way for ever, so that later calls
 * over the same connection, and its end, are waited for in vain.
 */
function checkServerIdentity(host: string, certificate: tls.PeerCertificate): Error | undefined {
  const error = tls.checkServerIdentity(host, certificate);
  return error && Object.assign(error, { code: OTHER_NAME });
}

/** TLS settings for a connection. @throws MaasConfigError for a file that cannot be read or holds no certificate. */
export function trust(
  options: TrustOptions,
): Pick<tls.ConnectionOptions, "secureContext" | "rejectUnauthorized" | "checkServerIdentity"> {
  const ca = authorities(options);
  const { cert, key } = options;
  return {
    rejectUnauthorized: options.insecureSkipVerify !== true,
    checkServerIdentity,
    // Made once: a list of authorities is parsed anew for every connection otherwise.
    ...((ca ?? cert ?? key) !== undefined && { secureContext: tls.createSecureContext({ ca, cert, key }) }),
  };
}

/** PEM texts of all that is to be trusted: Node's own and those of the options; undefined when these name none. */
export function authorities({ ca, caCertPath }: TrustOptions): string[] | undefined {
  if (ca === undefined && caCertPath === undefined) return undefined;
  return [
    ...defaultAuthorities(),
    ...(ca === undefined ? [] : [checkPem(ca, "the given text")]),
    ...(caCertPath === undefined ? [] : [readPem(caCertPath)]),
  ];
}

/** What Node trusts by itself. A `ca` of one's own replaces all of it, NODE_EXTRA_CA_CERTS included. */
function defaultAuthorities(): readonly string[] {
  // Node 22.15 and later can tell; its type definitions for Node 20 lack it.
  const { getCACertificates } = tls as { getCACertificates?: (type: "default") => string[] };
  if (getCACertificates !== undefined) return getCACertificates("default");
  const path = process.env.NODE_EXTRA_CA_CERTS;
  return [...tls.rootCertificates, ...(path ? [readPem(path)] : [])];
}

function readPem(path: string): string {
  let pem: string;
  try {
    refuseSpecialFile(path);
    pem = readFileSync(path, "utf8");
  } catch (cause) {
    const { message } = cause as Error;
    throw new MaasConfigError("tls_ca_cert_path", `cannot be read (${message}): give the path of a PEM file`, {
      cause,
    });
  }
  return checkPem(pem, path);
}

function checkPem(pem: string, origin: string): string {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new MaasConfigError(
      "tls_ca_cert_path",
      `holds no certificate (${origin}): give a PEM file that starts with -----BEGIN CERTIFICATE-----`,
      { cause },
    );
  }
  return pem;
}

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
