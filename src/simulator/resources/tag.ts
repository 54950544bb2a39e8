import {
  type ApiRequest,
  collection,
  type Handler,
  item,
  json,
  listed,
  plain,
  requirePermission,
} from "../api/handler";
import { asText } from "../api/params";
import { column, type RowOf } from "../model/columns";
import { Invalid } from "../model/errors";
import { text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import { only } from "../model/specifier";
import { uniqueName } from "./names";
import { ANY_NODE, DEVICE, MACHINE, type NodeKind, RACK, REGION } from "./node/kinds";
import { listedNodes } from "./node/lookup";
import type { NodeRow } from "./node/node";

function checkName(value: unknown): unknown {
  if (!/^[a-zA-Z0-9_-]+$/.test(value as string)) throw Invalid.whole("Enter a valid value.");
  return value;
}

const columns = {
  name: column<string>({ field: text({ required: true, maxLength: 256 }), check: checkName }),
  definition: column<string>({ field: text(), default: "", blank: true }),
  comment: column<string>({ field: text(), default: "", blank: true }),
  kernel_opts: column<string>({ field: text(), default: "", blank: true }),
};

export type TagRow = RowOf<typeof columns>;

const named = ({ region: { store }, path }: ApiRequest): TagRow => only("Tag", store.tags.by("name", path.id ?? ""));

const { GET, PUT, DELETE } = item("tags", { locate: named, permit: () => undefined });

/** To change a tag a plain user gets an empty refusal, whether it is there or not. */
const forAdmins =
  (handler: Handler): Handler =>
  (request) => {
    requirePermission(request);
    return handler(request);
  };

/** A tag of nodes. Definitions are kept and not evaluated: nothing is known of the hardware. */
export const tags: Resource<TagRow> = defineResource({
  model: "Tag",
  path: "tags",
  columns,
  indexes: ["name"],
  showsId: false,
  rules: { unique: uniqueName },
  uri: ({ name }) => `tags/${name}/`,
  remove({ store }, tag) {
    for (const node of store.nodes.all()) {
      if (node.tags.includes(tag.id)) store.nodes.update(node, { tags: node.tags.filter((id) => id !== tag.id) });
    }
    store.tags.delete(tag);
  },
  endpoints: {
    "tags/": collection("tags", { permit: requirePermission }),
    "tags/{id}/": {
      GET,
      PUT: forAdmins(PUT),
      DELETE: forAdmins(DELETE),
      "GET nodes": nodesOf(ANY_NODE),
      "GET machines": nodesOf(MACHINE),
      "GET devices": nodesOf(DEVICE),
      "GET rack_controllers": nodesOf(RACK),
      "GET region_controllers": nodesOf(REGION),
      "POST rebuild": forAdmins((request) => json({ rebuilding: named(request).name })),
      "POST update_nodes": forAdmins(updateNodes),
    },
  },
});

function nodesOf(kind: NodeKind): Handler {
  return (request) => {
    const tag = named(request);
    const nodes = listedNodes(request.region, kind).filter((node) => node.tags.includes(tag.id));
    return listed(request, request.region.store.nodes, nodes);
  };
}

function updateNodes(request: ApiRequest) {
  const { data, region } = request;
  const { nodes } = region.store;
  const tag = named(request);
  const definition = data.text("definition");
  if (definition !== undefined && definition !== tag.definition) {
    return plain(`Definition supplied '${definition}' doesn't match current definition '${tag.definition}'`, 409);
  }
  const asked = (name: string): NodeRow[] => {
    const systemIds = new Set(
      data
        .all(name)
        .flat()
        .map((value) => asText(value as string)),
    );
    return nodes.all().filter(({ system_id }) => systemIds.has(system_id));
  };
  const added = asked("add");
  const removed = asked("remove");
  for (const node of added) nodes.update(node, { tags: [...new Set([...node.tags, tag.id])] });
  for (const node of removed) nodes.update(node, { tags: node.tags.filter((id) => id !== tag.id) });
  return json({ added: added.length, removed: removed.length });
}
