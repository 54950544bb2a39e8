import { webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** PEM texts of a server's certificate and its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

type Name = ConstructorParameters<typeof x509.SubjectAlternativeNameExtension>[0] & readonly unknown[];

/** What a certificate is made for, and the days from today on which it is valid. */
export interface Request {
  readonly names: Name;
  readonly days?: readonly [from: number, to: number];
}

const onDay = (day: number): Date => new Date(Date.now() + day * DAY_MS);

/** An authority that signs certificates of servers. */
export class Authority {
  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    private readonly certificate: x509.X509Certificate,
  ) {}

  static async make(): Promise<Authority> {
    x509.cryptoProvider.set(webcrypto);
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...{ serialNumber: "01", name: "CN=Test authority", notBefore: onDay(-10), notAfter: onDay(10) },
      ...{ signingAlgorithm: ALGORITHM, keys },
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      ],
    });
    return new Authority(keys, certificate);
  }

  /** PEM text of its own certificate. */
  get pem(): string {
    return this.certificate.toString("pem");
  }

  async issue({ names, days: [from, to] = [-1, 1] }: Request): Promise<Certificate> {
    const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
    const cert = await x509.X509CertificateGenerator.create({
      ...{ serialNumber: "02", subject: "CN=region", issuer: this.certificate.subject },
      ...{ notBefore: onDay(from), notAfter: onDay(to) },
      ...{ signingAlgorithm: ALGORITHM, publicKey: keys.publicKey, signingKey: this.keys.privateKey },
      extensions: [new x509.SubjectAlternativeNameExtension(names)],
    });
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
    return { cert: cert.toString("pem"), key: x509.PemConverter.encode(pkcs8, "PRIVATE KEY") };
  }
}
