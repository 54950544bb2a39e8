import type { Endpoint } from "./endpoint";

/** The version of the handshake itself. */
const CORE_PROTOCOL = 1;

/** The version of Terraform's plugin protocol that this provider speaks. */
const PLUGIN_PROTOCOL = 6;

/** What Terraform sets, so that a plugin knows that it was Terraform who started it. */
const MAGIC_COOKIE = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

/** The environment doesn't let the plugin start. The message is for the user. */
export class LaunchError extends Error {}

/** What Terraform says to a plugin through its environment. */
export interface Launch {
  /** PEM. Absent: no TLS. */
  readonly clientCertificate?: string;
  /** For TCP, both inclusive. */
  readonly ports: { readonly min: number; readonly max: number };
  /** Where the socket's folder is to be made; absent: the system's folder for temporary files. */
  readonly socketFolder?: string;
}

/**
 * Reads how Terraform wants the plugin to start.
 *
 * @param program the plugin's name, for the messages.
 * @throws LaunchError when it wasn't Terraform who started it, or a Terraform that doesn't speak protocol 6.
 */
export function readLaunch(environment: NodeJS.ProcessEnv, program: string): Launch {
  if (environment[MAGIC_COOKIE.name] !== MAGIC_COOKIE.value) {
    throw new LaunchError(
      `${program} is a Terraform provider plugin: Terraform starts it, and it does nothing when started by hand.\n` +
        "Name the provider in your configuration and run `terraform plan` or `cdktf deploy`.",
    );
  }
  const versions = (environment.PLUGIN_PROTOCOL_VERSIONS ?? "").split(",").map(Number);
  if (!versions.includes(PLUGIN_PROTOCOL)) {
    throw new LaunchError(
      `${program} speaks version ${PLUGIN_PROTOCOL} of Terraform's plugin protocol, and this Terraform offers ` +
        `${environment.PLUGIN_PROTOCOL_VERSIONS ?? "none"}. Use Terraform 1.0 or later.`,
    );
  }
  const { PLUGIN_CLIENT_CERT, PLUGIN_MIN_PORT, PLUGIN_MAX_PORT, PLUGIN_UNIX_SOCKET_DIR } = environment;
  return {
    ...(PLUGIN_CLIENT_CERT ? { clientCertificate: PLUGIN_CLIENT_CERT } : {}),
    ...(PLUGIN_UNIX_SOCKET_DIR ? { socketFolder: PLUGIN_UNIX_SOCKET_DIR } : {}),
    ports: { min: Number(PLUGIN_MIN_PORT ?? 10000), max: Number(PLUGIN_MAX_PORT ?? 25000) },
  };
}

/**
 * The one line on stdout by which Terraform learns where the plugin listens.
 *
 * @param certificate the server's, in DER; absent: no TLS.
 */
export function handshakeLine(endpoint: Endpoint, certificate?: Buffer): string {
  const fields = [CORE_PROTOCOL, PLUGIN_PROTOCOL, endpoint.network, endpoint.address, "grpc"];
  if (certificate !== undefined) fields.push(certificate.toString("base64").replace(/=+$/, ""));
  return `${fields.join("|")}\n`;
}
