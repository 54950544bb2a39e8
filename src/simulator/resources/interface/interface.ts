import { type ApiRequest, deleted, flag, type Handler, listed, mandatory, part, shown } from "../../api/handler";
import { column, kept, keptReference, optionalReference, type RowOf, seeded } from "../../model/columns";
import { conflict, forbidden, Invalid, permissionDenied } from "../../model/errors";
import { byId, checkbox, checkLimits, integer, macAddress, nullBoolean, text, textArray } from "../../model/fields";
import { Form } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import { only } from "../../model/specifier";
import type { Json, View } from "../../model/view";
import { readAnyInteger } from "../../text/python";
import { AllocType, linkMode } from "../ip-address/addresses";
import type { IpAddressRow } from "../ip-address/ip-address";
import { ANY_NODE, findNode, isController, MACHINE, NodeType } from "../node/kinds";
import type { NodeRow } from "../node/node";
import { type ChildKind, createChild } from "./child";
import { linkForm, setDefaultGatewayForm, unlinkForm } from "./link-forms";
import { childrenOf, clearLinks, deleteInterface, effectiveMtu, linksOf, setInterfaceVlan } from "./links";
import { controllerRules, physicalRules } from "./rules";

export type InterfaceType = "physical" | "bond" | "bridge" | "vlan" | "unknown";

const NAME = /^[\p{L}\p{N}_\-.:]{1,15}$/u;
const NAME_RULE =
  "The interface name must be 1 to 15 characters long and can only contain alphanumeric characters, hyphens ('-'), underscores ('_'), periods ('.'), and colons (':').";

function checkName(value: unknown): unknown {
  if (!NAME.test(String(value))) throw Invalid.whole(NAME_RULE);
  return value;
}

function checkSpeed(value: unknown): unknown {
  if (typeof value === "number") checkLimits(value, 0, 2147483647);
  return value;
}

const columns = {
  node: keptReference("nodes", { json: false }),
  type: kept<InterfaceType>(),
  vlan: optionalReference("vlans", { field: byId("vlans") }),
  tags: column<string[]>({ field: textArray, default: [], blank: true }),
  link_connected: column<boolean>({ field: checkbox, default: true }),
  interface_speed: column<number>({ field: integer({ min: 0 }), default: 0, check: checkSpeed }),
  link_speed: column<number>({ field: integer({ min: 0 }), default: 0, check: checkSpeed }),
  /** A seed may leave it out: it is made up then. */
  mac_address: column<string | null>({
    field: macAddress({ required: true }),
    default: null,
    blank: true,
    seed: macAddress(),
  }),
  name: column<string>({ field: text({ maxLength: 255 }), check: checkName }),
  enabled: column<boolean>({ field: nullBoolean, default: true }),
  params: kept<Record<string, unknown>>({ default: {} }),
  /** Ids of the interfaces that a bond, a bridge or a VLAN interface is made over. */
  parents: kept<number[]>({
    default: [],
    json: (row, { region: { store } }): unknown =>
      (row as InterfaceRow).parents.map((id) => store.interfaces.need(id).name).sort(),
  }),
  /** What the host itself has configured, which a rack reports: addresses such as `10.0.0.2/24`, and its gateways. */
  addresses: seeded<string[]>({ seed: textArray, default: [], json: false }),
  gateways: seeded<string[]>({ seed: textArray, default: [], json: false }),
};

export type InterfaceColumns = typeof columns;
export type InterfaceRow = RowOf<InterfaceColumns>;

/** An interface of a node, or of a MAC address that a user reserved an address for. */
export const interfaces: Resource<InterfaceRow> = defineResource({
  model: "Interface",
  path: "interfaces",
  columns,
  indexes: ["node", "vlan", "mac_address"],
  json: members,
  uri: ({ id, node }, { region: { store } }) =>
    `nodes/${store.nodes.get(node)?.system_id ?? "system_id"}/interfaces/${id}/`,
  endpoints: {
    "nodes/{system}/interfaces/": {
      GET(request) {
        const { interfaces } = request.region.store;
        return listed(request, interfaces, interfaces.by("node", nodeOf(request).id));
      },
      "POST create_physical"(request) {
        const node = nodeOf(request);
        if (!request.region.user.is_superuser) throw permissionDenied();
        requireNoController(node, "create");
        requireState(node, "create");
        return show(request, physicalForm(request, node).save());
      },
      "POST create_bond": createOnMachine("bond"),
      "POST create_vlan": createOnMachine("vlan"),
      "POST create_bridge": createOnMachine("bridge"),
    },
    "nodes/{system}/interfaces/{id}/": {
      GET: (request) => show(request, find(request).nic),
      PUT(request) {
        const { node, nic } = writable(request);
        if (isController(node)) {
          if (nic.type === "vlan") throw forbidden("Cannot modify VLAN interface on controller.");
          const { region, data } = request;
          return show(request, new Form(region.store.interfaces, region, data, nic, { rules: controllerRules }).save());
        }
        requireState(node, "update interface");
        return show(request, physicalForm(request, node, nic).save());
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
    },
  },
});

function members(nic: InterfaceRow, view: View): Json {
  const { store } = view.region;
  return {
    system_id: store.nodes.get(nic.node)?.system_id ?? null,
    children: childrenOf(store, nic)
      .map((child) => child.name)
      .sort(),
    links: linksOf(store, nic).map((link) => showLink(view, link)),
    discovered: showDiscovered(view, nic),
    effective_mtu: effectiveMtu(store, nic),
    vendor: null,
    product: null,
    firmware_version: null,
    numa_node: nic.node === null ? null : 0,
    sriov_max_vf: 0,
  };
}

function showLink(view: View, link: IpAddressRow): Json {
  const subnet = view.showId(view.region.store.subnets, link.subnet);
  return {
    id: link.id,
    mode: linkMode(link),
    ...(link.ip === null ? {} : { ip_address: link.ip }),
    ...(subnet === null ? {} : { subnet }),
  };
}

function showDiscovered(view: View, nic: InterfaceRow): Json[] | null {
  const { ip_addresses, subnets } = view.region.store;
  const discovered = ip_addresses.by("interface", nic.id).filter((row) => row.alloc_type === AllocType.DISCOVERED);
  if (discovered.length === 0) return null;
  return discovered
    .filter((row) => row.ip !== null)
    .map((row) => ({ subnet: view.showId(subnets, row.subnet), ip_address: row.ip }));
}

const nodeOf = (request: ApiRequest): NodeRow => findNode(request.region, ANY_NODE, part(request, "system"));

function find(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const { store } = request.region;
  const specifier = part(request, "id").trim();
  const id = readAnyInteger(specifier) ?? readAnyInteger(/^(?:interface-|id:)(\d+)$/.exec(specifier)?.[1] ?? "");
  const name = specifier.replace(/^name:/, "");
  const node = store.nodes.by("system_id", part(request, "system"))[0];
  const nics = node === undefined ? [] : store.interfaces.by("node", node.id);
  const nic = only(
    "Interface",
    nics.filter((row) => (id === undefined ? row.name === name : row.id === id)),
  );
  return { node: store.nodes.need(nic.node ?? 0), nic };
}

function writable(request: ApiRequest): { node: NodeRow; nic: InterfaceRow } {
  const found = find(request);
  if (!request.region.user.is_superuser) throw permissionDenied();
  return found;
}

function requireNoController(node: NodeRow, operation: string): void {
  if (isController(node)) throw forbidden(`Cannot ${operation} interface on a controller.`);
}

/** New, Ready, Allocated, Broken, Failed testing: a machine's network may be changed. */
const CHANGEABLE = new Set([0, 4, 8, 10, 22]);

function requireState(node: NodeRow, operation: string): void {
  if (node.node_type !== NodeType.MACHINE || CHANGEABLE.has(node.status)) return;
  throw conflict(`Cannot ${operation} interface because the machine is not New, Ready, Allocated, or Broken.`);
}

const show = (request: ApiRequest, nic: InterfaceRow) => shown(request, request.region.store.interfaces, nic);

function physicalForm({ region, data }: ApiRequest, node: NodeRow, nic?: InterfaceRow): Form<InterfaceRow> {
  const given = { node: node.id, type: "physical" } as const;
  return new Form(region.store.interfaces, region, data, nic, { rules: physicalRules(node), given });
}

/** An operation on one interface; MAAS's words for it on controllers and on busy machines differ at times. */
function operation(
  onController: string,
  onMachine: string,
  work: (request: ApiRequest, nic: InterfaceRow, node: NodeRow) => void,
): Handler {
  return (request) => {
    const { node, nic } = writable(request);
    requireNoController(node, onController);
    requireState(node, onMachine);
    work(request, nic, node);
    return show(request, nic);
  };
}

function createOnMachine(kind: ChildKind): Handler {
  return (request) => {
    const node = findNode(request.region, MACHINE, part(request, "system"));
    if (!request.region.user.is_superuser) throw permissionDenied();
    requireState(node, `create ${kind === "vlan" ? "VLAN" : kind}`);
    return show(request, createChild(request.region, node, kind, request.data));
  };
}

function tag(change: (tags: readonly string[], tag: string) => string[]): Handler {
  return (request) => {
    const { nic } = writable(request);
    const tags = change(nic.tags, mandatory(request.data, "tag"));
    request.region.store.interfaces.update(nic, { tags });
    return show(request, nic);
  };
}
