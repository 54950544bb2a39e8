import { X509Certificate } from "node:crypto";
import { selfSignedCertificate } from "../../../src/provider/rpc/certificate";

describe("a self-signed certificate", () => {
  const now = new Date("2030-06-15T12:00:00Z");
  const certificate = selfSignedCertificate(now);
  const parsed = new X509Certificate(certificate.der);

  it("is for localhost, and signed by its own key on P-256", () => {
    expect(parsed.subject).toBe("CN=localhost");
    expect(parsed.issuer).toBe("CN=localhost");
    expect(parsed.subjectAltName).toBe("DNS:localhost");
    expect(parsed.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkPrivateKey(certificate.key)).toBe(true);
  });

  it("is an authority, for a server and for a client", () => {
    expect(parsed.ca).toBe(true);
    expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"]);
  });

  it("is valid from a day before, for thirty days", () => {
    expect(new Date(parsed.validFrom)).toEqual(new Date("2030-06-14T12:00:00Z"));
    expect(new Date(parsed.validTo)).toEqual(new Date("2030-07-15T12:00:00Z"));
  });

  it("is the same in PEM as in DER", () => {
    expect(new X509Certificate(certificate.pem).raw).toEqual(certificate.der);
  });

  it("has its own key and serial number each time", () => {
    const others = Array.from({ length: 8 }, () => new X509Certificate(selfSignedCertificate(now).der));
    expect(new Set(others.map((other) => other.serialNumber)).size).toBe(others.length);
    expect(others.every((other) => !other.checkPrivateKey(certificate.key))).toBe(true);
  });
});
