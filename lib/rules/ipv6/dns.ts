import { ADDRESS_RECORD, addressesIn, APEX, dnsName, fqdnOf, recordType } from "../../model/dns";
import { isKnown, type Known } from "../../model/known";
import { grouped } from "../../model/lists";
import type { Network } from "../../model/network";
import type { NetworkIpRange, NetworkSubnet, ObjectsByKind } from "../../model/network/objects";
import type { IpAddress } from "../../model/address";
import { oncePer } from "../../model/once-per";
import { textOf } from "../../model/text";
import { COMPLIANT, defineRule, NOT_APPLICABLE, unknown, type Verdict, violations } from "../verdict";
import { LIVE, maas, titleOf } from "./facts";

type Record = ObjectsByKind["dns_record"];

const typeOf = ({ type }: Record): Known<string> => (isKnown(type) ? recordType(type) : type);

/** The full name of a record, as one text for all spellings; undefined while it is not known. */
function nameOf({ name, domain, fqdn }: Record): string | undefined {
  if (typeof name === "string" && typeof domain === "string") return `${dnsName(name)} in ${domain}`;
  return typeof fqdn === "string" ? dnsName(fqdn) : undefined;
}

const byName = oncePer((network: Network) => grouped(network.all("dns_record"), nameOf));

/** The addresses of a record, or the verdict on one that has none. */
function withAddresses(record: Record, then: (addresses: readonly IpAddress[]) => Verdict): Verdict {
  const type = typeOf(record);
  if (!isKnown(type)) return unknown(`type of ${record.at.path}`);
  if (type !== ADDRESS_RECORD) return NOT_APPLICABLE;
  if (!isKnown(record.data)) return unknown(`data of ${record.at.path}`);
  const addresses = addressesIn(record.data);
  return addresses === undefined ? NOT_APPLICABLE : then(addresses);
}

/** The subnets with a CIDR, the smallest first: of two that hold an address, MAAS takes the smaller one. */
const bySize = oncePer((network: Network) =>
  network
    .all("subnet")
    .flatMap((subnet) => (isKnown(subnet.block) ? [{ subnet, block: subnet.block }] : []))
    .sort((a, b) => b.block.prefixLength - a.block.prefixLength),
);

const subnetOf = (address: IpAddress, network: Network): NetworkSubnet | undefined =>
  bySize(network).find(({ block }) => block.contains(address))?.subnet;

const poolOf = (address: IpAddress, subnet: NetworkSubnet, network: Network): NetworkIpRange | undefined =>
  network
    .rangesOf(subnet)
    .items.find(({ type, span }) => type === "dynamic" && isKnown(span) && span.contains(address));

export const cnameIsAlone = defineRule({
  id: "MAAS6-DNS-01",
  name: "CnameIsAloneAtItsName",
  level: "error",
  kind: "enforced",
  scope: "dns_record",
  info: "A name that has a CNAME has no other record.",
  explanation:
    "A CNAME says that all of its name is to be looked up elsewhere (RFC 1034, section 3.6.2). MAAS refuses a second record.",
  remediation: "Give one of them another name, or lead the name to addresses in place of the CNAME.",
  sources: [maas("models/dnsdata.py DNSData.clean"), LIVE],
  check: (record, network) => {
    const [type, name] = [typeOf(record), nameOf(record)];
    if (!isKnown(type)) return unknown(`type of ${record.at.path}`);
    if (type !== "CNAME") return NOT_APPLICABLE;
    if (name === undefined) return unknown(`name of ${record.at.path}`);
    const others = (byName(network).get(name) ?? []).filter((other) => other !== record);
    return violations(
      others.map((other) => ({
        what: `the name of ${record.at.path} has a CNAME and another record: ${other.at.path}`,
        fix: "Delete one of them, or give one another name.",
        attribute: "type",
        related: [other.at],
      })),
    );
  },
});

export const recordIsNoLease = defineRule({
  id: "MAAS6-DNS-02",
  name: "RecordLeadsToNoDynamicAddress",
  level: "warning",
  kind: "silent",
  scope: "dns_record",
  info: "The addresses of a DNS record are in no dynamic range.",
  explanation:
    "DHCP gives the addresses of a dynamic range to whoever asks. MAAS takes such a record without a word, so that the name leads to somebody else.",
  remediation: "Use addresses outside of the dynamic ranges, or end the range before them.",
  sources: [maas("forms/dnsresource.py DNSResourceForm.save"), LIVE],
  check: (record, network) =>
    withAddresses(record, (addresses) =>
      violations(
        addresses.flatMap((address) => {
          const subnet = subnetOf(address, network);
          const pool = subnet && poolOf(address, subnet, network);
          if (subnet === undefined || pool === undefined || !isKnown(pool.span)) return [];
          return [
            {
              what: `${address.toString()} is in the dynamic range ${pool.span.toString()} of ${titleOf(subnet)}`,
              fix: `Use an address of ${titleOf(subnet)} outside of ${pool.span.toString()}, or change the ends of that range.`,
              attribute: "data",
              related: [pool.at],
            },
          ];
        }),
      ),
    ),
});

export const recordHasReverse = defineRule({
  id: "MAAS6-DNS-03",
  name: "RecordLeadsToKnownSubnet",
  level: "information",
  kind: "silent",
  scope: "dns_record",
  info: "The addresses of a DNS record are in subnets of the region.",
  explanation:
    "MAAS makes the reverse names of addresses from its subnets, one zone for each. For an address outside of them it makes none.",
  remediation:
    "Make the subnet in MAAS, unmanaged if need be, or the reverse name on the DNS server that has its zone.",
  sources: [maas("dns/zonegenerator.py ZoneGenerator._gen_reverse_zones"), LIVE],
  check: (record, network) =>
    withAddresses(record, (addresses) => {
      const strays = addresses.filter((address) => subnetOf(address, network) === undefined);
      if (strays.length === 0) return COMPLIANT;
      if (network.info.isWhole !== true) return unknown("what other subnets the region has");
      return violations(
        strays.map((address) => ({
          what: `${address.toString()} is in no subnet of the region, so that MAAS makes no reverse name for it`,
          fix: `Make the IPv${address.family} subnet of ${address.toString()}, with managed = false where MAAS is not to assign its addresses.`,
          attribute: "data",
        })),
      );
    }),
});

const domainsByName = oncePer((network: Network) =>
  grouped(network.all("dns_domain"), ({ name }) => (isKnown(name) ? dnsName(name) : undefined)),
);

export const recordIsAtNoDomain = defineRule({
  id: "MAAS6-DNS-04",
  name: "RecordHasNoDomainOfItsName",
  level: "error",
  kind: "silent",
  scope: "dns_record",
  info: "A name that is a domain of its own has its records at the top of that domain.",
  explanation:
    "When a domain is made, MAAS moves the records that its parent domain has at that name to the top of the new one, and reports " +
    "every such record there. A record that stays in the parent domain is made again by each run.",
  remediation: "Give the record the name @ and that domain.",
  sources: [maas("models/domain.py Domain.save"), LIVE],
  check: ({ name, domain, at }, network) => {
    if (!isKnown(name) || name === null) return isKnown(name) ? NOT_APPLICABLE : unknown(`name of ${at.path}`);
    const own = network.tryFind("dns_domain", domain);
    if (name === APEX) return COMPLIANT;
    if (own === undefined || !isKnown(own.name)) return unknown(`domain of ${at.path}`);
    const fqdn = fqdnOf(name, own.name);
    return violations(
      (domainsByName(network).get(dnsName(fqdn)) ?? []).map((other) => ({
        what: `${dnsName(fqdn)} is a domain of its own, so that MAAS has this record in that and not in ${textOf(own.name)}`,
        fix: `Set name to "${APEX}" and domain to ${other.at.path}, or give the record another name.`,
        attribute: "name",
        related: [other.at],
      })),
    );
  },
});
