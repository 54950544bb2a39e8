import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_RETRY_TIMEOUT_S } from "../maas/retry";
import { SECONDS, secondsOf } from "../maas/seconds";

/** How a command reaches a live region. The API key comes from MAAS_API_KEY only: an argument is for all to see. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly caCert?: string;
  readonly insecure?: true;
  /** Never an option: of a region in this process. */
  readonly apiKey?: string;
  /** Seconds. */
  readonly retryTimeout?: number;
  /** Ends reads and waits. A change that has been sent is waited for. */
  readonly signal?: AbortSignal;
}

/** Reads a number of seconds. */
export function seconds(text: string): number {
  const read = secondsOf(text);
  if (read !== undefined) return read;
  throw new InvalidArgumentError(`Give ${SECONDS}, such as 90.`);
}

/** Gives a command the options of {@link ConnectionOptions}. */
export function withConnectionOptions(command: Command): Command {
  return command
    .option("--url <url>", "URL of the region's API (default: MAAS_API_URL)")
    .option("--ca-cert <file>", "PEM certificates to trust in addition to the system's (default: MAAS_API_CACERT)")
    .option("--insecure", "accept any certificate")
    .addOption(
      new Option(
        "--retry-timeout <seconds>",
        `how long to repeat calls while the region does not answer (default: MAAS_RETRY_TIMEOUT, else ${DEFAULT_RETRY_TIMEOUT_S})`,
      ).argParser(seconds),
    );
}
