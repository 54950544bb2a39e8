import { Cidr } from "../../../lib/model/cidr";
import { type Family, IpAddress } from "../../../lib/model/address";

const IPV4_MAPPED_PREFIX = 0xffffn;
const WORDS = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];

/** The address as PostgreSQL prints it: addresses that hold an IPv4 address, mapped or after 96 bits of zeros, end dotted. */
export function showAddress(address: IpAddress): string {
  if (address.family === 4) return dotted(address.value);
  if (address.value >> 32n === IPV4_MAPPED_PREFIX) return `::ffff:${dotted(address.value & 0xffffffffn)}`;
  if (address.value >> 32n === 0n && address.value >> 16n !== 0n) return `::${dotted(address.value)}`;
  return compressed(address.value);
}

export function showCidr(network: Cidr): string {
  return `${showAddress(network.network)}/${network.prefixLength}`;
}

export function showValue(family: Family, value: bigint): string {
  return showAddress(IpAddress.of(family, value));
}

function dotted(value: bigint): string {
  const bits = Number(value);
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

function compressed(value: bigint): string {
  const words = WORDS.map((shift) => Number((value >> shift) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && words[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = words.map((word) => word.toString(16));
  if (best.start < 0) return hex.join(":");
  return `${hex.slice(0, best.start).join(":")}::${hex.slice(best.start + best.length).join(":")}`;
}

/** One address as Django's validators take it: no leading zeros in IPv4; an IPv6 zone index is dropped. */
export function readAddress(text: string): IpAddress | undefined {
  const bare = text.trim();
  if (bare.includes(":")) return IpAddress.tryParse(bare.replace(/%[^%]+$/, ""));
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(bare) || /(^|\.)0\d/.test(bare)) return undefined;
  return IpAddress.tryParse(bare);
}

/**
 * A network as MAAS's address library takes it: host bits allowed, a missing prefix means one address,
 * netmasks and hostmasks in place of a prefix, abbreviated or zero-padded IPv4 (`10.29/16`, `010.0.0.0/8`).
 */
export function readNetwork(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const [host, mask] = slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
  const address = readAddress(host.includes("%") ? "" : host) ?? expandIpv4(host);
  if (address === undefined) return undefined;
  const bits = IpAddress.bits(address.family);
  const prefixLength = mask === undefined ? bits : readPrefix(mask, address.family);
  if (prefixLength === undefined || prefixLength < 0 || prefixLength > bits) return undefined;
  return Cidr.of(address, prefixLength);
}

function expandIpv4(text: string): IpAddress | undefined {
  const parts = text.split(".");
  if (text.includes(":") || parts.length > 4 || !parts.every((part) => /^\s*\+?\d+\s*$/.test(part))) return undefined;
  const octets = [...parts.map(Number), 0, 0, 0].slice(0, 4);
  return IpAddress.tryParse(octets.join("."));
}

function readPrefix(text: string, family: Family): number | undefined {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return Number(text);
  const mask = readAddress(text);
  if (mask?.family !== family) return undefined;
  const bits = IpAddress.bits(family);
  const all = (1n << BigInt(bits)) - 1n;
  for (let length = 0; length <= bits; length++) {
    const hosts = all >> BigInt(length);
    if (mask.value === (all ^ hosts) || mask.value === hosts) return length;
  }
  return undefined;
}
