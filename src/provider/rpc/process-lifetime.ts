import { stackFrames, type Logger } from "./logger";

/** How often to look whether Terraform is still there. */
const PARENT_CHECK_MILLISECONDS = 1000;

/** Ends the process at once. */
export type End = (reason: string, exitCode?: number) => void;

/**
 * Ties the plugin's life to Terraform's.
 *
 * - SIGINT is left to Terraform: Ctrl-C reaches both, and Terraform then calls StopProvider.
 * - SIGTERM and SIGHUP end the plugin, and so does the end of the process that started it.
 * - An exception that nobody has caught is logged and survived: other calls may have writes under way, and Terraform
 *   learns what they did only from their answers.
 *
 * @param release runs once, whatever ends the process (but SIGKILL).
 */
export function governProcess(release: () => void, log: Logger): End {
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

  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent || !exists(parent)) end("the process that started it is gone");
  }, PARENT_CHECK_MILLISECONDS).unref();
  return end;
}

function exists(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Another user's process, which can't be signalled, exists.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
