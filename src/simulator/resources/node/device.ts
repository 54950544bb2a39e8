import { type ApiRequest, deleted, type Handlers, listed, part, shown } from "../../api/handler";
import { asText } from "../../api/params";
import { crash, Invalid, permissionDenied } from "../../model/errors";
import { byColumn, type FormField, isEmpty, normaliseMac, REQUIRED, text } from "../../model/fields";
import { Form, type FormRules } from "../../model/form";
import type { Store } from "../../model/store";
import { readInteger } from "../../text/python";
import { defaultDomainId } from "../dns/names";
import { deleteInterface, nextInterfaceName } from "../interface/rows";
import { deleteNode } from "./delete";
import { DEVICE, NodeType } from "./kinds";
import { askedNodes, findNode } from "./lookup";
import { newSystemId, randomHostname } from "./names";
import type { NodeRow } from "./node";
import { mayEdit, requireView } from "./permissions";

/** A domain by its id or its name; empty is "not given". */
const domainChoice: FormField = {
  required: false,
  type: "reference",
  clean(value, { store }) {
    if (isEmpty(value)) return null;
    const given = asText(value).trim();
    const id = readInteger(given);
    if (id !== undefined) {
      const domain = store.domains.get(id);
      if (domain === undefined) throw crash("Domain matching query does not exist.");
      return domain;
    }
    const named = store.domains.by("name", given)[0];
    if (named === undefined) throw Invalid.whole(`Unable to find domain ${given}`);
    return named;
  },
};

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

/** MAAS's rules for devices; new ones have their MAC addresses and belong to their caller. */
const deviceRules = (isNew: boolean): FormRules<NodeRow> => ({
  only: ["hostname", "domain", "description", "parent", "zone"],
  fields: {
    hostname: text(),
    domain: domainChoice,
    description: text(),
    parent: byColumn("nodes", "system_id"),
    zone: byColumn("zones", "name"),
  },
  ...(isNew ? { parameters: { mac_addresses: macAddresses } } : {}),
  prepare(data) {
    if (isNew)
      data.set(
        "mac_addresses",
        data
          .all("mac_addresses")
          .flat()
          .filter((mac) => !isEmpty(mac)),
      );
  },
  cleanModel({ draft, region: { store } }) {
    const [host = "", ...rest] = (draft.hostname ?? "").split(".");
    if (rest.length === 0) return;
    const domain = store.domains.by("name", rest.join("."))[0];
    if (domain === undefined) throw Invalid.field("hostname", "Nonexistant domain.");
    Object.assign(draft, { hostname: host, domain: domain.id });
  },
  unique({ draft, table }, except) {
    const { hostname, id } = draft;
    if (!hostname || except.has("hostname")) return undefined;
    const isTaken = table.all().some((node) => node.hostname === hostname && node.id !== id);
    return isTaken ? ["hostname", "Node with this Hostname already exists."] : undefined;
  },
  beforeSave({ draft, cleaned, region: { store } }) {
    const parent = store.nodes.get(draft.parent);
    if (parent !== undefined && !cleaned.has("domain")) draft.domain = parent.domain;
    if (isEmpty(draft.hostname)) draft.hostname = randomHostname(store);
  },
  write(form) {
    const { draft, live, table, region } = form;
    if (live !== undefined) return form.writeTo(live);
    const device = table.insert({ domain: defaultDomainId(region.store), ...draft });
    for (const mac of form.get<string[]>("mac_addresses") ?? []) addPhysicalInterface(region.store, device, mac);
    return device;
  },
});

function addPhysicalInterface(store: Store, node: NodeRow, mac: string): void {
  const holders = store.interfaces.by("mac_address", mac);
  for (const unknown of holders.filter(({ type }) => type === "unknown")) deleteInterface(store, unknown);
  if (holders.some(({ type }) => type === "physical")) return;
  const name = nextInterfaceName(store, node);
  store.interfaces.insert({ node: node.id, type: "physical", mac_address: mac, name });
}

function create({ region, data }: ApiRequest): NodeRow {
  const given = { node_type: NodeType.DEVICE, status: 0, system_id: newSystemId(region.store), owner: region.user.id };
  const rules = deviceRules(true);
  return new Form(region.store.nodes, region, data, undefined, { rules, given }).save();
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
    return show(request, new Form(region.store.nodes, region, data, device, { rules: deviceRules(false) }).save());
  },
  DELETE(request) {
    deleteNode(request.region.store, writable(request));
    return deleted;
  },
};
