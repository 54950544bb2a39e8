import { generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { octetString, bitString, explicit, boolean, der, integer, objectId, sequence, set, utcTime, utf8 } from "./der";

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
