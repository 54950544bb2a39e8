import { addressOf, authorityOf, isLocalName, isLoopback } from "../../model/host";
import { isKnown } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkRackController } from "../../model/network/objects";
import { oncePer } from "../../model/once-per";
import {
  type Answer,
  any,
  ask,
  COMPLIANT,
  defineRule,
  given,
  missing,
  some,
  unknown,
  violations,
  when,
} from "../verdict";
import { maas, MANUAL, rfc, usesIpv6 } from "./facts";

const isReservedName = (host: string): boolean => /(^|\.)(example|test|invalid|example\.(com|net|org))\.?$/i.test(host);

/** Whether the region is one that serves as an example: on loopback, or under a name that is reserved for examples. */
export const exampleRegion = oncePer((network: Network): Answer => {
  const answers = network.all("url").map(({ url, setting, at }): Answer => {
    if (!isKnown(url)) return missing(`${setting} of ${at.path}`);
    const host = authorityOf(url)?.host;
    return host !== undefined && (isLoopback(host) || isReservedName(host));
  });
  return answers.length === 0 ? missing("the URL of the region") : any(answers);
});

/** Whether the rack serves a VLAN with IPv6, itself or for a relay, or has an interface on one. */
function servesIpv6(rack: NetworkRackController, network: Network): Answer {
  const onVlan = (key: unknown, path: string): Answer => {
    const vlan = typeof key === "string" ? network.tryFind("vlan", key) : undefined;
    if (vlan === undefined) return key === null ? false : missing(`VLAN of ${path}`);
    const relayed = network.relaysTo(vlan).items.flatMap((relay) => network.tryFind("vlan", relay.vlan) ?? []);
    return any([vlan, ...relayed].map((each) => usesIpv6(each, network)));
  };
  const served = some(network.dhcpServedBy(rack), ({ vlan, on, at }) =>
    ask(on, "dhcp_on", at, (known) => known && onVlan(vlan, at.path)),
  );
  return served === true
    ? true
    : any([served, some(network.interfacesOf(rack), ({ vlan, at }) => onVlan(vlan, at.path))]);
}

/** What is wrong with a host that should be a name both families resolve. */
function hostProblem(host: string): string | undefined {
  const address = addressOf(host);
  if (address !== undefined) return `an IPv${address.family} address`;
  return isLocalName(host) ? "the rack itself" : undefined;
}

export const rackKnowsRegionByHostname = defineRule({
  id: "MAAS6-URL-01",
  name: "RackKnowsRegionByHostname",
  level: "error",
  kind: "documented",
  scope: "rack_controller",
  info: "A rack controller that serves IPv6 has the region's URL with a host name, not an address and not localhost.",
  explanation:
    "The rack and its machines resolve the name for the family they need; an address ties them to one family, so that machines of the other find neither DNS nor metadata.",
  remediation: "Set the region's URL on the rack to one with a host name that has an A and an AAAA record.",
  sources: [MANUAL, maas("server_address.py get_maas_facing_server_addresses")],
  check: (rack, network) =>
    when(servesIpv6(rack, network), () =>
      given(rack.regionUrl, "region URL", rack.at, (url) => {
        if (url === null) return unknown(`region URL of ${rack.at.path}, which MAAS does not report: give regionUrl`);
        const authority = authorityOf(url);
        const problem =
          authority === undefined ? "no host: it is not an http or https URL" : hostProblem(authority.host);
        // An address without brackets is URL-02's finding as well, but no less an address.
        const literal = authority !== undefined && authority.unbracketed.length > 0 ? "an IPv6 address" : problem;
        if (literal === undefined) return COMPLIANT;
        const {
          scheme = "http://",
          port = authority === undefined ? "5240" : undefined,
          rest = "/MAAS",
        } = authority ?? {};
        return violations([
          {
            what: `the region URL ${url} names ${literal}`,
            fix: `Use the region's host name: ${scheme}region.example.com${port === undefined ? "" : `:${port}`}${rest}.`,
            attribute: "region_url",
          },
        ]);
      }),
    ),
});

export const ipv6UrlIsBracketed = defineRule({
  id: "MAAS6-URL-02",
  name: "Ipv6UrlIsBracketed",
  level: "error",
  kind: "documented",
  scope: "url",
  info: "An IPv6 address in a URL is in square brackets.",
  explanation: "The colons of the address can't be told from the one before the port.",
  remediation: "Write http://[2001:db8:20::5]:5240/MAAS.",
  sources: [MANUAL, rfc(3986, "URI syntax, 3.2.2")],
  check: ({ url, setting, at }) =>
    given(url, setting, at, (text) => {
      const readings = authorityOf(text)?.unbracketed ?? [];
      if (readings.length === 0) return COMPLIANT;
      return violations([
        {
          what: `${setting} ${text} holds an IPv6 address without brackets`,
          fix: `Write ${readings.join(", or ")}.`,
          attribute: setting,
        },
      ]);
    }),
});
