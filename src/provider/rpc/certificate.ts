import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** The few ASN.1 types that a certificate is made of, encoded as DER (ITU-T X.690). */

/** One element: its tag, its length, its contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...length(body.length)]), body]);
}

const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0x00]));

/** @param value big-endian two's complement, as short as possible. */
const integer = (value: Uint8Array): Buffer => der(0x02, value);

/** @param unusedBits how many of the last bits don't count. */
const bitString = (value: Uint8Array, unusedBits = 0): Buffer => der(0x03, Buffer.from([unusedBits]), value);

const octetString = (value: Uint8Array): Buffer => der(0x04, value);
const utf8 = (value: string): Buffer => der(0x0c, Buffer.from(value));
const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items);
const set = (...items: readonly Uint8Array[]): Buffer => der(0x31, ...items);
const explicit = (tag: number, value: Uint8Array): Buffer => der(0xa0 | tag, value);

/** To the second. */
const utcTime = (time: Date): Buffer =>
  der(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, "")}Z`));

/** @param id in dotted notation. */
function objectId(id: string): Buffer {
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

/** The name Terraform verifies the plugin's certificate against. */
const HOST = "localhost";

const DAY = 24 * 60 * 60 * 1000;

/** A private key and the certificate that it signed itself. */
export interface Certificate {
  /** X.509, DER. */
  readonly der: Buffer;
  /** The same, PEM. */
  readonly pem: string;
  readonly key: KeyObject;
}

/**
 * A fresh self-signed certificate (ECDSA on P-256) for `localhost`, valid from yesterday, for a month: as long as one
 * Terraform run can take. It is its own authority, for a server and for a client.
 *
 * Written out here because it is one fixed structure, and an X.509 library to build it costs more start-up time than
 * all the rest of the plugin; Terraform starts the plugin three times for one plan.
 */
export function selfSignedCertificate(now = new Date()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(set(sequence(objectId("2.5.4.3"), utf8(HOST))));
  const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));
  const extension = (id: string, value: Buffer, critical = false): Buffer =>
    sequence(objectId(id), ...(critical ? [boolean(true)] : []), octetString(value));

  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(serialNumber()),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(now.getTime() - DAY)), utcTime(new Date(now.getTime() + 30 * DAY))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(
      3,
      sequence(
        extension("2.5.29.15", bitString(Buffer.from([0b1000_0100]), 2), true), // key usage: digital signature, certificate signing
        extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.2"), objectId("1.3.6.1.5.5.7.3.1"))), // client and server
        extension("2.5.29.19", sequence(boolean(true)), true), // an authority
        extension("2.5.29.17", sequence(der(0x82, Buffer.from(HOST)))), // DNS name
      ),
    ),
  );
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bitString(sign("sha256", toBeSigned, privateKey)));
  return { der: certificate, pem: pem(certificate), key: privateKey };
}

/** Random, positive and without leading zero bytes, as DER wants an integer. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40;
  return bytes;
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
