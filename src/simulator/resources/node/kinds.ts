import type { ApiRequest } from "../../api/handler";
import { only } from "../../model/specifier";
import type { Region } from "../../model/store";
import type { MaasVersion } from "../../versions";
import type { NodeRow } from "./node";
import type { ServiceStatus } from "./racks";

/** MAAS's numbers for kinds of nodes. */
export const NodeType = {
  MACHINE: 0,
  DEVICE: 1,
  RACK_CONTROLLER: 2,
  REGION_CONTROLLER: 3,
  REGION_AND_RACK: 4,
} as const;

export const isRack = ({ node_type }: NodeRow): boolean =>
  node_type === NodeType.RACK_CONTROLLER || node_type === NodeType.REGION_AND_RACK;

export const isController = ({ node_type }: NodeRow): boolean =>
  node_type !== NodeType.MACHINE && node_type !== NodeType.DEVICE;

/** The services of a rack by name; `unknown` until the rack has reported. */
export type Services = Record<string, ServiceStatus>;

/** The services of a rack, in the order in which the release lists them. */
export function rackServices({ features }: MaasVersion): readonly string[] {
  return features.newerSettings
    ? ["proxy_rack", "tftp", "dns_rack", "syslog_rack", "http", "dhcpd", "agent", "dhcpd6", "ntp_rack", "rackd"]
    : ["proxy_rack", "syslog_rack", "tftp", "dhcpd", "dhcpd6", "dns_rack", "ntp_rack", "http", "rackd"];
}

/** A kind of node: its name in MAAS's messages, and which nodes it means. */
export interface NodeKind {
  readonly model: string;
  readonly types: readonly number[];
}

export const ANY_NODE: NodeKind = { model: "Node", types: Object.values(NodeType) };
export const MACHINE: NodeKind = { model: "Machine", types: [NodeType.MACHINE] };
export const RACK: NodeKind = {
  model: "RackController",
  types: [NodeType.RACK_CONTROLLER, NodeType.REGION_AND_RACK],
};
export const REGION: NodeKind = {
  model: "RegionController",
  types: [NodeType.REGION_CONTROLLER, NodeType.REGION_AND_RACK],
};

/** Lists name devices first, then machines, then controllers. */
const LIST_ORDER = [
  NodeType.DEVICE,
  NodeType.MACHINE,
  NodeType.RACK_CONTROLLER,
  NodeType.REGION_AND_RACK,
  NodeType.REGION_CONTROLLER,
];

/** @throws MaasError 404 */
export function findNode(region: Region, kind: NodeKind, systemId: string): NodeRow {
  const nodes = region.store.nodes.by("system_id", systemId).filter((node) => kind.types.includes(node.node_type));
  return only(kind.model, nodes);
}

/** Nodes of the kind that the caller may see and the query asks for. Controllers are administrators' in lists. */
export function askedNodes({ region, query }: ApiRequest, kind: NodeKind): NodeRow[] {
  const asked = (name: string) => query.all(name).map((value) => String(value as string));
  const isWanted = (names: readonly string[], value: string) => names.length === 0 || names.includes(value);
  return LIST_ORDER.filter((type) => kind.types.includes(type))
    .flatMap((type) => region.store.nodes.all().filter((node) => node.node_type === type))
    .filter((node) => region.user.is_superuser || node.node_type === NodeType.MACHINE)
    .filter((node) => isWanted(asked("hostname"), node.hostname) && isWanted(asked("id"), node.system_id));
}
