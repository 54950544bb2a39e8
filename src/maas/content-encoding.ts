import { promisify } from "node:util";
import * as zlib from "node:zlib";

type Decompress = (body: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

const inflate = promisify(zlib.inflate) as Decompress;
const inflateRaw = promisify(zlib.inflateRaw) as Decompress;
const brotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);
const gunzip = promisify(zlib.gunzip) as Decompress;

/** Servers mean either form by `deflate` (RFC 9110, 8.4.1.2). The first byte of zlib's names its method, 8. */
const deflate: Decompress = (body, options) =>
  ((body[0] ?? 0) & 0x0f) === 8 ? inflate(body, options) : inflateRaw(body, options);

const CODINGS: Readonly<Record<string, Decompress>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate,
  br: (body, options) => brotli(body, options),
};

/** The codings of a `Content-Encoding` in the order in which they were applied. */
export const codingsOf = (header: string | undefined): string[] =>
  (header ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");

/**
 * The body of an answer without the compression that a proxy has put on it: MAAS compresses none. A body in another coding, and
 * one that is not what the header says, stays as it is.
 *
 * @returns undefined for more than `maxBytes`
 */
export async function decompressed(
  body: Buffer,
  header: string | undefined,
  maxBytes: number,
): Promise<Buffer | undefined> {
  let left = body;
  for (const coding of codingsOf(header).reverse()) {
    const decompress = CODINGS[coding];
    if (decompress === undefined) return body;
    try {
      left = await decompress(left, { maxOutputLength: maxBytes });
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? undefined : body;
    }
  }
  return left;
}
