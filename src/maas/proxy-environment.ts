import { IpAddress } from "../../lib/model/address";
import { MaasConfigError } from "./config-error";

/** Proxy settings as undici takes them; an absent one means no proxy. */
export interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy: string;
}

/**
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY (lower case wins, as in curl), with the spellings that undici does not take:
 * a proxy without `http://`, and an IPv6 address in NO_PROXY without brackets.
 *
 * @throws MaasConfigError for a proxy that is no URL. Its text is not shown: it may hold a password.
 */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const read = (name: string) => (env[name.toLowerCase()] ?? env[name] ?? "").trim();
  const httpProxy = proxyUrl("HTTP_PROXY", read("HTTP_PROXY"));
  const httpsProxy = proxyUrl("HTTPS_PROXY", read("HTTPS_PROXY"));
  const noProxy = read("NO_PROXY")
    .split(/[,\s]+/)
    .map((entry) => (entry.includes(":") && IpAddress.tryParse(entry)?.family === 6 ? `[${entry}]` : entry))
    .join(",");
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
