import { createHash } from "node:crypto";

const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data);

/**
 * Terraform's `h1:` hash of a plugin folder that holds just this file.
 * @see golang.org/x/mod sumdb/dirhash Hash1, which Terraform's lock file uses
 */
export function pluginHash(fileName: string, content: Uint8Array): string {
  return `h1:${sha256(`${sha256(content).digest("hex")}  ${fileName}\n`).digest("base64")}`;
}
