import { domainToASCII } from "node:url";
import { IpAddress } from "../../lib/model/address";
import { Cidr } from "../../lib/model/cidr";
import { tryUrl } from "./api-url";
import { MaasConfigError } from "./config-error";

/** The first 96 bits of an IPv4-mapped IPv6 address. */
const MAPPED = Cidr.parse("::ffff:0:0/96");

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");

/** The address that a host is, an IPv4-mapped one as the IPv4 address that it holds. */
function addressOf(host: string): IpAddress | undefined {
  const address = IpAddress.tryParse(withoutBrackets(host));
  return address !== undefined && MAPPED.contains(address) ? IpAddress.of(4, address.value & 0xffffffffn) : address;
}

/** `[2001:db8::]/32` and `2001:db8::/32` alike. */
const networkOf = (entry: string): Cidr | undefined => Cidr.tryParse(entry.replace(/^\[(.*)\]\//, "$1/"));

/** A host and the port behind it, where there is one. An IPv6 address has one only behind its brackets. */
function hostAndPort(entry: string): readonly [host: string, port: string | undefined] {
  if (IpAddress.tryParse(entry) !== undefined) return [entry, undefined];
  const [, host = entry, port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  return [host, port];
}

/** Whether a star of the pattern can stand for what differs. Each part is looked for once, so that many stars cost no more. */
function matches(pattern: string, host: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop() ?? "";
  if (!host.startsWith(first) || !host.endsWith(last) || host.length < first.length + last.length) return false;
  let rest = host.slice(first.length, host.length - last.length);
  for (const part of parts) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}

/** A name covers the hosts below it, too; a star stands for any text. */
function namesHost(name: string, host: string): boolean {
  if (name.includes("*")) return matches(name, host);
  // A URL has its host in ASCII.
  const domain = domainToASCII(name.replace(/^\./, ""));
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

function covers(entry: string, host: string, port: string): boolean {
  const address = addressOf(host);
  const network = networkOf(entry);
  if (network !== undefined) return address !== undefined && network.contains(address);
  const [name, own = port] = hostAndPort(entry);
  if (own !== port) return false;
  const named = addressOf(name);
  if (named !== undefined) return address?.equals(named) === true;
  // Nothing is below an address but what a star stands for.
  if (address !== undefined && !name.includes("*")) return false;
  return namesHost(withoutBrackets(name).replace(/\.$/, ""), withoutBrackets(host).replace(/\.$/, ""));
}

/**
 * Whether `NO_PROXY` says that the URL is asked directly. Its entries, with commas or blanks between them, are as curl and
 * Go take them: `*`, a host with all that is below it (`example.com`, `.example.com`), a pattern (`*.example.com`,
 * `10.0.*`), an address (IPv6 with or without brackets) or a network (`10.0.0.0/8`, `fd00::/8`). All but a network may have
 * a port (`region:5240`), and then mean that one alone.
 */
export function isDirect(url: URL, noProxy: string): boolean {
  const port = url.port === "" ? (DEFAULT_PORTS[url.protocol] ?? "") : url.port;
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => entry !== "" && covers(entry, url.hostname.toLowerCase(), port));
}

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

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function proxyUrl(setting: "HTTP_PROXY" | "HTTPS_PROXY", text: string): string {
  if (text === "") return text;
  const hasScheme = /^[a-z][a-z\d+.-]*:\//i.test(text);
  const url = hasScheme ? text : `http://${text}`;
  const parsed = /^https?:\/\/[^/]/i.test(url) ? tryUrl(url) : undefined;
  if (parsed === undefined) {
    throw new MaasConfigError(
      setting,
      "is not a URL of a proxy: write it as http://proxy:3128, with http or https before it and an IPv6 address in brackets",
    );
  }
  const { username, password } = parsed;
  if (![username, password].every(isEncoded))
    throw new MaasConfigError(setting, "has a user name or password with a bare %: write %25 in its place");
  return url;
}
