/** How an interface gets its address on a subnet. */
export enum LinkMode {
  /** MAAS assigns an address when the machine is deployed. */
  AUTO = "AUTO",
  /** The machine asks DHCP. An interface has one such link at most, over both address families. */
  DHCP = "DHCP",
  /** One address for good: `ipAddress`, or one that MAAS chooses at once. */
  STATIC = "STATIC",
  /** No address. An interface with such a link has no other. */
  LINK_UP = "LINK_UP",
}
