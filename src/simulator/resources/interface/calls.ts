import {
  type ApiRequest,
  deleted,
  flag,
  type Handler,
  type Handlers,
  json,
  listed,
  mandatory,
  part,
  shown,
} from "../../api/handler";
import { conflict, forbidden, permissionDenied } from "../../model/errors";
import { Form } from "../../model/form";
import { only } from "../../model/specifier";
import { View } from "../../model/view";
import { readAddress, showAddress } from "../../text/addresses";
import { readAnyInteger } from "../../text/python";
import { deleteAddress } from "../ip-address/addresses";
import { ANY_NODE, isController, MACHINE, NodeType } from "../node/kinds";
import { findNode } from "../node/lookup";
import type { NodeRow } from "../node/node";
import { mayAdminister, mayEdit, requireView } from "../node/permissions";
import { createInterface, type CreatedType, INTERFACE_FORMS } from "./create";
import type { InterfaceRules } from "./forms/common";
import { controllerRules, deployedRules } from "./forms/restricted";
import type { InterfaceRow } from "./interface";
import { disconnected } from "./json";
import { linkForm, setDefaultGatewayForm, unlinkForm } from "./link-forms";
import { deleteInterface, interfacesOf } from "./rows";
import { saveInterface } from "./save";

/** The calls of a node's list of interfaces. */
export const interfacesCalls: Handlers = {
  GET(request) {
    const { interfaces } = request.region.store;
    const node = nodeOf(request);
    requireView(request.region, node);
    return listed(request, interfaces, interfacesOf(request.region.store, node));
  },
  "POST create_physical"(request) {
    const node = nodeOf(request);
    if (!mayEdit(request.region, node)) throw permissionDenied();
    requireNoController(node, "create");
    if (node.node_type === NodeType.MACHINE && !mayAdminister(request.region)) throw permissionDenied();
    requireState(node, "create");
    return show(request, createInterface(request.region, node, "physical", request.data));
  },
  "POST create_bond": createOnMachine("bond"),
  "POST create_vlan": createOnMachine("vlan"),
  "POST create_bridge": createOnMachine("bridge"),
};

/** The calls of one interface. */
export const interfaceCalls: Handlers = {
  GET(request) {
    const { node, nic } = find(request);
    requireView(request.region, node);
    return show(request, nic);
  },
  PUT(request) {
    const { node, nic } = writable(request);
    requireState(node, "update interface", [DEPLOYED]);
    const { region, data } = request;
    const rules = rulesFor(node, nic);
    const submitted = data.copy();
    if (nic.type === "vlan" && data.has("parent")) submitted.set("parents", data.get("parent"));
    return show(request, new Form(region.store.interfaces, region, submitted, nic, { rules }).save());
  },
  DELETE(request) {
    const { node, nic } = writable(request);
    requireNoController(node, "delete interface");
    requireState(node, "delete interface");
    deleteInterface(request.region.store, nic);
    return deleted;
  },
  "POST link_subnet"(request) {
    const force = flag(request.data, "force", false);
    const run = operation("link subnet", "link subnet", ({ region, data }, nic, node) => {
      linkForm(region, nic, node, data, force);
    });
    return run(request);
  },
  "POST unlink_subnet": operation("link subnet", "unlink subnet", ({ region, data }, nic) => {
    unlinkForm(region, nic, data);
  }),
  "POST set_default_gateway": operation("link subnet", "set default gateway", ({ region, data }, nic, node) => {
    setDefaultGatewayForm(region, nic, node, data);
  }),
  "POST disconnect"(request) {
    const { store } = request.region;
    const nic = operated(request, "disconnect", "disconnect", (_request, row) => {
      for (const address of store.ip_addresses.by("interface", row.id)) deleteAddress(store, address);
      saveInterface(request.region, row, { vlan: null });
    });
    return json(disconnected(new View(request.region), nic));
  },
  "POST add_tag": tag((tags, added) => (tags.includes(added) ? [...tags] : [...tags, added])),
  "POST remove_tag": tag((tags, removed) => tags.filter((other) => other !== removed)),
};

const nodeOf = (request: ApiRequest): NodeRow => findNode(request.region, ANY_NODE, part(request, "system"));

/** The interface of the node by its id, an address or its name. @throws MaasError */
function find(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const { store } = request.region;
  const specifier = part(request, "id").trim();
  const id = readAnyInteger(specifier) ?? readAnyInteger(/^(?:interface-|id:)(\d+)$/.exec(specifier)?.[1] ?? "");
  const address = readAddress(specifier);
  const name = specifier.replace(/^name:/, "");
  const isMeant = (nic: InterfaceRow) => {
    if (id !== undefined) return nic.id === id;
    if (address === undefined) return nic.name === name;
    return store.ip_addresses.by("ip", showAddress(address)).some((row) => row.interface === nic.id);
  };
  const node = store.nodes.by("system_id", part(request, "system"))[0];
  const nic = only("Interface", node === undefined ? [] : store.interfaces.by("node", node.id).filter(isMeant));
  return { node: store.nodes.need(nic.node ?? 0), nic };
}

/** Interfaces of machines and controllers are administrators'; those of a device belong to its owner. */
function writable(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const found = find(request);
  const { region } = request;
  const may = found.node.node_type === NodeType.DEVICE ? mayEdit(region, found.node) : mayAdminister(region);
  if (!may) throw permissionDenied();
  return found;
}

function requireNoController(node: NodeRow, operation: string): void {
  if (isController(node)) throw forbidden(`Cannot ${operation} interface on a controller.`);
}

const DEPLOYED = 6;

/** New, Ready, Allocated, Broken, Failed testing: a machine's network may be changed. */
const CHANGEABLE = [0, 4, 8, 10, 22];

function requireState(node: NodeRow, operation: string, besides: readonly number[] = []): void {
  if (node.node_type !== NodeType.MACHINE || [...CHANGEABLE, ...besides].includes(node.status)) return;
  throw conflict(`Cannot ${operation} interface because the machine is not New, Ready, Allocated, or Broken.`);
}

const show = (request: ApiRequest, nic: InterfaceRow) => shown(request, request.region.store.interfaces, nic);

function rulesFor(node: NodeRow, nic: InterfaceRow): InterfaceRules {
  if (isController(node)) {
    if (nic.type === "vlan") throw forbidden("Cannot modify VLAN interface on controller.");
    return controllerRules;
  }
  return node.node_type === NodeType.MACHINE && node.status === DEPLOYED
    ? deployedRules(nic)
    : INTERFACE_FORMS[nic.type as CreatedType](node);
}

type Work = (request: ApiRequest, nic: InterfaceRow, node: NodeRow) => void;

/** An operation on one interface; MAAS's words for it on controllers and on busy machines differ at times. */
function operation(onController: string, onMachine: string, work: Work): Handler {
  return (request) => show(request, operated(request, onController, onMachine, work));
}

function operated(request: ApiRequest, onController: string, onMachine: string, work: Work): InterfaceRow {
  const { node, nic } = writable(request);
  requireNoController(node, onController);
  requireState(node, onMachine);
  work(request, nic, node);
  return nic;
}

function createOnMachine(type: CreatedType): Handler {
  return (request) => {
    const node = findNode(request.region, MACHINE, part(request, "system"));
    if (!mayAdminister(request.region)) throw permissionDenied();
    requireState(node, `create ${type === "vlan" ? "VLAN" : type}`);
    return show(request, createInterface(request.region, node, type, request.data));
  };
}

/** The interface is saved even when its tags stay as they are. */
function tag(change: (tags: readonly string[], tag: string) => string[]): Handler {
  return (request) => {
    const { nic } = writable(request);
    saveInterface(request.region, nic, { tags: change(nic.tags, mandatory(request.data, "tag")) });
    return show(request, nic);
  };
}
