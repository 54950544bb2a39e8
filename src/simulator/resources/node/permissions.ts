import { permissionDenied } from "../../model/errors";
import type { Region } from "../../model/store";
import { NodeType } from "./kinds";
import type { NodeRow } from "./node";

const isFreeOrOwn = ({ user }: Region, { owner }: NodeRow) => owner === null || owner === user.id;

/** Only an administrator may change machines and controllers. */
export const mayAdminister = ({ user }: Region): boolean => user.is_superuser;

/** Nodes without an owner may be edited by all, others by their owner; machines have more checks. */
export const mayEdit = (region: Region, node: NodeRow): boolean => mayAdminister(region) || isFreeOrOwn(region, node);

/** A machine of somebody else is not shown; any other node is, to those who know its id. @throws MaasError */
export function requireView(region: Region, node: NodeRow): void {
  if (node.node_type === NodeType.MACHINE && !mayEdit(region, node)) throw permissionDenied();
}

/** Whether lists show the node to the caller: controllers are administrators'. */
export const isListed = (region: Region, node: NodeRow): boolean =>
  mayAdminister(region) ||
  ((node.node_type === NodeType.MACHINE || node.node_type === NodeType.DEVICE) && isFreeOrOwn(region, node));
