import { IpAddress } from "../../lib/model/address";
import { MaasConfigError } from "./config-error";
import { holdsKey } from "./redactor";

/**
 * An API path with its dynamic parts percent-encoded: apiPath`subnets/${id}/`.
 *
 * @throws TypeError for a part that would change the path's shape: empty, `.` or `..`.
 */
export function apiPath(fixed: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return fixed.reduce((path, text, index) => path + encodePart(parts[index - 1]) + text);
}

/** Like {@link apiPath}, from a template such as `subnets/cidr:{cidr}/`. */
export function pathOf(template: string, parts: Readonly<Record<string, string | undefined>>): string {
  return template
    .split("/")
    .map((segment) => (segment.includes("{") ? encodePart(filled(segment, parts)) : segment))
    .join("/");
}

/** A template with the parts in place of their names in braces. */
export const filled = (template: string, parts: Readonly<Record<string, string | undefined>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");

function encodePart(part: string | number | undefined): string {
  const text = String(part ?? "");
  if (["", ".", ".."].includes(text)) throw new TypeError(`"${text}" cannot be a part of a MAAS API path`);
  return encodeURIComponent(text);
}

const EXAMPLE = "http://region:5240/MAAS";

/** More is no URL, and would be searched for minutes. */
const LONGEST = 2048;

/** What a user may have copied along: the end of an API address. */
const API_SUFFIX = /(?:\/api\/2\.0)?\/*$/;

/**
 * The address of a MAAS region, such as `http://region:5240/MAAS` or `http://[2001:db8::1]:5240/MAAS`.
 *
 * Guarantees: http or https, a path, no credentials, no query, no trailing slash, no `/api/2.0`.
 */
export class ApiUrl {
  private constructor(private readonly base: string) {}

  /** @throws MaasConfigError that names the right spelling where that is known. */
  static parse(text: string): ApiUrl {
    if (text.length > LONGEST)
      throw new MaasConfigError(
        "api_url",
        `has ${text.length} characters, and no URL of a region is that long: write it as ${EXAMPLE}`,
      );
    if (holdsKey(text))
      throw new MaasConfigError("api_url", `holds an API key: give that as MAAS_API_KEY, and write ${EXAMPLE}`);
    const [, scheme, authority = "", rest = ""] = /^(https?:\/\/)([^/?#]*)(.*)$/i.exec(text.trim()) ?? [];
    if (scheme === undefined) {
      // The text is not repeated: it may be the API key, put into the wrong setting.
      throw new MaasConfigError("api_url", `must start with http:// or https://, as in ${EXAMPLE}`);
    }
    if (authority.includes("@")) {
      const host = authority.slice(authority.lastIndexOf("@") + 1);
      throw new MaasConfigError(
        "api_url",
        `must not hold a user name or password (MAAS takes the API key only): write ${scheme}${host}${rest}`,
      );
    }
    refuseBareIpv6(scheme, authority, rest);
    const url = parseUrl(text.trim());
    if (url.search !== "" || url.hash !== "") {
      throw new MaasConfigError(
        "api_url",
        `must not hold a query or fragment: write ${url.origin}${url.pathname.replace(API_SUFFIX, "")}`,
      );
    }
    const path = url.pathname.replace(API_SUFFIX, "");
    if (path === "") {
      throw new MaasConfigError("api_url", `${url.origin} lacks the path of MAAS: write ${url.origin}/MAAS`);
    }
    return new ApiUrl(url.origin + path);
  }

  /**
   * The address of an API path, such as `subnets/12/`.
   *
   * @throws TypeError for a path that starts with a slash, does not end with one (MAAS answers 404), or is no plain path.
   */
  resolve(path: string, query: Readonly<Record<string, string>> = {}): URL {
    if (!/^[^/?#\s][^?#\s]*\/$/.test(path) || path.split("/").some((part) => part === "." || part === "..")) {
      throw new TypeError(
        `"${path}" is not a path of the MAAS API: write it as subnets/12/, with a slash at the end only`,
      );
    }
    const url = new URL(`${this.base}/api/2.0/${path}`);
    url.search = new URLSearchParams(query).toString();
    return url;
  }

  /** The region's address, such as `http://region:5240/MAAS`. */
  toString(): string {
    return this.base;
  }

  toJSON(): string {
    return this.base;
  }
}

/**
 * Undefined where the text is no URL. In place of `URL.canParse`, which Node 20 answers wrongly for letters such as `ß` once it
 * has been called some thousand times.
 */
export function tryUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

/** Errors don't repeat the text: it may be the API key with a scheme before it. */
function parseUrl(text: string): URL {
  const url = tryUrl(text);
  if (url !== undefined) return url;
  const zone = /\[[^\]]*(%[^\]]*)\]/.exec(text)?.[1];
  const problem =
    zone === undefined
      ? `is not a URL: write it as ${EXAMPLE}`
      : `holds the zone ${zone}, which a URL cannot carry: use a host name or a global address`;
  throw new MaasConfigError("api_url", problem);
}

/** `::1:5240` is an address by itself, so both readings are offered. */
function refuseBareIpv6(scheme: string, authority: string, rest: string): void {
  if (authority.startsWith("[")) return;
  const isIpv6 = (host: string) => host.includes(":") && IpAddress.tryParse(host)?.family === 6;
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(authority) ?? [];
  const readings = [
    ...(isIpv6(host) ? [`${scheme}[${host}]:${port}${rest}`] : []),
    ...(isIpv6(authority) ? [`${scheme}[${authority}]${rest}`] : []),
  ];
  if (readings.length > 0) {
    throw new MaasConfigError(
      "api_url",
      `holds the IPv6 address ${authority} without brackets: write ${readings.join(", or ")}`,
    );
  }
}
