import type { ApiRequest } from "../../api/handler";
import type { Region } from "../../model/region";
import { only } from "../../model/specifier";
import { NodeType } from "./kinds";
import type { NodeRow } from "./node";

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
