import { type Command, InvalidArgumentError, Option } from "commander";
import type { Network } from "../../lib/model/network";
import { sentence } from "../../lib/model/problem";
import { shown } from "../../lib/model/text";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Report } from "../../lib/rules/report";
import type { MaasClient } from "../maas/client";
import { connect, plainHttpWarning, withEnvironment } from "../maas/connection";
import { DEFAULT_RETRY_TIMEOUT_S } from "../maas/retry";
import { SECONDS, secondsOf } from "../maas/seconds";
import { Snapshot } from "../maas/snapshot";
import { hiddenRacks } from "../reconcile/region/nodes";
import { listRegion, liveNetwork } from "../reconcile/region/live-network";
import { stderr } from "./output/terminal";

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

/** Does something with a client of the region that the options and the environment name, and its URL as they have it. @throws MaasConfigError */
export async function withRegion<T>(
  { url, caCert, insecure, retryTimeout, apiKey, signal }: ConnectionOptions,
  use: (client: MaasClient, url: string) => Promise<T>,
): Promise<T> {
  const given = {
    ...(url !== undefined && { api_url: url }),
    ...(apiKey !== undefined && { api_key: apiKey }),
    ...(caCert !== undefined && { tls_ca_cert_path: caCert }),
    ...(retryTimeout !== undefined && { retry_timeout: String(retryTimeout) }),
  };
  const settings = withEnvironment(given, process.env);
  const client = connect(settings, {
    insecureSkipVerify: insecure === true,
    ...(signal && { signal }),
    onWait: (text) => stderr.write(`${shown(text)}\n`),
  });
  for (const problem of plainHttpWarning(settings, process.env))
    stderr.write(`Warning: ${shown(sentence(problem, (name) => (name === "api_url" ? "--url" : name)))}\n`);
  try {
    return await use(client, settings.api_url ?? "");
  } finally {
    await client.close();
  }
}

/** The network that a live region has, and what the rules say about it. What they could not see is said on stderr. @throws MaasConfigError, MaasError */
export function judgeRegion(
  options: ConnectionOptions,
): Promise<{ readonly network: Network; readonly report: Report; readonly url: string }> {
  return withRegion(options, async (client, url) => {
    const listing = await listRegion(new Snapshot(client));
    const hidden = await hiddenRacks(client, listing.rackcontrollers);
    if (hidden !== undefined) stderr.write(`Not checked: ${shown(hidden)}.\n`);
    const network = liveNetwork(listing);
    return { network, url, report: evaluate({ rules: IPV6_RULES, network, now: new Date() }) };
  });
}
