import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { MaasConfigError } from "./config-error";

export interface TrustOptions {
  /** File of PEM certificates to trust besides the usual ones. */
  readonly caCertPath?: string | undefined;
  /** The same, as PEM text. */
  readonly ca?: string | undefined;
  /** Take any certificate. For tests only: whoever is in between can read the API key. */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** TLS settings for a connection. @throws MaasConfigError for a file that cannot be read or holds no certificate. */
export function trust(options: TrustOptions): Pick<tls.ConnectionOptions, "secureContext" | "rejectUnauthorized"> {
  const ca = authorities(options);
  return {
    rejectUnauthorized: options.insecureSkipVerify !== true,
    // Made once: a list of authorities is parsed anew for every connection otherwise.
    ...(ca && { secureContext: tls.createSecureContext({ ca }) }),
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
