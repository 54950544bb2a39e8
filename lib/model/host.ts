import { IpAddress } from "./address";

/** The parts of a URL up to the port. */
export interface Authority {
  readonly scheme: string;
  /** Host and port as written. */
  readonly authority: string;
  /** Without brackets and port. */
  readonly host: string;
  /** The rest, from the first slash on. */
  readonly rest: string;
  readonly port?: string;
  /** The IPv6 address that stands without brackets, with what the URL would be with them: one text per reading. */
  readonly unbracketed: readonly string[];
}

const isIpv6 = (host: string): boolean => host.includes(":") && IpAddress.tryParse(host)?.family === 6;

/** Reads an http or https URL, also one with an IPv6 address that lacks its brackets; undefined for other text. */
export function authorityOf(url: string): Authority | undefined {
  const [, scheme, userAuthority, rest = ""] = /^(https?:\/\/)([^/?#\s]+)(\S*)$/i.exec(url.trim()) ?? [];
  if (scheme === undefined || userAuthority === undefined) return undefined;
  const authority = userAuthority.slice(userAuthority.lastIndexOf("@") + 1);
  const [, bracketed, bracketPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(authority) ?? [];
  if (bracketed !== undefined) {
    const port = bracketPort === undefined ? {} : { port: bracketPort };
    return { scheme, authority, host: bracketed, rest, ...port, unbracketed: [] };
  }
  const [, host = authority, port] = /^(.*):(\d+)$/.exec(authority) ?? [];
  // "::1:5240" is an address by itself, so both readings are offered.
  const unbracketed = [
    ...(port !== undefined && isIpv6(host) ? [`${scheme}[${host}]:${port}${rest}`] : []),
    ...(isIpv6(authority) ? [`${scheme}[${authority}]${rest}`] : []),
  ];
  return { scheme, authority, host, rest, ...(port === undefined ? {} : { port }), unbracketed };
}

/** The address that a host is; undefined for names, which are told apart without parsing them. */
export const addressOf = (host: string): IpAddress | undefined =>
  /^[\d.]+$|:/.test(host) ? IpAddress.tryParse(host) : undefined;

/** Names that mean the machine itself. */
export const isLocalName = (host: string): boolean =>
  /(^|\.)(localhost|localhost\.localdomain|ip6-localhost)\.?$/i.test(host);

/** Whether only this machine answers at the host. */
export function isLoopback(host: string): boolean {
  const address = addressOf(host);
  if (address === undefined) return isLocalName(host);
  return address.family === 4 ? address.value >> 24n === 127n : address.value === 1n;
}
