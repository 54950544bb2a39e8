import { type ApiRequest, collection, type Handler, item, named, requireAdmin, shown } from "../../api/handler";
import { asText } from "../../api/params";
import { column, optionalReference, reference, type RowOf } from "../../model/columns";
import { badRequest, crash, Invalid } from "../../model/errors";
import { bySpecifier, checkbox, type FormField, isEmpty, text } from "../../model/fields";
import type { FormRules } from "../../model/form";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";
import type { Row } from "../../model/table";
import type { RangeRow } from "../ip-range";
import { embeddedNode } from "../node/embedded";
import { isRack } from "../node/kinds";
import type { NodeRow } from "../node/node";
import type { SubnetRow } from "../subnet/subnet";
import { removeSnippet } from "./snippets";
import { versionedText, versionsOf } from "./text-file";

/** A node of any kind by its system id or hostname. */
const nodeChoice: FormField = {
  required: false,
  type: "reference",
  clean(value, { store }) {
    if (isEmpty(value)) return null;
    const name = asText(value);
    const node = store.nodes.all().find(({ system_id, hostname }) => system_id === name || hostname === name);
    if (node !== undefined) return node;
    throw Invalid.whole(`Select a valid choice. ${name} is not one of the available choices.`);
  },
};

function checkName(value: unknown): unknown {
  if (isEmpty(value)) throw Invalid.whole("This field cannot be blank.");
  return value;
}

const columns = {
  name: column<string>({ field: text(), check: checkName }),
  value: reference("text_files", {
    field: versionedText,
    json: (row, { region: { store } }): unknown => store.text_files.need((row as DhcpSnippetRow).value).data,
  }),
  description: column<string>({ field: text(), default: "", blank: true }),
  enabled: column<boolean>({ field: checkbox, default: true }),
  node: optionalReference("nodes", {
    field: nodeChoice,
    by: "system_id",
    json: (row, view): unknown => embeddedNode((row as DhcpSnippetRow).node, view),
  }),
  subnet: optionalReference("subnets", { field: bySpecifier("subnets") }),
  iprange: optionalReference("ip_ranges", {
    field: bySpecifier("ip_ranges", {
      isOffered(range: Row, live: Row | undefined): boolean {
        const { subnet = null } = (live ?? {}) as { readonly subnet?: number | null };
        return subnet === null || (range as RangeRow).subnet === subnet;
      },
    }),
    json: false,
  }),
};

export type DhcpSnippetRow = RowOf<typeof columns>;

/** MAAS's rules: a snippet is for a node, for a subnet or a range of it, or for all. */
const rules: FormRules<DhcpSnippetRow> = {
  parameters: { global_snippet: checkbox },
  prepare(data, _region, live) {
    if (live === undefined && !data.has("enabled")) data.set("enabled", true);
  },
  clean: {
    name(value, { live }) {
      if (live === undefined && isEmpty(value)) throw Invalid.whole("This field is required.");
      return value;
    },
  },
  cleanForm(form) {
    const { live, cleaned, draft } = form;
    const drop = (name: "node" | "subnet") => {
      cleaned.set(name, null);
      draft[name] = null;
    };
    const node = form.get<NodeRow>("node")?.id ?? null;
    const subnet = form.get<SubnetRow>("subnet")?.id ?? null;
    if (form.get("global_snippet") === true) {
      drop("node");
      drop("subnet");
    } else if ((live?.subnet ?? null) === subnet && node !== null) drop("subnet");
    else if ((live?.node ?? null) === node && subnet !== null) drop("node");
  },
  cleanModel({ draft: { node = null, subnet = null, iprange = null }, region: { store } }) {
    if (node !== null && subnet !== null) {
      throw Invalid.whole("A DHCP snippet cannot be enabled on a node and subnet at the same time.");
    }
    if (iprange === null) return;
    if (subnet === null) {
      throw Invalid.whole("A DHCP snippet cannot be enabled on an iprange withouta parent subnet");
    }
    if (store.ip_ranges.get(iprange)?.subnet !== subnet) {
      throw Invalid.whole("A DHCP snippet's IP Range must be within theparent subnet");
    }
  },
  beforeSave({ draft, region }) {
    if (!region.version.features.dhcpSnippetsUntried) tryOnRack(region, draft);
  },
};

/** Older releases let a rack that serves the snippet try it first; what racks try here is good. @throws MaasError */
function tryOnRack({ store }: Region, { node = null, subnet = null }: Partial<DhcpSnippetRow>): void {
  const vlans = vlansOf(store, node, subnet);
  const nics = vlans.flatMap((vlan) => store.interfaces.by("vlan", vlan));
  const serving = nics.map((nic) => store.nodes.get(nic.node)).filter((it) => it !== undefined);
  const isGlobal = node === null && subnet === null;
  const racks = (isGlobal ? store.nodes.all() : serving).filter(isRack);
  if (racks.some(({ services }) => services.rackd === "running")) return;
  if (isGlobal) throw crash("'list' object has no attribute 'ident'");
  throw badRequest("Unable to validate DHCP config, no available rack controller connected.");
}

function vlansOf({ subnets, interfaces }: Store, node: number | null, subnet: number | null): number[] {
  const nics = node === null ? [] : interfaces.by("node", node);
  return [subnets.get(subnet)?.vlan, ...nics.map(({ vlan }) => vlan)].filter((id) => typeof id === "number");
}

const forAdmins =
  (handler: Handler): Handler =>
  (request) => {
    requireAdmin(request);
    return handler(request);
  };

const one = item("dhcp_snippets", { permit: () => undefined });

/** A piece of configuration for the DHCP servers. */
export const dhcpSnippets: Resource<DhcpSnippetRow> = defineResource({
  model: "DHCPSnippet",
  path: "dhcp-snippets",
  columns,
  indexes: ["subnet", "node", "iprange"],
  specifiers: {
    byText: ({ dhcp_snippets }, name) => dhcp_snippets.all().filter((snippet) => snippet.name === name),
    prefixes: { name: ({ dhcp_snippets }, name) => dhcp_snippets.all().filter((snippet) => snippet.name === name) },
  },
  rules,
  json: ({ value, node, subnet }, { region: { store } }) => ({
    global_snippet: node === null && subnet === null,
    history: versionsOf(store, value).map(({ id, data, created }) => ({
      id,
      value: data,
      created: new Date(`${created}Z`).toUTCString().replace("GMT", "-0000"),
    })),
  }),
  remove({ store }, snippet) {
    removeSnippet(store, snippet);
  },
  endpoints: {
    "dhcp-snippets/": collection("dhcp_snippets"),
    "dhcp-snippets/{id}/": {
      GET: one.GET,
      PUT: forAdmins(one.PUT),
      DELETE: forAdmins(one.DELETE),
      "POST revert": forAdmins(revert),
    },
  },
});

/** Back to an earlier version: its id, or how many versions back as a negative number. Newer ones are gone. */
function revert(request: ApiRequest) {
  const { region, data } = request;
  const { store } = region;
  const given = data.text("to");
  if (given === undefined) throw badRequest("You must specify where to revert to");
  const to = Number(given);
  if (!Number.isInteger(to)) throw badRequest(`${given} is an invalid 'to' value`);
  const snippet = named(request, "dhcp_snippets");
  const versions = versionsOf(store, snippet.value);
  const at = to <= 0 ? -to : versions.findIndex(({ id }) => id === to);
  const version = versions[at];
  if (version === undefined) throw badRequest(to < 0 ? "Goes too far back." : `${to} not found in history`);
  store.dhcp_snippets.update(snippet, { value: version.id });
  for (const newer of versions.slice(0, at)) store.text_files.delete(newer);
  return shown(request, store.dhcp_snippets, snippet);
}
