import { only } from "../models/lookup";
import { deleteRack } from "../models/node";
import type { Region } from "../region";
import { type NodeRow, NodeType } from "../store/rows";
import { flag } from "./parameters";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handler, type Handlers, json, part, viewOf } from "./request";
import { showNode } from "../view/node";

/** A kind of node: its name in MAAS's messages, and which nodes it means. */
interface NodeKind {
  readonly model: string;
  readonly types: readonly number[];
}

export const ANY_NODE: NodeKind = { model: "Node", types: Object.values(NodeType) };
export const MACHINE: NodeKind = { model: "Machine", types: [NodeType.MACHINE] };
const RACK: NodeKind = { model: "RackController", types: [NodeType.RACK_CONTROLLER, NodeType.REGION_AND_RACK] };

/** Lists name devices first, then machines, then controllers. */
const LIST_ORDER = [
  NodeType.DEVICE,
  NodeType.MACHINE,
  NodeType.RACK_CONTROLLER,
  NodeType.REGION_AND_RACK,
  NodeType.REGION_CONTROLLER,
];

const REGION: NodeKind = { model: "RegionController", types: [NodeType.REGION_CONTROLLER, NodeType.REGION_AND_RACK] };

export function findNode(region: Region, kind: NodeKind, systemId: string): NodeRow {
  const nodes = region.store.nodes.by("systemId", systemId).filter((node) => kind.types.includes(node.nodeType));
  return only(kind.model, nodes);
}

/** Nodes of the kind that the caller may see and the query asks for. Controllers are administrators' in lists. */
function listed({ region, query }: ApiRequest, kind: NodeKind): NodeRow[] {
  const asked = (name: string) => query.all(name).map((value) => String(value as string));
  const isWanted = (names: readonly string[], value: string) => names.length === 0 || names.includes(value);
  return LIST_ORDER.filter((type) => kind.types.includes(type))
    .flatMap((type) => region.store.nodes.all().filter((node) => node.nodeType === type))
    .filter((node) => region.user.isSuperuser || node.nodeType === NodeType.MACHINE)
    .filter((node) => isWanted(asked("hostname"), node.hostname) && isWanted(asked("id"), node.systemId));
}

const list =
  (kind: NodeKind): Handler =>
  (request) => {
    const view = viewOf(request);
    return json(listed(request, kind).map((node) => showNode(view, node)));
  };

const read =
  (kind: NodeKind): Handler =>
  (request) =>
    json(showNode(viewOf(request), findNode(request.region, kind, part(request, "id"))));

/** What nodes need to be powered on: nothing is known of it here. */
const powerParametersOfAll =
  (kind: NodeKind): Handler =>
  (request) => {
    requireAdmin(request);
    return json(Object.fromEntries(listed(request, kind).map((node) => [node.systemId, {}])));
  };

const powerParameters: Handler = (request) => {
  findNode(request.region, ANY_NODE, part(request, "id"));
  requirePermission(request);
  return json({});
};

export const nodes: Handlers = { GET: list(ANY_NODE) };
export const node: Handlers = { GET: read(ANY_NODE), "GET power_parameters": powerParameters };
export const machines: Handlers = { GET: list(MACHINE), "GET power_parameters": powerParametersOfAll(MACHINE) };

export const machine: Handlers = {
  GET: read(MACHINE),
  "GET power_parameters": powerParameters,
  "POST clear_default_gateways"(request) {
    const row = findNode(request.region, MACHINE, part(request, "id"));
    requirePermission(request);
    request.region.store.nodes.update(row, { gatewayLinkIpv4Id: null, gatewayLinkIpv6Id: null });
    return json(showNode(viewOf(request), row));
  },
};

export const rackControllers: Handlers = { GET: list(RACK), "GET power_parameters": powerParametersOfAll(RACK) };

export const regionControllers: Handlers = { GET: list(REGION) };
export const regionController: Handlers = { GET: read(REGION), "GET power_parameters": powerParameters };

export const rackController: Handlers = {
  GET: read(RACK),
  "GET power_parameters": powerParameters,
  PUT(request) {
    const row = findNode(request.region, RACK, part(request, "id"));
    requirePermission(request);
    const description = request.data.text("description");
    if (description !== undefined) request.region.store.nodes.update(row, { description });
    return json(showNode(viewOf(request), row));
  },
  DELETE(request) {
    const row = findNode(request.region, RACK, part(request, "id"));
    requirePermission(request);
    deleteRack(request.region, row, flag(request.query, "force", false));
    return deleted;
  },
};
