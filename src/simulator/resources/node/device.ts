import { type ApiRequest, deleted, type Handlers, listed, part, shown } from "../../api/handler";
import { asText } from "../../api/params";
import { Invalid, permissionDenied } from "../../model/errors";
import { type FormField, isEmpty, normaliseMac, REQUIRED } from "../../model/fields";
import { Form, type FormRules } from "../../model/form";
import type { Store } from "../../model/store";
import { deleteInterface, nextInterfaceName } from "../interface/rows";
import { deleteNode } from "./delete";
import { nodeRules } from "./form";
import { DEVICE, NodeType } from "./kinds";
import { askedNodes, findNode } from "./lookup";
import { newSystemId } from "./names";
import type { NodeRow } from "./node";
import { mayEdit, requireView } from "./permissions";

const merged = (messages: readonly string[]) =>
  `One or more MAC addresses is invalid. (${messages.slice(0, 10).join(" — ")}${messages.length > 10 ? ` and ${messages.length - 10} more error${messages.length > 11 ? "s" : ""}` : ""})`;

/** The MAC addresses of a new device, which no interface of another node has. */
const macAddresses: FormField = {
  required: true,
  type: "list",
  clean(value, { store }) {
    const given = isEmpty(value) ? [] : (value as readonly unknown[]).map((item) => asText(item as string).trim());
    if (given.length === 0) throw Invalid.whole(REQUIRED);
    const messages: string[] = [];
    const macs = given.map((mac) => {
      try {
        return normaliseMac(mac);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        messages.push(...error.messages.filter((message) => !messages.includes(message)));
        return mac;
      }
    });
    if (messages.length === 0) messages.push(...macs.flatMap((mac) => holdersOf(store, mac)));
    if (messages.length === 0) return macs;
    throw Invalid.whole(...(given.length > 1 ? [merged(messages)] : messages));
  },
};

const holdersOf = ({ interfaces, nodes }: Store, mac: string): string[] =>
  interfaces
    .by("mac_address", mac.toLowerCase())
    .filter(({ type }) => type !== "unknown")
    .map(({ node }) => `MAC address ${mac} already in use on ${nodes.get(node)?.hostname ?? ""}.`);

const existing = nodeRules(["hostname", "domain", "description", "parent", "zone"]);

/** A new device has its MAC addresses, belongs to its caller, and is in its parent's domain when none is given. */
const created: FormRules<NodeRow> = {
  ...existing,
  parameters: { mac_addresses: macAddresses },
  prepare(data) {
    const given = data.all("mac_addresses").flat();
    data.set(
      "mac_addresses",
      given.filter((mac) => !isEmpty(mac)),
    );
  },
  beforeSave(form) {
    existing.beforeSave?.(form);
    const { draft, cleaned, region } = form;
    const parent = region.store.nodes.get(draft.parent);
    if (parent !== undefined && !cleaned.has("domain")) draft.domain = parent.domain;
  },
  write(form) {
    const device = form.table.insert(form.draft);
    for (const mac of form.get<string[]>("mac_addresses") ?? []) addPhysicalInterface(form.region.store, device, mac);
    return device;
  },
};

function addPhysicalInterface(store: Store, node: NodeRow, mac: string): void {
  const holders = store.interfaces.by("mac_address", mac);
  for (const unknown of holders.filter(({ type }) => type === "unknown")) deleteInterface(store, unknown);
  if (holders.some(({ type }) => type === "physical")) return;
  const name = nextInterfaceName(store, node);
  store.interfaces.insert({ node: node.id, type: "physical", mac_address: mac, name });
}

function create({ region, data }: ApiRequest): NodeRow {
  const given = { node_type: NodeType.DEVICE, status: 0, system_id: newSystemId(region.store), owner: region.user.id };
  return new Form(region.store.nodes, region, data, undefined, { rules: created, given }).save();
}

function writable(request: ApiRequest): NodeRow {
  const device = findNode(request.region, DEVICE, part(request, "id"));
  if (!mayEdit(request.region, device)) throw permissionDenied();
  return device;
}

const show = (request: ApiRequest, device: NodeRow) => shown(request, request.region.store.nodes, device);

/** The calls of the list of devices. */
export const devicesCalls: Handlers = {
  GET: (request) => listed(request, request.region.store.nodes, askedNodes(request, DEVICE)),
  POST: (request) => show(request, create(request)),
};

/** The calls of one device. */
export const deviceCalls: Handlers = {
  GET(request) {
    const device = findNode(request.region, DEVICE, part(request, "id"));
    requireView(request.region, device);
    return show(request, device);
  },
  PUT(request) {
    const { region, data } = request;
    const device = writable(request);
    return show(request, new Form(region.store.nodes, region, data, device, { rules: existing }).save());
  },
  DELETE(request) {
    deleteNode(request.region.store, writable(request));
    return deleted;
  },
};
