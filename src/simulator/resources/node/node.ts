import {
  type ApiRequest,
  deleted,
  flag,
  type Handler,
  json,
  listed,
  part,
  requireAdmin,
  requirePermission,
  shown,
} from "../../api/handler";
import { column, kept, keptReference, type RowOf, seeded } from "../../model/columns";
import { byColumn, integer, text } from "../../model/fields";
import { Form } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import { checkHostname } from "../names";
import { DEFAULT_POOL_ID } from "../resource-pool";
import { DEFAULT_ZONE_ID } from "../zone";
import { deviceCalls, devicesCalls } from "./device";
import { deleteNode } from "./delete";
import { domainChoice, nodeRules } from "./form";
import { nodeMembers } from "./json";
import { ANY_NODE, isRack, MACHINE, type NodeKind, NodeType, RACK, REGION, type Services } from "./kinds";
import { askedNodes, findNode } from "./lookup";
import { requireView } from "./permissions";
import { deleteRack } from "./racks";

/** What a machine is when nothing else is said. */
export const READY = 4;

function checkName(stored: unknown): unknown {
  checkHostname(stored as string);
  return stored;
}

const columns = {
  system_id: seeded<string>({ seed: text() }),
  hostname: seeded<string>({
    field: text(),
    seed: text({ required: true }),
    default: "",
    blank: true,
    check: checkName,
  }),
  node_type: kept<number>(),
  /** Of machines a seed gives it, by MAAS's number: 4 is Ready, 6 Deployed. */
  status: seeded<number>({ seed: integer(), default: READY, json: false }),
  domain: kept<number>({ references: "domains", field: domainChoice, seed: false, json: false }),
  architecture: kept<string | null>({ default: null, json: false }),
  description: column<string>({ field: text(), default: "" }),
  boot_interface: keptReference("interfaces", { json: false }),
  gateway_link_ipv4: keptReference("ip_addresses", { json: false }),
  gateway_link_ipv6: keptReference("ip_addresses", { json: false }),
  commissioning_result: kept<number | null>({ default: null, json: false }),
  owner: keptReference("users", { json: false }),
  /** The node that a device belongs to. */
  parent: keptReference("nodes", { by: "system_id", field: byColumn("nodes", "system_id"), seed: false, json: false }),
  zone: kept<number>({
    references: "zones",
    by: "name",
    field: byColumn("zones", "name"),
    seed: false,
    default: DEFAULT_ZONE_ID,
    json: false,
  }),
  /** Shown of machines only. */
  pool: kept<number>({
    references: "resource_pools",
    by: "name",
    field: byColumn("resource_pools", "name"),
    seed: false,
    default: DEFAULT_POOL_ID,
    json: false,
  }),
  /** Ids of tags. */
  tags: kept<number[]>({ default: [], json: false }),
  /** What it has reported of its services, by name; racks only. */
  services: kept<Services>({ default: {}, json: false }),
  /** It registered itself, as a rack daemon does. */
  is_dynamic: kept<boolean>({ default: false, json: false }),
};

/** What may change of a machine. */
const rules = nodeRules(["hostname", "domain", "description", "zone", "pool"]);

export type NodeColumns = typeof columns;
export type NodeRow = RowOf<NodeColumns>;

/** A node of any kind, as `nodes/`, `machines/` and `rackcontrollers/` show it. */
export const nodes: Resource<NodeRow> = defineResource({
  model: "Node",
  path: "nodes",
  columns,
  indexes: ["system_id"],
  key: {
    of: ({ hostname }) => hostname,
    find: ({ nodes }, key) => nodes.all().find(({ hostname }) => hostname === key),
  },
  json: nodeMembers,
  showsId: false,
  uri: ({ node_type, system_id }) => `${pathOf(node_type)}/${system_id}/`,
  endpoints: {
    "nodes/": { GET: list(ANY_NODE) },
    "nodes/{id}/": { GET: read(ANY_NODE), DELETE: remove(ANY_NODE), "GET power_parameters": powerParameters },
    "devices/": devicesCalls,
    "devices/{id}/": deviceCalls,
    "machines/": { GET: list(MACHINE), "GET power_parameters": powerParametersOfAll(MACHINE) },
    "machines/{id}/": {
      GET: read(MACHINE),
      PUT(request) {
        const { region, data } = request;
        const row = writable(request, MACHINE);
        return shown(request, region.store.nodes, new Form(region.store.nodes, region, data, row, { rules }).save());
      },
      DELETE: remove(MACHINE),
      "GET power_parameters": powerParameters,
      "POST clear_default_gateways": (request) => {
        const row = writable(request, MACHINE);
        return changed(request, row, { gateway_link_ipv4: null, gateway_link_ipv6: null });
      },
    },
    "rackcontrollers/": { GET: list(RACK), "GET power_parameters": powerParametersOfAll(RACK) },
    "rackcontrollers/{id}/": {
      GET: read(RACK),
      "GET power_parameters": powerParameters,
      PUT(request) {
        const row = writable(request, RACK);
        return changed(request, row, { description: request.data.text("description") ?? row.description });
      },
      DELETE(request) {
        const row = writable(request, RACK);
        deleteRack(request.region, row, flag(request.query, "force", false));
        return deleted;
      },
    },
    "regioncontrollers/": { GET: list(REGION) },
    "regioncontrollers/{id}/": { GET: read(REGION), "GET power_parameters": powerParameters },
  },
});

function pathOf(type: number): string {
  if (type === NodeType.MACHINE) return "machines";
  if (type === NodeType.DEVICE) return "devices";
  return type === NodeType.REGION_CONTROLLER ? "regioncontrollers" : "rackcontrollers";
}

function list(kind: NodeKind): Handler {
  return (request) => listed(request, request.region.store.nodes, askedNodes(request, kind));
}

function read(kind: NodeKind): Handler {
  return (request) => {
    const { region } = request;
    const node = findNode(region, kind, part(request, "id"));
    requireView(region, node);
    return shown(request, region.store.nodes, node);
  };
}

/** Deletes a node of any kind; a rack as `rackcontrollers/` does. */
function remove(kind: NodeKind): Handler {
  return (request) => {
    const node = writable(request, kind);
    if (isRack(node)) deleteRack(request.region, node, false);
    else deleteNode(request.region.store, node);
    return deleted;
  };
}

function writable(request: ApiRequest, kind: NodeKind): NodeRow {
  const row = findNode(request.region, kind, part(request, "id"));
  requirePermission(request);
  return row;
}

function changed(request: ApiRequest, row: NodeRow, values: Partial<NodeRow>) {
  const { nodes } = request.region.store;
  nodes.update(row, values);
  return shown(request, nodes, row);
}

/** What nodes need to be powered on: nothing is known of it here. */
function powerParametersOfAll(kind: NodeKind): Handler {
  return (request) => {
    requireAdmin(request);
    return json(Object.fromEntries(askedNodes(request, kind).map((node) => [node.system_id, {}])));
  };
}

function powerParameters(request: ApiRequest) {
  writable(request, ANY_NODE);
  return json({});
}
