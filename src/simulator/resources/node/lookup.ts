import type { ApiRequest } from "../../api/handler";
import { only } from "../../model/specifier";
import type { Region } from "../../model/store";
import { type NodeKind, NodeType } from "./kinds";
import type { NodeRow } from "./node";
import { isListed } from "./permissions";

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

/** Nodes of the kind that lists show to the caller. */
export const listedNodes = (region: Region, kind: NodeKind): NodeRow[] =>
  LIST_ORDER.filter((type) => kind.types.includes(type))
    .flatMap((type) => region.store.nodes.all().filter((node) => node.node_type === type))
    .filter((node) => isListed(region, node));

/** Those of them that the query asks for. */
export function askedNodes({ region, query }: ApiRequest, kind: NodeKind): NodeRow[] {
  const { store } = region;
  const asked = (name: string) => query.all(name).map((value) => String(value as string));
  const isWanted = (name: string, values: readonly (string | null | undefined)[]) => {
    const wanted = asked(name);
    return wanted.length === 0 || values.some((value) => typeof value === "string" && wanted.includes(value));
  };
  return listedNodes(region, kind).filter(
    (node) =>
      isWanted("hostname", [node.hostname]) &&
      isWanted("id", [node.system_id]) &&
      isWanted("domain", [store.domains.get(node.domain)?.name]) &&
      isWanted("zone", [store.zones.get(node.zone)?.name]) &&
      isWanted("pool", [store.resource_pools.get(node.pool)?.name]) &&
      isWanted(
        "tags",
        node.tags.map((id) => store.tags.get(id)?.name),
      ) &&
      isWanted(
        "mac_address",
        store.interfaces.by("node", node.id).map((nic) => nic.mac_address),
      ),
  );
}
