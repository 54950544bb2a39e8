import { createHash } from "node:crypto";

/** Digits of a hash that tell names apart which come to the same letters. */
const HASH_LENGTH = 6;

/** The name in letters, digits and hyphens, a letter first; with a hash of it where that leaves something out. */
export function idOf(name: string): string {
  const words = name.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const slug = words.join("-");
  const start = /^[A-Za-z]/.test(slug) ? slug : ["fabric", slug].filter((part) => part !== "").join("-");
  if (start === name) return start;
  return `${start}-${createHash("sha256").update(name, "utf8").digest("hex").slice(0, HASH_LENGTH)}`;
}

/**
 * What a VLAN is called in ids of constructs: `fra1-110`, `fra1-untagged`. It follows from the fabric's name and the VID alone, so that
 * ids stay when the region grows.
 */
export const vlanId = ({ fabric, vid }: { readonly fabric: string; readonly vid: number }): string =>
  `${idOf(fabric)}-${vid === 0 ? "untagged" : vid}`;
