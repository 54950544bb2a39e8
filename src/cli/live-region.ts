import type { Network } from "../../lib/model/network";
import { sentence } from "../../lib/model/problem";
import { shown } from "../../lib/model/text";
import { evaluate } from "../../lib/rules/evaluate";
import { IPV6_RULES } from "../../lib/rules/ipv6";
import type { Report } from "../../lib/rules/report";
import type { MaasClient } from "../maas/client";
import { connect, plainHttpWarning, withEnvironment } from "../maas/connection";
import { Snapshot } from "../maas/snapshot";
import { hiddenRacks } from "../reconcile/region/nodes";
import { listRegion, liveNetwork } from "../reconcile/region/live-network";
import type { ConnectionOptions } from "./connection-options";
import { stderr } from "./output/terminal";

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
  // The URL may come from an option, the environment or a document: the host says which it is.
  for (const { attribute: _setting, ...problem } of plainHttpWarning(settings, process.env))
    stderr.write(`Warning: ${shown(sentence(problem))}\n`);
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
