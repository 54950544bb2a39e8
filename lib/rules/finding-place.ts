import type { Finding } from "./report";

/** Where the files of a report are. */
export interface ReportPlace {
  /** What is judged: `lab-network`, or `audit/region.example-5240`. Code scanning keeps the alerts of each apart. */
  readonly category: string;
  /** The folder that files are named from, in its repository: `infra`. Empty = the repository's root. */
  readonly folder: string;
  /** The file that findings are shown at whose line of source is not known, named from that folder. */
  readonly artifact: string;
}

/** What tells a finding from all others of the same network, from run to run. */
export function identityOf({ id, where, attribute, related }: Finding): string {
  return [id, where.path, attribute ?? "", ...related.map(({ path }) => path)].join(":");
}

/** A part of a path in a URI, which holds no half of a character. */
const encoded = (part: string): string => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd"));

/** The path of a file in the repository, as a URI; undefined for one that is outside of it. */
export function uriOf(file: string, folder: string): string | undefined {
  const parts: string[] = [];
  for (const part of [...folder.split("/"), ...file.split(/[\\/]/)]) {
    if (part === ".." && parts.pop() === undefined) return undefined;
    if (part !== "" && part !== "." && part !== "..") parts.push(part);
  }
  return /^(\/|[a-z]:)/i.test(file) ? undefined : parts.map(encoded).join("/");
}

/** The path of a file outside of the repository, as a URI as far as it can be one. */
export const uriOutside = (file: string): string => file.split(/[\\/]/).map(encoded).join("/");

/** FNV-1a of 64 bits, in hex: the same for the same text on every machine. */
export function hashOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const hash = bytes.reduce(
    (sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100000001b3n),
    0xcbf29ce484222325n,
  );
  return hash.toString(16).padStart(16, "0");
}
