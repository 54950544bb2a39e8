import { checkFormat } from "../../model/checks/field";
import { IpAddress } from "../../model/address";
import type { Known } from "../../model/known";
import type { Network } from "../../model/network";
import type { NetworkSubnet, ObjectsByKind } from "../../model/network/objects";
import { defineRule, fromProblems, given, requireThat, unknown, type Verdict } from "../verdict";
import { LIVE, maas, titleOf } from "./facts";
import { proposeGateway } from "./suggestion";

type Route = ObjectsByKind["static_route"];

const MODEL = maas("models/staticroute.py clean, forms/staticroute.py clean_gateway_ip");

/** The verdict in view of a subnet at one end of a route, or that it is not known. */
function withSubnet(
  key: Known<string>,
  end: string,
  { at }: Route,
  network: Network,
  then: (subnet: NetworkSubnet) => Verdict,
): Verdict {
  const subnet = network.tryFind("subnet", key);
  return subnet === undefined ? unknown(`${end} of ${at.path}`) : then(subnet);
}

export const routeGatewayIsInSource = defineRule({
  id: "MAAS6-RTE-01",
  name: "StaticRouteGatewayIsInSource",
  level: "error",
  kind: "enforced",
  scope: "static_route",
  info: "The gateway of a static route is an address of its source subnet.",
  explanation:
    "Machines of the source reach the gateway directly. MAAS refuses any other one, a link-local one too, which it takes for a subnet.",
  remediation: "Use the address that the router has on the source subnet.",
  sources: [MODEL, LIVE],
  check: (route, network) =>
    given(route.gatewayIp, "gateway_ip", route.at, (gateway) => {
      const malformed = checkFormat.ip("gateway_ip", gateway);
      if (malformed.length > 0) return fromProblems(malformed);
      return withSubnet(route.source, "source", route, network, (subnet) =>
        given(subnet.block, "cidr", subnet.at, (block) =>
          requireThat(block.contains(IpAddress.parse(gateway)), () => {
            const free = proposeGateway(subnet, network);
            return {
              what: `the gateway ${gateway} is outside the source ${block.toString()}`,
              fix: `Give the address that the router has on ${titleOf(subnet)}${free === undefined ? "" : `, such as ${free.toString()}`}.`,
              attribute: "gateway_ip",
              related: [subnet.at],
            };
          }),
        ),
      );
    }),
});

export const routeStaysInFamily = defineRule({
  id: "MAAS6-RTE-02",
  name: "StaticRouteStaysInOneFamily",
  level: "error",
  kind: "enforced",
  scope: "static_route",
  info: "Both subnets of a static route are of one family.",
  explanation: "A gateway of one family leads to no network of the other. MAAS refuses such a route.",
  remediation: "Make a route for each family, between subnets of that family.",
  sources: [MODEL, LIVE],
  check: (route, network) =>
    withSubnet(route.source, "source", route, network, (source) =>
      withSubnet(route.destination, "destination", route, network, (destination) =>
        given(source.family, "family", source.at, (from) =>
          given(destination.family, "family", destination.at, (to) =>
            requireThat(from === to, () => ({
              what: `the static route leads from IPv${from} (${titleOf(source)}) to IPv${to} (${titleOf(destination)})`,
              fix: `Give an IPv${from} subnet as destination${otherOn(destination, from, network)}.`,
              attribute: "destination",
              related: [source.at, destination.at],
            })),
          ),
        ),
      ),
    ),
});

/** A subnet of the other family on the same VLAN, in words. */
function otherOn({ vlan }: NetworkSubnet, family: 4 | 6, network: Network): string {
  const on = network.tryFind("vlan", vlan);
  const other = on && network.subnetsOf(on).items.find((subnet) => subnet.family === family);
  return other === undefined ? "" : `, such as ${titleOf(other)} on the same VLAN`;
}

export const routeLeadsElsewhere = defineRule({
  id: "MAAS6-RTE-03",
  name: "StaticRouteLeadsElsewhere",
  level: "error",
  kind: "enforced",
  scope: "static_route",
  info: "A static route leads from one subnet to another one.",
  explanation: "Machines of a subnet reach each other without a route. MAAS refuses one from a subnet to itself.",
  remediation: "Give the subnet that the machines of the source are to reach.",
  sources: [MODEL, LIVE],
  check: ({ source, destination, at }) =>
    given(source, "source", at, (from) =>
      given(destination, "destination", at, (to) =>
        requireThat(from !== to, () => ({
          what: "the static route leads from a subnet to itself",
          fix: "Give another subnet as destination: the one that the machines of the source are to reach.",
          attribute: "destination",
        })),
      ),
    ),
});
