import { type Logger, stackFrames } from "./grpc";
import type { Endpoint } from "./server";
import { ProblemError } from "../../../lib/model/problem";
import type { ProblemCode } from "../../../lib/model/problem-codes";

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
export class LaunchError extends ProblemError {
  constructor(message: string, code: ProblemCode = "MAAS-PLG-01") {
    super(code, message);
  }
}

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

/** How often to look whether Terraform is still there. */
const PARENT_CHECK_MILLISECONDS = 1000;

/** Ends the process at once. */
export type End = (reason: string, exitCode?: number) => void;

/** How long a plugin stays without a client, in milliseconds. */
export interface ClientLimits {
  /** Until the first call. Terraform calls as soon as it has read the handshake. */
  readonly firstCallMs: number;
  /**
   * After it, while no client is connected. Long, because gRPC closes a connection on which nothing has happened for
   * half an hour and opens it again for the next call, and another provider of the run may take hours.
   */
  readonly noClientMs: number;
}

export const CLIENT_LIMITS: ClientLimits = { firstCallMs: 30_000, noClientMs: 24 * 3600 * 1000 };

/** Ends the process, and hears of its clients. */
export interface Lifetime {
  readonly end: End;
  /** A client has connected. */
  readonly connected: () => void;
  readonly disconnected: () => void;
  /** A client has made a call, so Terraform is there. */
  readonly called: () => void;
}

/**
 * Ties the plugin's life to Terraform's.
 *
 * - SIGINT is left to Terraform: Ctrl-C reaches both, and Terraform then calls StopProvider.
 * - SIGTERM and SIGHUP end the plugin, and so does the end of the process that started it.
 * - A Terraform that is killed while it starts the plugin leaves it to another parent before the plugin can ask who its
 *   parent is. So a plugin that nobody calls ends too, and the parent counts as known only after a call.
 * - An exception that nobody has caught is logged and survived: other calls may have writes under way, and Terraform
 *   learns what they did only from their answers.
 *
 * @param release runs once, whatever ends the process (but SIGKILL).
 */
export function governProcess(release: () => void, log: Logger, limits: ClientLimits = CLIENT_LIMITS): Lifetime {
  const end: End = (reason, exitCode = 0) => {
    log.debug("the plugin ends", { reason });
    process.exit(exitCode);
  };
  process.once("exit", release);
  process.on("SIGINT", () => log.debug("SIGINT is left to Terraform"));
  process.on("SIGTERM", () => end("SIGTERM", 128 + 15));
  process.on("SIGHUP", () => end("SIGHUP", 128 + 1));
  process.on("uncaughtException", (error, origin) =>
    log.error("a bug of the provider", { origin, stack: stackFrames(error) }),
  );

  let parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !exists(parent)) end("the process that started it is gone");
  }, PARENT_CHECK_MILLISECONDS).unref();

  let isCalled = false;
  let clients = 0;
  const leave = (): void => end(isCalled ? "it has no client" : "nobody has called it");
  const timer = (): NodeJS.Timeout => setTimeout(leave, isCalled ? limits.noClientMs : limits.firstCallMs).unref();
  let waiting = timer();
  return {
    end,
    connected: () => void (clients += 1),
    disconnected: () => {
      clients -= 1;
      if (clients > 0) return;
      clearTimeout(waiting);
      waiting = timer();
    },
    called: () => {
      if (!isCalled) parent = process.ppid;
      isCalled = true;
      clearTimeout(waiting);
    },
  };
}

function exists(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process, which can't be signalled, exists.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
