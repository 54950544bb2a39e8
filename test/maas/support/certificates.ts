import { Authority, type Certificate } from "../../../scripts/faults/certificates";

/** PEM texts of an authority, and of a server certificate for 127.0.0.1, ::1 and localhost signed by it. */
export interface Certificates extends Certificate {
  readonly ca: string;
}

export async function makeCertificates(): Promise<Certificates> {
  const authority = await Authority.make();
  const issued = await authority.issue({
    names: [
      { type: "ip", value: "127.0.0.1" },
      { type: "ip", value: "::1" },
      { type: "dns", value: "localhost" },
    ],
  });
  return { ca: authority.pem, ...issued };
}
