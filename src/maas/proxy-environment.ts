import { MaasConfigError } from "./config-error";
import { isDirect } from "./no-proxy";

/** Proxy settings as undici takes them; an absent one means no proxy. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy: string;
}

/**
 * What HTTP_PROXY, HTTPS_PROXY and NO_PROXY (lower case wins, as in curl) say of a URL. Whether NO_PROXY covers it is told
 * here, since undici knows neither networks nor domains there; a proxy may be written without `http://`.
 *
 * @param url what is asked: the region.
 * @throws MaasConfigError for a proxy that is no URL. Its text is not shown: it may hold a password.
 */
export function proxyFromEnvironment(url: URL, env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const read = (name: string) => (env[name.toLowerCase()] ?? env[name] ?? "").trim();
  const httpProxy = proxyUrl("HTTP_PROXY", read("HTTP_PROXY"));
  const httpsProxy = proxyUrl("HTTPS_PROXY", read("HTTPS_PROXY"));
  const noProxy = isDirect(url, read("NO_PROXY")) ? "*" : "";
  return { ...(httpProxy && { httpProxy }), ...(httpsProxy && { httpsProxy }), noProxy };
}

function proxyUrl(setting: "HTTP_PROXY" | "HTTPS_PROXY", text: string): string {
  if (text === "") return text;
  const url = text.includes("://") ? text : `http://${text}`;
  if (!URL.canParse(url)) {
    throw new MaasConfigError(setting, "is not a URL: write it as http://proxy:3128, with an IPv6 address in brackets");
  }
  return url;
}
