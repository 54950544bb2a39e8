import { defineKind, type FieldDefinition, NUMBER } from "../kind";
import { textOf } from "../text";

const SOURCE = "MAAS forms/staticroute.py, models/staticroute.py, api/staticroutes.py, 3.6.4; live 3.4.10 and 3.6.5";

const end = (doc: string) =>
  ({
    type: "string",
    presence: "required",
    requiresReplace: true,
    formField: true,
    references: "subnet",
    deletedAlong: true,
    doc,
    source: SOURCE,
  }) as const satisfies FieldDefinition;

export const staticRoute = defineKind({
  name: "static_route",
  type: "maas_static_route",
  title: "static route",
  construct: {
    name: "StaticRoute",
    isWhole: true,
    reference: "StaticRoute",
    example: (key) => {
      const [source = "", destination = "", gateway = ""] = key.split(/ to | via /);
      const subnet = (id: string, cidr: string): string =>
        `Ipv${cidr.includes(":") ? 6 : 4}Subnet.fromCidr(this, "${id}", "${cidr}")`;
      return `new StaticRoute(this, "route", { source: ${subnet("source", source)}, destination: ${subnet("destination", destination)}, gatewayIp: "${gateway}", adoptExisting: true })`;
    },
    words: ({ gateway_ip: gateway }, of) => ({
      words: [...of("source"), "to", ...of("destination")],
      apart: textOf(gateway),
    }),
    adopt: "Take over a route between these subnets by this gateway if the region has one.",
    properties: {
      source: { doc: "The subnet whose machines get the route." },
      destination: { doc: "The subnet that the route leads to, of the same family." },
      metric: { default: "0" },
    },
  },
  doc:
    "A route that MAAS writes into the network configuration of machines on one subnet, to another subnet by a gateway. Machines get " +
    "it when they are deployed: a change reaches those that are deployed already with their next deployment. MAAS deletes a route " +
    "along with either of its subnets.",
  lifecycle: "created",
  key: {
    forms: ["{source} to {destination} via {gateway_ip}"],
    patterns: { source: String.raw`\S+`, destination: String.raw`\S+`, gateway_ip: String.raw`\S+` },
    words: "SOURCE to DESTINATION via GATEWAY, with the CIDRs of both subnets",
    examples: ["10.20.0.0/24 to 10.30.0.0/24 via 10.20.0.1", "2001:db8:20::/64 to 2001:db8:30::/64 via 2001:db8:20::1"],
  },
  id: { words: "the route's id", form: NUMBER },
  api: { collection: "static-routes", create: "static-routes/", repeats: ["subnets"] },
  adoptable: true,
  picture: { on: ["source"], line: (said) => `route to ${said("destination")} via ${said("gateway_ip")}` },
  example: { metric: 100 },
  fields: {
    source: { ...end("The subnet whose machines get the route: its id or its CIDR."), jsonPath: "source.id" },
    destination: {
      ...end("The subnet that the route leads to, of the same family: its id or its CIDR."),
      jsonPath: "destination.id",
    },
    gateway_ip: {
      type: "string",
      presence: "required",
      formField: true,
      jsonPath: true,
      format: "ip",
      addressIn: { subnet: "source", as: "the gateway" },
      unique: ["source", "destination"],
      doc: "Address of the router on the source subnet, inside its CIDR. MAAS takes no link-local address here.",
      source: SOURCE,
    },
    metric: {
      type: "number",
      presence: "optional",
      default: 0,
      formField: true,
      jsonPath: true,
      min: 0,
      max: 2147483647,
      doc: "Cost of the route: of several to one place the one with the lowest metric is used. Default: 0.",
      source: SOURCE,
    },
  },
});
