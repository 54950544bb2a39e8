import { conflict, forbidden, permissionDenied } from "../errors";
import { type ChildKind, createChild } from "../forms/child-interface";
import { ControllerInterfaceForm, PhysicalInterfaceForm } from "../forms/interface";
import { linkForm, setDefaultGatewayForm, unlinkForm } from "../forms/interface-link";
import { clearLinks, deleteInterface, setInterfaceVlan } from "../models/interface";
import { only } from "../models/lookup";
import { type InterfaceRow, type NodeRow, NodeType } from "../store/rows";
import { readAnyInteger } from "../text/python";
import { showInterface } from "../view/interface";
import { ANY_NODE, findNode, MACHINE } from "./nodes";
import { flag, mandatory } from "./parameters";
import { type ApiRequest, deleted, type Handler, type Handlers, json, part, type Reply, viewOf } from "./request";

/** New, Ready, Allocated, Broken, Failed testing: a machine's network may be changed. */
const CHANGEABLE = new Set([0, 4, 8, 10, 22]);

const isControllerNode = (node: NodeRow) => node.nodeType !== NodeType.MACHINE && node.nodeType !== NodeType.DEVICE;

const nodeOf = (request: ApiRequest) => findNode(request.region, ANY_NODE, part(request, "system"));

function find(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const { store } = request.region;
  const specifier = part(request, "id").trim();
  const id = readAnyInteger(specifier) ?? readAnyInteger(/^(?:interface-|id:)(\d+)$/.exec(specifier)?.[1] ?? "");
  const name = specifier.replace(/^name:/, "");
  const node = store.nodes.by("systemId", part(request, "system"))[0];
  const nics = node === undefined ? [] : store.interfaces.by("node", node.id);
  const nic = only(
    "Interface",
    nics.filter((row) => (id === undefined ? row.name === name : row.id === id)),
  );
  return { node: store.nodes.need(nic.nodeId ?? 0), nic };
}

function writable(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const found = find(request);
  if (!request.region.user.isSuperuser) throw permissionDenied();
  return found;
}

function requireNoController(node: NodeRow, operation: string): void {
  if (isControllerNode(node)) throw forbidden(`Cannot ${operation} interface on a controller.`);
}

function requireState(node: NodeRow, operation: string): void {
  if (node.nodeType !== NodeType.MACHINE || CHANGEABLE.has(node.status)) return;
  throw conflict(`Cannot ${operation} interface because the machine is not New, Ready, Allocated, or Broken.`);
}

/** An operation on one interface; MAAS's words for it on controllers and on busy machines differ at times. */
const operation =
  (
    onController: string,
    onMachine: string,
    work: (request: ApiRequest, nic: InterfaceRow, node: NodeRow) => void,
  ): Handler =>
  (request) => {
    const { node, nic } = writable(request);
    requireNoController(node, onController);
    requireState(node, onMachine);
    work(request, nic, node);
    return show(request, nic);
  };

const show = (request: ApiRequest, nic: InterfaceRow): Reply => json(showInterface(viewOf(request), nic));

const CHILD_NAMES: Readonly<Record<ChildKind, string>> = { bond: "bond", bridge: "bridge", vlan: "VLAN" };

const createOnMachine =
  (kind: ChildKind): Handler =>
  (request) => {
    const node = findNode(request.region, MACHINE, part(request, "system"));
    if (!request.region.user.isSuperuser) throw permissionDenied();
    requireState(node, `create ${CHILD_NAMES[kind]}`);
    return show(request, createChild(request.region, node, kind, request.data));
  };

export const interfaces: Handlers = {
  GET(request) {
    const view = viewOf(request);
    const node = nodeOf(request);
    return json(request.region.store.interfaces.by("node", node.id).map((nic) => showInterface(view, nic)));
  },
  "POST create_physical"(request) {
    const node = nodeOf(request);
    if (!request.region.user.isSuperuser) throw permissionDenied();
    requireNoController(node, "create");
    requireState(node, "create");
    return show(request, new PhysicalInterfaceForm(request.region, request.data, node).save());
  },
  "POST create_bond": createOnMachine("bond"),
  "POST create_vlan": createOnMachine("vlan"),
  "POST create_bridge": createOnMachine("bridge"),
};

const tag =
  (change: (tags: readonly string[], tag: string) => string[]): Handler =>
  (request) => {
    const { nic } = writable(request);
    const tags = change(nic.tags, mandatory(request.data, "tag"));
    request.region.store.interfaces.update(nic, { tags });
    return show(request, nic);
  };

export const nodeInterface: Handlers = {
  GET: (request) => show(request, find(request).nic),
  PUT(request) {
    const { node, nic } = writable(request);
    if (isControllerNode(node)) {
      if (nic.type === "vlan") throw forbidden("Cannot modify VLAN interface on controller.");
      return show(request, new ControllerInterfaceForm(request.region, request.data, nic).save());
    }
    requireState(node, "update interface");
    return show(request, new PhysicalInterfaceForm(request.region, request.data, node, nic).save());
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
  "POST disconnect": operation("disconnect", "disconnect", ({ region: { store } }, nic) => {
    clearLinks(store, nic);
    setInterfaceVlan(store, nic, null);
  }),
  "POST add_tag": tag((tags, added) => (tags.includes(added) ? [...tags] : [...tags, added])),
  "POST remove_tag": tag((tags, removed) => tags.filter((other) => other !== removed)),
};
