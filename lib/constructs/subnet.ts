import { createHash } from "node:crypto";
import { type Construct, type IConstruct, type ITerraformDependable, type TerraformMetaArguments, Token } from "../cdk";
import type { Family } from "../model/address";
import { Cidr } from "../model/cidr";
import { KINDS } from "../model/kinds";
import type { Attributes } from "../model/known";
import { fault, type Problem } from "../model/problem";
import { uniqueLocalPrefix } from "../model/unique-local";
import { IpRangeBase, type IpRangeProps } from "./generated/ip-range";
import { SubnetBase, type SubnetProps } from "./generated/subnet";
import { type ElementOptions, MaasDataSource } from "./internal/elements";
import { checkPlace } from "./internal/static-ranges";

export { type SubnetProps } from "./generated/subnet";

/** An IPv4 or IPv6 subnet, managed or looked up. */
export interface ISubnet extends IConstruct, ITerraformDependable {
  /** Terraform's id of the subnet. */
  readonly id: string;
  /** The network in CIDR form. */
  readonly cidr: string;
}

/** A network of the other family, with the class that takes it. */
function checkFamily(family: Family, { cidr: text }: Attributes, instead: (cidr: string) => string): Problem[] {
  const cidr = typeof text === "string" ? Cidr.tryParse(text) : undefined;
  if (cidr === undefined || cidr.family === family) return [];
  return [
    fault("MAAS-CON-04", "cidr", {
      what: `${cidr.toString()} is an IPv${cidr.family} network`,
      why: `This is the construct of IPv${family} subnets.`,
      fix: `Write ${instead(cidr.toString())}.`,
    }),
  ];
}

/** What a subnet to be made says and checks by its family. */
const made = (family: Family): ElementOptions => ({
  stated: { family },
  check: (attributes) =>
    checkFamily(family, attributes, (cidr) => `new Ipv${10 - family}Subnet(…, { cidr: "${cidr}" })`),
});

/** An IPv4 subnet on a VLAN. */
export class Ipv4Subnet extends SubnetBase implements ISubnet {
  /** Looks up an IPv4 subnet that this stack does not manage, by its CIDR, such as `10.20.0.0/24`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 4, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, props, made(4));
  }
}

/** An IPv6 subnet on a VLAN. Routers announce themselves: MAAS sends no router advertisements, and DHCPv6 carries no route. */
export class Ipv6Subnet extends SubnetBase implements ISubnet {
  /** Looks up an IPv6 subnet that this stack does not manage, by its CIDR, such as `2001:db8:20::/64`. */
  static fromCidr(scope: Construct, id: string, cidr: string, options?: TerraformMetaArguments): ISubnet {
    return new ExistingSubnet(scope, id, 6, cidr, options);
  }

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id, props, made(6));
  }
}

/** A subnet that is looked up by its CIDR. */
class ExistingSubnet extends MaasDataSource implements ISubnet {
  constructor(scope: Construct, id: string, family: Family, cidr: string, options?: TerraformMetaArguments) {
    const instead = (text: string) => `Ipv${10 - family}Subnet.fromCidr(…, "${text}")`;
    super(scope, id, KINDS.subnet, { cidr }, options, { check: (key) => checkFamily(family, key, instead) });
  }

  get cidr(): string {
    return this.getStringAttribute("cidr");
  }
}

export { type IpRangeProps } from "./generated/ip-range";

/** What a range of one of MAAS's two types gives and checks. */
const ofType = (type: "dynamic" | "reserved", subnet: ISubnet): ElementOptions => ({
  implied: () => ({ type }),
  check: (attributes) => checkPlace(subnet, attributes),
});

/**
 * Addresses that MAAS's DHCP hands out: to machines while they are enlisted, commissioned and deployed, and to anything
 * else that asks. An IPv6 dynamic range holds at least 256 addresses.
 */
export class DynamicRange extends IpRangeBase {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, props, ofType("dynamic", props.subnet));
  }
}

/**
 * MAAS's own `reserved` range. On a managed subnet MAAS never assigns these addresses by itself; on one with
 * `managed: false` it assigns only these. For the addresses that deployed machines are to get, see `StaticRange`.
 */
export class ReservedRange extends IpRangeBase {
  constructor(scope: Construct, id: string, props: IpRangeProps) {
    super(scope, id, props, ofType("reserved", props.subnet));
  }
}

/** Makes unique local IPv6 prefixes (RFC 4193): for use inside an organisation, without asking a registry. */
export class UniqueLocalPrefix {
  /**
   * The /48 that belongs to a text, such as `fd5a:7c01:9b3e::/48`. The same text always gives the same prefix, so that
   * every synth agrees; another text as good as certainly gives another one.
   *
   * RFC 4193 wants 40 random bits, so that networks which meet one day don't clash, and suggests a hash of the time and
   * a hardware address. Here they are the last 40 bits of a SHA-256 over the text instead. It must be one that nobody else
   * uses: take the output of `openssl rand -hex 16` once, and keep it in the source. It is no secret.
   *
   * @param seed at least 16 characters. Throws for a shorter one, and for a token
   */
  static fromSeed(seed: string): string {
    // A token has no text yet, which is refused as a seed that is too short.
    const literal = Token.isUnresolved(seed) ? "" : seed;
    return uniqueLocalPrefix(literal, (text) => createHash("sha256").update(text, "utf8").digest()).toString();
  }
}
