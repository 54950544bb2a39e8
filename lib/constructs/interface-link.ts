import type { Construct } from "../cdk";
import { checkAddressInSubnet } from "../model/checks/interface-link";
import { InterfaceLinkBase, type InterfaceLinkProps } from "./generated/interface-link";
import { literalCidr } from "./internal/static-ranges";
import type { NodeInterface } from "./machine";

export { type InterfaceLinkProps } from "./generated/interface-link";

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

/**
 * A link of a machine's interface to a subnet. An interface has any number, such as one to an IPv4 and one to an IPv6
 * subnet, and making or removing one leaves the others alone.
 */
export class InterfaceLink extends InterfaceLinkBase {
  /** @throws ConstructError when MAAS would refuse the literals among the properties. */
  constructor(scope: Construct, id: string, props: InterfaceLinkProps) {
    super(scope, id, props, {
      // Where the interface is none, that is what is said.
      implied: () => ({ machine: (props.networkInterface as NodeInterface | undefined)?.machine }),
      check: ({ ip_address: address }) => {
        const cidr = literalCidr(props.subnet);
        return cidr === undefined ? [] : checkAddressInSubnet(address, cidr);
      },
    });
  }
}
