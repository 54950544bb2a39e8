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
export const DEVICE: NodeKind = { model: "Device", types: [NodeType.DEVICE] };
export const RACK: NodeKind = {
  model: "RackController",
  types: [NodeType.RACK_CONTROLLER, NodeType.REGION_AND_RACK],
};
export const REGION: NodeKind = {
  model: "RegionController",
  types: [NodeType.REGION_CONTROLLER, NodeType.REGION_AND_RACK],
};
