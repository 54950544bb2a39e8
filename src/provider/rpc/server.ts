import { writeSync } from "node:fs";
import { createSecureServer, createServer, type Http2Server, type ServerOptions } from "node:http2";
import { selfSignedCertificate, type Certificate } from "./certificate";
import type { ProviderHandlers } from "./dispatch";
import { listen } from "./endpoint";
import { answerGrpc, type UnaryMethods } from "./grpc";
import { handshakeLine, LaunchError, readLaunch } from "./handshake";
import { createLogger, type Logger } from "./logger";
import { type ClientLimits, governProcess, type End } from "./process-lifetime";

/** Node's default windows make a large schema or state wait for the other side every 64 KiB. */
const WINDOW_BYTES = 8 * 1024 * 1024;

/** Not `process.stdout`: making that stream takes longer than the one line is worth. */
const STDOUT = 1;

const HTTP2: ServerOptions = {
  settings: { initialWindowSize: WINDOW_BYTES },
  // Megabytes. By default Node refuses new calls while those that run hold more than ten.
  maxSessionMemory: 1024,
};

export type LoadHandlers = () => Promise<ProviderHandlers>;

export interface ServeOptions {
  /** The plugin's name, as in `terraform-provider-maas`: in the log and in messages. */
  readonly program: string;
  /** How long it stays without a client; {@link CLIENT_LIMITS} by default. */
  readonly limits?: ClientLimits;
}

/**
 * Runs this process as a Terraform provider plugin: agrees with Terraform on where and how to talk, then answers its calls
 * until Terraform ends it.
 *
 * Started by anything but Terraform, it says so on stderr and exits with code 1.
 *
 * @param load gives the handlers. It runs while Terraform connects, so what it imports doesn't delay the handshake:
 * `serve(async () => (await import("./provider.js")).handlers, …)`.
 */
export async function serve(load: LoadHandlers, options: ServeOptions): Promise<void> {
  try {
    await start(load, options);
  } catch (error) {
    const message = error instanceof LaunchError ? error.message : `${options.program} can't start: ${String(error)}`;
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}

async function start(load: LoadHandlers, { program, limits }: ServeOptions): Promise<void> {
  const launch = readLaunch(process.env, program);
  const certificate = launch.clientCertificate === undefined ? undefined : selfSignedCertificate();
  const server = createHttp2Server(certificate, launch.clientCertificate);
  const endpoint = await listen(server, launch);
  const log = createLogger(program);
  const lifetime = governProcess(endpoint.release, log, limits);
  server.on("session", (session) => {
    session.setLocalWindowSize(WINDOW_BYTES);
    lifetime.connected();
    session.once("close", lifetime.disconnected);
  });
  server.on("stream", lifetime.called);
  writeSync(STDOUT, handshakeLine(endpoint, certificate?.der));
  answerGrpc(server, loadMethods(load, log, lifetime.end));
}

async function loadMethods(load: LoadHandlers, log: Logger, end: End): Promise<UnaryMethods> {
  const [{ providerMethods }, { controllerMethods }, handlers] = await Promise.all([
    import("./dispatch.js"),
    import("./controller.js"),
    load(),
  ]);
  return new Map([...providerMethods(handlers, log), ...controllerMethods(end)]);
}

/** With TLS, the other side must show the one certificate that Terraform has announced. */
function createHttp2Server(certificate: Certificate | undefined, clientCertificate: string | undefined): Http2Server {
  if (certificate === undefined) return createServer(HTTP2);
  return createSecureServer({
    ...HTTP2,
    key: certificate.key.export({ type: "pkcs8", format: "pem" }),
    cert: certificate.pem,
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
}
