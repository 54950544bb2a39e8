import { MaasConfigError } from "./config-error";

export const RETRY_TIMEOUT_VARIABLE = "MAAS_RETRY_TIMEOUT";

/** A week. Timers of Node.js that are set to more than 2^31 ms end at once. */
const LONGEST_S = 604_800;

/** What a text must be to be read by {@link secondsOf}. */
export const SECONDS = `a number of seconds from 0 to ${LONGEST_S}`;

/** A number of seconds as users write it; undefined when the text is none. */
export function secondsOf(text: string): number | undefined {
  // Very small numbers of programs become texts with an exponent.
  const seconds = /^\d+(\.\d+)?(e-\d+)?$/.test(text) ? Number(text) : Infinity;
  return seconds <= LONGEST_S ? seconds : undefined;
}

/** Milliseconds; undefined where the setting is not given. @throws MaasConfigError */
export function retryTimeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds * 1000;
  throw new MaasConfigError(
    "retry_timeout",
    `is not ${SECONDS}: set the environment variable ${RETRY_TIMEOUT_VARIABLE} to one such as 300`,
  );
}
