import { stackFrames, type Logger } from "./logger";

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
  // Writing to a Terraform that is gone must not raise what the line above would log again.
  process.stderr.on("error", () => undefined);

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
