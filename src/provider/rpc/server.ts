import { once } from "node:events";
import { mkdtempSync, rmSync, writeSync } from "node:fs";
import { createServer, type ListenOptions, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { selfSignedCertificate } from "./certificate";
import type { ProviderHandlers } from "./dispatch";
import { answerGrpc, createLogger, type Logger, type UnaryMethods } from "./grpc";
import {
  type ClientLimits,
  type End,
  governProcess,
  handshakeLine,
  type Launch,
  LaunchError,
  readLaunch,
} from "./handshake";
import { withCode } from "../../../lib/model/problem";

/** macOS's limit for the path of a socket; Linux allows four bytes more. */
const MAX_SOCKET_PATH = 103;

/** Where a plugin listens. */
export interface Endpoint {
  readonly network: "unix" | "tcp";
  /** The path of the socket, or host and port. */
  readonly address: string;
  /** Removes what listening has left in the file system. Safe to call twice. */
  readonly release: () => void;
}

/**
 * Makes the server listen where only this user's processes reach it: a socket in a fresh folder of mode 0700. On
 * Windows, where Terraform can't use those, a port of 127.0.0.1.
 *
 * @throws Error when there is no free port, or no folder to write to.
 */
export async function listen(server: Server, launch: Launch, platform = process.platform): Promise<Endpoint> {
  return platform === "win32" ? listenOnPort(server, launch) : listenOnSocket(server, launch);
}

async function listenOnSocket(server: Server, launch: Launch): Promise<Endpoint> {
  const folder = mkdtempSync(join(socketRoot(launch), "plugin-")); // mode 0700
  const address = join(folder, "socket");
  const release = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await listening(server, { path: address });
  } catch (error) {
    release();
    throw error;
  }
  return { network: "unix", address, release };
}

/** A pipeline's own folder for temporary files can be too deep for a socket. */
function socketRoot(launch: Launch): string {
  const root = launch.socketFolder ?? tmpdir();
  return join(root, "plugin-XXXXXX", "socket").length <= MAX_SOCKET_PATH ? root : "/tmp";
}

async function listenOnPort(server: Server, { ports }: Launch): Promise<Endpoint> {
  for (let port = ports.min; port <= ports.max; port++) {
    try {
      await listening(server, { host: "127.0.0.1", port });
      return { network: "tcp", address: `127.0.0.1:${port}`, release: () => undefined };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new LaunchError(
    `Every port from ${ports.min} to ${ports.max} of 127.0.0.1 is in use. Free one of them, or end plugins that were left behind.`,
    "MAAS-PLG-04",
  );
}

async function listening(server: Server, where: ListenOptions): Promise<void> {
  server.listen(where);
  await once(server, "listening");
}

/** Not `process.stdout`: making that stream takes longer than the one line is worth. */
const STDOUT = 1;

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
 * `serve(async () => (await import("./provider")).handlers, …)`.
 */
export async function serve(load: LoadHandlers, options: ServeOptions): Promise<void> {
  optimiseLess();
  try {
    await start(load, options);
  } catch (error) {
    const message =
      error instanceof LaunchError
        ? withCode(error.message, error.code)
        : withCode(`${options.program} can't start: ${String(error)}`, "MAAS-PLG-03");
    process.exitCode = 1;
    // It may be listening already.
    process.stderr.write(`${message}\n`, () => process.exit());
  }
}

/**
 * A run takes seconds, in which the V8 of Node 20 would spend more on optimising functions than it gains from that: only those that
 * run fifteen times as long as usual are worth it. A later V8 has a compiler in between, and no such setting.
 */
function optimiseLess(): void {
  if (Number.parseInt(process.versions.v8) < 12) setFlagsFromString("--interrupt-budget=1000000");
}

/** Terraform waits for the handshake. HTTP/2, TLS and the handlers are loaded after it, while Terraform connects. */
async function start(load: LoadHandlers, { program, limits }: ServeOptions): Promise<void> {
  const launch = readLaunch(process.env, program);
  const { clientCertificate: client } = launch;
  const tls = client === undefined ? undefined : { own: selfSignedCertificate(), client };
  const listener = createServer();
  const endpoint = await listen(listener, launch);
  const log = createLogger(program);
  const lifetime = governProcess(endpoint.release, log, limits);
  const clients = import("./http2.js").then(({ clientsOf }) => clientsOf(lifetime, tls));
  listener.on("connection", (socket) => {
    clients.then(
      (server) => server.emit("connection", socket),
      () => socket.destroy(),
    );
  });
  writeSync(STDOUT, handshakeLine(endpoint, tls?.own.der));
  // Writing to a Terraform that is gone must not raise what `governProcess` would log again.
  process.stderr.on("error", () => undefined);
  answerGrpc(await clients, loadMethods(load, log, lifetime.end));
}

async function loadMethods(load: LoadHandlers, log: Logger, end: End): Promise<UnaryMethods> {
  const [{ providerMethods, controllerMethods }, handlers] = await Promise.all([import("./dispatch.js"), load()]);
  return new Map([...providerMethods(handlers, log), ...controllerMethods(end)]);
}
