import { type ApiRequest, collection, deleted, item, listed, part, requireAdmin } from "../api/handler";
import { column, type RowOf } from "../model/columns";
import { badRequest } from "../model/errors";
import { text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import { only } from "../model/specifier";
import { byName, checkModelName, uniqueName } from "./names";

const columns = {
  name: column<string>({ field: text({ required: true, maxLength: 256 }), check: checkModelName }),
  description: column<string>({ field: text(), default: "", blank: true }),
};

export type ZoneRow = RowOf<typeof columns>;

/** The zone that always exists, and that nodes are in when nothing is said. */
export const DEFAULT_ZONE_ID = 1;

const named = ({ region: { store }, path }: ApiRequest): ZoneRow => only("Zone", store.zones.by("name", path.id ?? ""));

const { GET: read, PUT: update, DELETE: remove } = item("zones", { locate: named, permit: () => undefined });

/** A physical zone: nodes that stand together. */
export const zones: Resource<ZoneRow> = defineResource({
  model: "Zone",
  label: "Physical zone",
  path: "zones",
  columns,
  indexes: ["name"],
  rules: { unique: uniqueName },
  uri: ({ name }) => `zones/${name}/`,
  remove({ store }, zone) {
    if (zone.id === DEFAULT_ZONE_ID) throw badRequest("This zone is the default zone, it cannot be deleted.");
    for (const node of store.nodes.all()) {
      if (node.zone === zone.id) store.nodes.update(node, { zone: DEFAULT_ZONE_ID });
    }
    store.zones.delete(zone);
  },
  endpoints: {
    "zones/": {
      ...collection("zones"),
      GET: (request) => listed(request, request.region.store.zones, request.region.store.zones.all().sort(byName)),
    },
    "zones/{id}/": {
      GET: read,
      PUT(request) {
        requireAdmin(request);
        return update(request);
      },
      /** A zone that is not there counts as deleted. */
      DELETE(request) {
        requireAdmin(request);
        return request.region.store.zones.hasBy("name", part(request, "id")) ? remove(request) : deleted;
      },
    },
  },
});
