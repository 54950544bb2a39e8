import { dnsRecord, dnsRecords } from "./handlers/dns-records";
import { dnsResource, dnsResources } from "./handlers/dns-resources";
import { domain, domains } from "./handlers/domains";
import { fabric, fabrics } from "./handlers/fabrics";
import { interfaces, nodeInterface } from "./handlers/interfaces";
import { ipAddresses } from "./handlers/ip-addresses";
import { ipRange, ipRanges } from "./handlers/ip-ranges";
import { maas } from "./handlers/maas";
import {
  machine,
  machines,
  node,
  nodes,
  rackController,
  rackControllers,
  regionController,
  regionControllers,
} from "./handlers/nodes";
import type { Handlers } from "./handlers/request";
import { reservedIp, reservedIps } from "./handlers/reserved-ips";
import { space, spaces } from "./handlers/spaces";
import { staticRoute, staticRoutes } from "./handlers/static-routes";
import { subnet, subnets } from "./handlers/subnets";
import { user, users } from "./handlers/users";
import { vlanById, vlanByVid, vlans } from "./handlers/vlans";
import type { Features } from "./versions";

interface Route {
  readonly pattern: RegExp;
  readonly handlers: Handlers;
  readonly since?: keyof Features;
}

/** The paths of the API below `/MAAS/api/2.0/`. A path without its last slash is none of them. */
const ROUTES: readonly Route[] = [
  { pattern: /^fabrics\/$/, handlers: fabrics },
  { pattern: /^fabrics\/(?<id>[^/]+)\/$/, handlers: fabric },
  { pattern: /^fabrics\/(?<fabric>[^/]+)\/vlans\/$/, handlers: vlans },
  { pattern: /^fabrics\/(?<fabric>[^/]+)\/vlans\/(?<vid>[^/]+)\/$/, handlers: vlanByVid },
  { pattern: /^vlans\/(?<id>[^/]+)\/$/, handlers: vlanById },
  { pattern: /^spaces\/$/, handlers: spaces },
  { pattern: /^spaces\/(?<id>[^/]+)\/$/, handlers: space },
  { pattern: /^subnets\/$/, handlers: subnets },
  { pattern: /^subnets\/(?<id>[.: \p{L}\p{N}_-]+(?:\/\d\d\d?)?)\/$/u, handlers: subnet },
  { pattern: /^ipranges\/$/, handlers: ipRanges },
  { pattern: /^ipranges\/(?<id>[^/]+)\/$/, handlers: ipRange },
  { pattern: /^static-routes\/$/, handlers: staticRoutes },
  { pattern: /^static-routes\/(?<id>[^/]+)\/$/, handlers: staticRoute },
  { pattern: /^reservedips\/$/, handlers: reservedIps, since: "reservedIps" },
  { pattern: /^reservedips\/(?<id>[^/]+)\/$/, handlers: reservedIp, since: "reservedIps" },
  { pattern: /^nodes\/$/, handlers: nodes },
  { pattern: /^nodes\/(?<id>[^/]+)\/$/, handlers: node },
  { pattern: /^nodes\/(?<system>[^/]+)\/interfaces\/$/, handlers: interfaces },
  { pattern: /^nodes\/(?<system>[^/]+)\/interfaces\/(?<id>[^/]+)\/$/, handlers: nodeInterface },
  { pattern: /^machines\/$/, handlers: machines },
  { pattern: /^machines\/(?<id>[^/]+)\/$/, handlers: machine },
  { pattern: /^rackcontrollers\/$/, handlers: rackControllers },
  { pattern: /^rackcontrollers\/(?<id>[^/]+)\/$/, handlers: rackController },
  { pattern: /^regioncontrollers\/$/, handlers: regionControllers },
  { pattern: /^regioncontrollers\/(?<id>[^/]+)\/$/, handlers: regionController },
  { pattern: /^domains\/$/, handlers: domains },
  { pattern: /^domains\/(?<id>[^/]+)\/$/, handlers: domain },
  { pattern: /^dnsresources\/$/, handlers: dnsResources },
  { pattern: /^dnsresources\/(?<id>[^/]+)\/$/, handlers: dnsResource },
  { pattern: /^dnsresourcerecords\/$/, handlers: dnsRecords },
  { pattern: /^dnsresourcerecords\/(?<id>[^/]+)\/$/, handlers: dnsRecord },
  { pattern: /^ipaddresses\/$/, handlers: ipAddresses },
  { pattern: /^maas\/$/, handlers: maas },
  { pattern: /^users\/$/, handlers: users },
  { pattern: /^users\/(?<id>[^/]+)\/$/, handlers: user },
];

export interface Match {
  readonly handlers: Handlers;
  readonly path: Readonly<Record<string, string>>;
  /** The operation when it is part of the path: `.../op-<name>`. */
  readonly operation?: string | undefined;
}

/** What serves the path, or undefined where MAAS has no endpoint. */
export function route(path: string, features: Features): Match | undefined {
  const inPath = /^(?<base>.+\/)op-(?<operation>[^/]+)$/.exec(path)?.groups;
  const base = inPath?.base ?? path;
  for (const { pattern, handlers, since } of ROUTES) {
    const match = pattern.exec(base);
    if (match === null || (since !== undefined && !features[since])) continue;
    return { handlers, path: match.groups ?? {}, operation: inPath?.operation };
  }
  return undefined;
}

/** HTTP methods that any call of the handlers uses. */
export const methodsOf = (handlers: Handlers): string[] => [
  ...new Set(Object.keys(handlers).map((signature) => signature.split(" ")[0] ?? "")),
];

export interface ResourceDescription {
  readonly name: string;
  /** With `{placeholders}` for its parts. */
  readonly path: string;
  readonly params: readonly string[];
  readonly actions: readonly {
    readonly name: string;
    readonly method: string;
    readonly op: string | null;
    readonly restful: boolean;
    readonly doc: string;
  }[];
}

const VERBS: Readonly<Record<string, string>> = { GET: "read", POST: "create", PUT: "update", DELETE: "delete" };

/** Every endpoint of the release with its calls, for the API's description of itself. */
export function describeResources(features: Features): ResourceDescription[] {
  return ROUTES.filter(({ since }) => since === undefined || features[since]).map(({ pattern, handlers }) => {
    const path = pattern.source
      .replace(/\(\?<(\w+)>(?:[^()]|\([^()]*\))*\)/g, "{$1}")
      .replace(/^\^|\$$/g, "")
      .replaceAll("\\/", "/");
    const isItem = path.endsWith("}/");
    const noun =
      path
        .split("/")
        .filter((word) => word !== "" && !word.startsWith("{"))
        .at(-1) ?? "";
    const name = `${noun.charAt(0).toUpperCase()}${noun.slice(1)}${isItem ? "" : "List"}Handler`;
    const actions = Object.keys(handlers).map((signature) => {
      const [method = "", op = null] = signature.split(" ");
      return { name: op ?? VERBS[method] ?? method, method, op, restful: op === null, doc: "" };
    });
    return {
      name,
      path: `/MAAS/api/2.0/${path}`,
      params: [...path.matchAll(/\{(\w+)\}/g)].map(([, it]) => it ?? ""),
      actions,
    };
  });
}
