import { authorityOf, isLoopback } from "../../lib/model/host";
import { type Problem, warning } from "../../lib/model/problem";
import { ApiKey } from "./api-key";
import { ApiUrl } from "./api-url";
import { MaasClient, type MaasClientOptions } from "./client";
import { MaasConfigError } from "./config-error";
import { RETRY_TIMEOUT_VARIABLE, retryTimeoutOf } from "./seconds";

/** The settings of a connection that the environment may give, with the variable and an example of a value. */
export const CONNECTION_SETTINGS = {
  api_url: { variable: "MAAS_API_URL", example: "http://region.example:5240/MAAS" },
  api_key: { variable: "MAAS_API_KEY", example: "consumer:token:secret, from the user's page in the MAAS UI" },
  tls_ca_cert_path: { variable: "MAAS_API_CACERT", example: "/etc/ssl/maas-ca.pem" },
  retry_timeout: { variable: RETRY_TIMEOUT_VARIABLE, example: "300, in seconds" },
} as const;

export type ConnectionSetting = keyof typeof CONNECTION_SETTINGS;

/** What is needed to talk to a region, by setting. An empty text is none. */
export type ConnectionSettings = Readonly<Partial<Record<ConnectionSetting, string>>>;

/** The settings with the environment's in place of those that are not given. */
export function withEnvironment(given: ConnectionSettings, environment: NodeJS.ProcessEnv): ConnectionSettings {
  const names = Object.keys(CONNECTION_SETTINGS) as ConnectionSetting[];
  const settings = names.map((name) => {
    const candidates = [given[name], environment[CONNECTION_SETTINGS[name].variable]];
    return [name, candidates.find((value) => value !== undefined && value !== "")];
  });
  return Object.fromEntries(settings) as ConnectionSettings;
}

/** One error per setting that a connection can't do without. */
export function missingSettings(settings: ConnectionSettings): MaasConfigError[] {
  const required = ["api_url", "api_key"] as const;
  return required
    .filter((name) => settings[name] === undefined)
    .map((name) => {
      const { variable, example } = CONNECTION_SETTINGS[name];
      return new MaasConfigError(name, `is not given: set the environment variable ${variable} (${example})`);
    });
}

/** The variable that says that plain HTTP is meant. */
const PLAIN_HTTP_VARIABLE = "MAAS_ALLOW_PLAIN_HTTP";

/**
 * A warning where the API key goes over a network that others can read: MAAS's signature is PLAINTEXT, so each request holds
 * the secret itself.
 *
 * @see RFC 5849 section 3.4.4
 */
export function plainHttpWarning({ api_url: url = "" }: ConnectionSettings, environment: NodeJS.ProcessEnv): Problem[] {
  const { scheme = "", host = "", authority = "", rest = "" } = authorityOf(url) ?? {};
  const isAllowed = /^(1|true)$/i.test(environment[PLAIN_HTTP_VARIABLE] ?? "");
  if (scheme.toLowerCase() !== "http://" || isLoopback(host) || isAllowed) return [];
  return [
    warning("MAAS-CFG-07", "api_url", {
      what: `the API key is sent to ${authority} over plain HTTP`,
      why: "MAAS's clients send the key's secret with each request, so whoever can read the traffic can use it.",
      fix:
        `Turn on TLS in MAAS (maas config-tls enable) and write https://${host.includes(":") ? `[${host}]` : host}:5443${rest}, ` +
        `or set ${PLAIN_HTTP_VARIABLE}=true where the network is trusted.`,
    }),
  ];
}

/** A client for these settings. Asks the region nothing. @throws MaasConfigError for a setting that is missing or wrong. */
export function connect(
  settings: ConnectionSettings,
  options: Omit<MaasClientOptions, "apiUrl" | "apiKey" | "caCertPath" | "ca"> = {},
): MaasClient {
  const [missing] = missingSettings(settings);
  if (missing !== undefined) throw missing;
  const { api_url: apiUrl = "", api_key: apiKey = "", tls_ca_cert_path: caCertPath } = settings;
  const deadlineMs = retryTimeoutOf(settings.retry_timeout);
  const retry = { ...(deadlineMs !== undefined && { deadlineMs }), ...options.retry };
  return new MaasClient({ ...options, retry, apiUrl: ApiUrl.parse(apiUrl), apiKey: ApiKey.parse(apiKey), caCertPath });
}
