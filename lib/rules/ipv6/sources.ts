import type { Source } from "../rule";

const VERIFIED = "2026-11-22";

/** The manual's page on IPv6. */
export const MANUAL: Source = {
  at: "MAAS manual, page IPv6 (docs.ubuntu.com/maas/2.1/en/installconfig-network-ipv6)",
  verified: VERIFIED,
};

/** A file and function of MAAS below `src/maasserver/`. */
export const maas = (place: string, version = "3.6.4"): Source => ({
  at: `MAAS ${version} src/maasserver/${place}`,
  verified: VERIFIED,
});

/** What two live regions did. */
export const LIVE: Source = { at: "live MAAS regions 3.4.10 and 3.6.5", verified: VERIFIED };

export const rfc = (number: number, title: string): Source => ({ at: `RFC ${number}, ${title}`, verified: VERIFIED });
