/** The few ASN.1 types that a certificate is made of, encoded as DER (ITU-T X.690). */

/** One element: its tag, its length, its contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...length(body.length)]), body]);
}

export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0x00]));

/** @param value big-endian two's complement, as short as possible. */
export const integer = (value: Uint8Array): Buffer => der(0x02, value);

/** @param unusedBits how many of the last bits don't count. */
export const bitString = (value: Uint8Array, unusedBits = 0): Buffer => der(0x03, Buffer.from([unusedBits]), value);

export const octetString = (value: Uint8Array): Buffer => der(0x04, value);
export const utf8 = (value: string): Buffer => der(0x0c, Buffer.from(value));
export const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => der(0x31, ...items);
export const explicit = (tag: number, value: Uint8Array): Buffer => der(0xa0 | tag, value);

/** To the second. */
export const utcTime = (time: Date): Buffer =>
  der(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));

/** @param id in dotted notation. */
export function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Seven bits a byte, all but the last one with the high bit set. */
function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function length(size: number): number[] {
  if (size < 0x80) return [size];
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
}
