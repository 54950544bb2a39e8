import { Construct, type TerraformProvider, Token } from "../cdk";
import { IpAddress } from "../model/address";
import { Cidr } from "../model/cidr";
import { addressesIn, APEX, dnsName, fqdnOf, pointerOf } from "../model/dns";
import { KINDS } from "../model/kinds";
import type { AttributeName } from "../model/known";
import { fault, type Problem } from "../model/problem";
import { refuseCall, refuseConstruct, withdrawn } from "./construct-error";
import { DnsDomain, type IDnsDomain } from "./dns-domain";
import { DnsRecord } from "./generated/dns-record";
import { factsOf } from "./internal/facts";
import { checkReference } from "./internal/properties";
import type { ISubnet } from "./subnet";

/** A name in a zone, and its addresses of both families. */
export interface ZoneHost {
  /** The name in the zone: `www`, or `@` for the zone itself. */
  readonly name: string;
  /** Its addresses, of one family or of both: `10.20.0.5`, `2001:db8:20::5`. */
  readonly addresses: string[];
  /**
   * Seconds for which the answer is valid.
   * @default - the zone's own
   */
  readonly ttl?: number;
  /**
   * Other names in the zone that lead to this one, each a CNAME.
   * @default - none
   */
  readonly aliases?: string[];
}

/** Properties of a {@link DnsZone}. */
export interface DnsZoneProps {
  /**
   * Name of the zone, `lab.example`: a domain of that name is made.
   * @default - none: `domain` is given
   */
  readonly name?: string;
  /**
   * The domain that the zone is, where it is there already or is made apart.
   * @default - a new one with `name`
   */
  readonly domain?: IDnsDomain;
  /**
   * Seconds for which answers are valid, of records without a TTL of their own. Of a domain that is made.
   * @default - the region's own
   */
  readonly ttl?: number;
  /**
   * The names and their addresses.
   * @default - none: `addHost` adds them
   */
  readonly hosts?: ZoneHost[];
  /**
   * The subnets that the addresses are in. With them, {@link DnsZone.reverse} tells which reverse names MAAS makes, and an
   * address that is in none of them is refused.
   * @default - none: nothing is said about reverse names
   */
  readonly subnets?: ISubnet[];
  /**
   * The provider configuration of all objects, for stacks that talk to several regions.
   * @default - the stack's default
   */
  readonly provider?: TerraformProvider;
}

/** The reverse name of one address. */
export interface ReverseName {
  /** The address. */
  readonly address: string;
  /** Its name below `in-addr.arpa` or `ip6.arpa`. */
  readonly pointer: string;
  /** The full name that it leads back to. */
  readonly target: string;
  /** Whether MAAS makes it by itself. False = it has to be made on the DNS server that has the reverse zone. */
  readonly madeByMaas: boolean;
  /** Why. */
  readonly reason: string;
}

interface Known {
  readonly name: string;
  readonly address: IpAddress;
}

/**
 * A zone of names for addresses of both families: the domain, one record of addresses for each name, and its aliases. The
 * reverse names are MAAS's: it makes a reverse zone for each of its subnets, of IPv4 and of IPv6, unless `rdnsMode` of the
 * subnet is 0, and none for addresses outside of them. {@link reverse} tells which are which, and {@link reverseElsewhere}
 * gives the lines for another DNS server.
 */
export class DnsZone extends Construct {
  /** The domain of the zone. */
  readonly domain: IDnsDomain;
  readonly #provider: TerraformProvider | undefined;
  readonly #subnets: readonly ISubnet[];
  readonly #known: Known[] = [];
  readonly #zone: string | undefined;

  /** @throws ConstructError when MAAS would refuse something of it, or an address is in none of `subnets`. */
  constructor(scope: Construct, id: string, props: DnsZoneProps) {
    super(scope, id);
    const { name, domain, ttl, hosts = [], subnets = [], provider } = props;
    refuseConstruct(this, "DNS zone", () => checkProps(props));
    this.#provider = provider;
    this.#subnets = subnets;
    try {
      this.domain = domain ?? new DnsDomain(this, "domain", { name: name ?? "", ttl, ...this.#meta });
      const known = name ?? this.domain.name;
      this.#zone = Token.isUnresolved(known) ? nameOf(this.domain) : known;
      for (const host of hosts) this.addHost(host);
    } catch (error) {
      throw withdrawn(this, error);
    }
  }

  /** Adds a name with its addresses, and its aliases. */
  addHost(host: ZoneHost): DnsRecord {
    const { name, addresses, ttl, aliases = [] } = host;
    refuseCall(this, "DNS zone", this.#checkHost(host));
    const record = new DnsRecord(this, `${idOf(name)}-addresses`, {
      ...{ type: "A/AAAA", name, domain: this.domain, data: addresses.join(" "), ttl },
      ...this.#meta,
    });
    for (const alias of aliases) this.addAlias(alias, name, ttl);
    this.#known.push(...addresses.flatMap((text) => addressesIn(text) ?? []).map((address) => ({ name, address })));
    return record;
  }

  /** Adds a name that leads to another name: one of this zone, or a full one with a dot at its end. */
  addAlias(name: string, target: string, ttl?: number): DnsRecord {
    const data = target.endsWith(".") ? target : `${fqdnOf(target, this.domain.name)}.`;
    return new DnsRecord(this, `${idOf(name)}-alias`, {
      ...{ type: "CNAME", name, domain: this.domain, data, ttl },
      ...this.#meta,
    });
  }

  /** Adds a record of another type: `zone.addRecord("MX", "@", "10 mail.lab.example.")`. */
  addRecord(type: string, name: string, data: string, ttl?: number): DnsRecord {
    const before = this.node.children.filter((child) =>
      child.node.id.startsWith(`${idOf(name)}-${type.toLowerCase()}`),
    );
    const id = `${idOf(name)}-${type.toLowerCase()}${before.length === 0 ? "" : `-${before.length + 1}`}`;
    return new DnsRecord(this, id, { type, name, domain: this.domain, data, ttl, ...this.#meta });
  }

  /** The reverse names of all addresses that are known at synth, in order of the addresses. */
  get reverse(): ReverseName[] {
    return [...this.#known]
      .sort((a, b) => a.address.family - b.address.family || a.address.compare(b.address))
      .map(({ name, address }) => {
        const subnet = this.#subnetOf(address);
        return {
          ...{
            address: address.toString(),
            pointer: pointerOf(address),
            target: fqdnOf(name, this.#zone ?? this.domain.name),
          },
          madeByMaas: subnet !== undefined && modeOf(subnet) !== 0,
          reason: reasonOf(subnet),
        };
      });
  }

  /** The reverse names that MAAS does not make, as lines of a zone file. */
  get reverseElsewhere(): string[] {
    return this.reverse
      .filter(({ madeByMaas }) => !madeByMaas)
      .map(({ pointer, target }) => `${pointer}. IN PTR ${target}.`);
  }

  get #meta(): { provider?: TerraformProvider } {
    return this.#provider === undefined ? {} : { provider: this.#provider };
  }

  /** The smallest of the zone's subnets that holds the address. */
  #subnetOf(address: IpAddress): ISubnet | undefined {
    return this.#subnets
      .map((subnet) => ({ subnet, cidr: cidrOf(subnet) }))
      .filter(({ cidr }) => cidr?.contains(address) === true)
      .sort((a, b) => (b.cidr?.prefixLength ?? 0) - (a.cidr?.prefixLength ?? 0))[0]?.subnet;
  }

  #checkHost({ name, addresses }: ZoneHost): Problem[] {
    if (addresses.length === 0) {
      return [
        fault("MAAS-CON-21", "hosts", { what: `${name} has no address`, fix: "Give one, or leave the name out." }),
      ];
    }
    if (this.#subnets.length === 0 || this.#subnets.some((subnet) => cidrOf(subnet) === undefined)) return [];
    return addresses
      .flatMap((text) => (Token.isUnresolved(text) ? [] : (addressesIn(text) ?? [])))
      .filter((address) => this.#subnetOf(address) === undefined)
      .map((address) =>
        fault("MAAS-CON-21", "hosts", {
          what: `${address.toString()} of ${name} is in none of the zone's subnets`,
          why: "MAAS makes no reverse name for it.",
          fix: `Give an address of ${this.#subnets.map((subnet) => cidrOf(subnet)?.toString() ?? "").join(" or ")}, or add its subnet to subnets.`,
        }),
      );
  }
}

const idOf = (name: string): string => (name === APEX ? "apex" : name === "*" ? "any" : name);

/** An attribute of a construct, where it is known at synth. */
const knownOf = (construct: ISubnet | IDnsDomain, name: AttributeName): unknown => factsOf(construct)?.attributes[name];

const nameOf = (domain: IDnsDomain): string | undefined => {
  const name = knownOf(domain, "name");
  return typeof name === "string" ? dnsName(name) : undefined;
};

const cidrOf = (subnet: ISubnet): Cidr | undefined => {
  const cidr = knownOf(subnet, "cidr");
  return typeof cidr === "string" ? Cidr.tryParse(cidr) : undefined;
};

/** `rdnsMode` of a subnet; MAAS's default where it is not known. */
const modeOf = (subnet: ISubnet): number => {
  const mode = knownOf(subnet, "rdns_mode");
  return typeof mode === "number" ? mode : 2;
};

function reasonOf(subnet: ISubnet | undefined): string {
  if (subnet === undefined) return "MAAS has no subnet for it among those of the zone";
  const cidr = cidrOf(subnet)?.toString() ?? subnet.cidr;
  return modeOf(subnet) === 0
    ? `rdnsMode of the subnet ${cidr} is 0`
    : `MAAS makes the reverse zone of the subnet ${cidr}`;
}

function checkProps({ name, domain, ttl, subnets = [] }: DnsZoneProps): Problem[] {
  const problems: Problem[] = [
    ...(domain === undefined ? [] : checkReference("domain", domain, KINDS.dns_domain)),
    ...subnets.flatMap((subnet) => checkReference("subnets", subnet, KINDS.subnet)),
  ];
  if ((name === undefined) === (domain === undefined)) {
    problems.push(
      fault("MAAS-CON-21", "name", {
        what: name === undefined ? "the zone has no name" : "the zone has a name and a domain",
        fix: "Give name, so that the domain is made, or domain.",
      }),
    );
  }
  if (domain !== undefined && ttl !== undefined)
    problems.push(
      fault("MAAS-CON-21", "ttl", { what: "the TTL is that of a domain that is made apart", fix: "Set it there." }),
    );
  return problems;
}
