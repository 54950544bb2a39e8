import type { FieldDefinition, FieldDefinitions } from "./kind";

const flag = (doc: string): FieldDefinition => ({ type: "bool", presence: "optional", doc });

const seconds = (doc: string): FieldDefinition => ({ type: "number", presence: "optional", doc });

/** The fields of a router's advertisements, which only documents have: MAAS has no such objects. */
export const ADVERTISEMENT = {
  subnet: { type: "string", presence: "required", references: "subnet", doc: "The subnet: its key." },
  router: { type: "string", presence: "required", doc: "Who sends them." },
  autonomous_addresses: flag("The flag A: hosts make an address of their own from the prefix."),
  other_config_from_dhcp: flag("The flag O: hosts ask a DHCPv6 server for configuration other than addresses."),
  addresses_from_dhcp: flag("The flag M: hosts ask a DHCPv6 server for an address."),
  router_lifetime: seconds("How long hosts use the router as default router, in seconds."),
  valid_lifetime: seconds("How long the prefix and addresses made from it are valid, in seconds."),
  preferred_lifetime: seconds("How long addresses made from the prefix are preferred, in seconds."),
  dns_servers: {
    ...{ type: ["list", "string"], presence: "optional" },
    doc: "IPv6 addresses of DNS servers that the router announces (RDNSS).",
  },
} as const satisfies FieldDefinitions;

/** The attributes of what only a document has. */
export type AdvertisementAttribute = keyof typeof ADVERTISEMENT;
