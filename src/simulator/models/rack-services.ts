import type { MaasVersion } from "../versions";

/** The services of a rack, in the order in which the release lists them. */
export function rackServices({ features }: MaasVersion): readonly string[] {
  return features.newerSettings
    ? ["proxy_rack", "tftp", "dns_rack", "syslog_rack", "http", "dhcpd", "agent", "dhcpd6", "ntp_rack", "rackd"]
    : ["proxy_rack", "syslog_rack", "tftp", "dhcpd", "dhcpd6", "dns_rack", "ntp_rack", "http", "rackd"];
}
