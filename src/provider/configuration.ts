import { type Diagnostic, fault } from "../../lib/model/diagnostic";
import { type Attributes, isKnown } from "../../lib/model/known";
import { ApiKey } from "../maas/api-key";
import { ApiUrl } from "../maas/api-url";
import { MaasClient } from "../maas/client";
import { MaasConfigError } from "../maas/config-error";
import { Snapshot } from "../maas/snapshot";
import { RegionObjects } from "../reconcile/region-objects";
import type { Logger } from "./rpc/logger";
import { PROVIDER_BLOCK } from "./schema";

/** The environment variable that answers for a setting, and what to write there. */
const FALL_BACK = {
  api_url: { variable: "MAAS_API_URL", example: "http://region.example:5240/MAAS" },
  api_key: { variable: "MAAS_API_KEY", example: "consumer:token:secret, from the user's page in the MAAS UI" },
  tls_ca_cert_path: { variable: "MAAS_API_CACERT", example: "/etc/ssl/maas-ca.pem" },
} as const;

type Setting = keyof typeof FALL_BACK;

/** What the environment lends to a configuration. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Logger;
  /** Aborts when the user stops Terraform. */
  readonly stopSignal: AbortSignal;
}

function settingOf(name: Setting, config: Attributes, environment: NodeJS.ProcessEnv): string | undefined {
  const value = config[name];
  if (typeof value === "string" && value !== "") return value;
  return environment[FALL_BACK[name].variable] === "" ? undefined : environment[FALL_BACK[name].variable];
}

function missing(name: Setting): Diagnostic {
  const { variable, example } = FALL_BACK[name];
  return fault(
    name,
    `the provider has no ${name}`,
    `It needs ${name} to talk to the MAAS region. Set the environment variable ${variable} (${example}), or ${name} in the provider's configuration.`,
  );
}

function notKnownYet(name: string): Diagnostic {
  return fault(
    name,
    `${name} is not known yet`,
    `It comes from something that is still to be made, and nothing can be read without it. Make that first (terraform apply -target=…), or set ${name} to a value known before.`,
  );
}

/** The region that a provider configuration describes, or what is wrong with it. Asks the region nothing. */
export function configure(
  config: Attributes,
  { environment, log, stopSignal }: Surroundings,
): RegionObjects | Diagnostic[] {
  const unknown = PROVIDER_BLOCK.attributes.filter(({ name }) => !isKnown(config[name] ?? null));
  if (unknown.length > 0) return unknown.map(({ name }) => notKnownYet(name));
  const apiUrl = settingOf("api_url", config, environment);
  const apiKey = settingOf("api_key", config, environment);
  if (apiUrl === undefined || apiKey === undefined) {
    return [
      ...(apiUrl === undefined ? [missing("api_url")] : []),
      ...(apiKey === undefined ? [missing("api_key")] : []),
    ];
  }
  try {
    const client = new MaasClient({
      apiUrl: ApiUrl.parse(apiUrl),
      apiKey: ApiKey.parse(apiKey),
      caCertPath: settingOf("tls_ca_cert_path", config, environment),
      insecureSkipVerify: config.tls_insecure_skip_verify === true,
      signal: stopSignal,
      log: ({ method, path, status, durationMs, attempt }) =>
        log.debug("MAAS API call", {
          http_method: method,
          maas_path: path,
          http_status: status ?? 0,
          duration_ms: Math.round(durationMs),
          attempt,
        }),
    });
    return new RegionObjects({ client, snapshot: new Snapshot(client) });
  } catch (error) {
    if (!(error instanceof MaasConfigError)) throw error;
    const setting = PROVIDER_BLOCK.attributes.find(({ name }) => name === error.setting)?.name;
    return [fault(setting, `${error.setting} can't be used`, error.message)];
  }
}
