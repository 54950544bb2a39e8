import { type ApiRequest, collection, item, json, part } from "../api/handler";
import { column, type RowOf } from "../model/columns";
import { badRequest } from "../model/errors";
import { isEmpty, text } from "../model/fields";
import { defineResource, type Resource } from "../model/resource";
import { API_PATH, type Json, View } from "../model/view";
import { checkNameOf, idInName, refuseReservedName, uniqueName } from "./names";

const columns = {
  name: column<string | null>({
    field: text({ maxLength: 256, empty: null }),
    default: null,
    blank: true,
    check: checkNameOf("space"),
    json: (row): string => (row as SpaceRow).name ?? `space-${row.id}`,
  }),
  description: column<string>({ field: text(), default: "", blank: true, jsonSince: "spaceDescription" }),
};

export type SpaceColumns = typeof columns;
export type SpaceRow = RowOf<SpaceColumns>;

const { GET: read, PUT: update, DELETE: remove } = item("spaces");

/** A space: VLANs whose subnets may reach each other. */
export const spaces: Resource<SpaceRow> = defineResource({
  model: "Space",
  path: "spaces",
  columns,
  indexes: ["name"],
  specifiers: {
    byText: ({ spaces }, item) => spaces.by("name", item),
    prefixes: { name: ({ spaces }, item) => spaces.by("name", item) },
  },
  key: {
    of: ({ name, id }) => name ?? `space-${id}`,
    find: ({ spaces }, key) => spaces.by("name", key)[0],
  },
  seed: {
    live({ spaces }, { name }) {
      const id = idInName(spaces, name);
      return id === undefined ? undefined : spaces.insert({ id });
    },
  },
  rules: {
    cleanModel(form) {
      refuseReservedName(form, "space");
    },
    unique: uniqueName,
    write({ table, live, draft }) {
      const space = live ?? table.insert(draft);
      table.update(space, { ...draft, name: isEmpty(draft.name) ? `space-${space.id}` : (draft.name ?? null) });
      return space;
    },
  },
  json: (space, view) => members(view, space.id),
  remove({ store }, space) {
    for (const vlan of store.vlans.by("space", space.id)) store.vlans.update(vlan, { space: null });
    store.spaces.delete(space);
  },
  endpoints: {
    "spaces/": {
      ...collection("spaces"),
      GET(request) {
        const { store } = request.region;
        const view = new View(request.region);
        const rows = store.spaces.all().map((space) => view.show(store.spaces, space));
        return json(hasUndefined(request) ? [...rows, undefinedSpace(view)] : rows);
      },
    },
    "spaces/{id}/": {
      GET(request) {
        const id = part(request, "id");
        const isUndefinedAsked = id === "-1" || (id === "undefined" && hasUndefined(request));
        return isUndefinedAsked ? json(undefinedSpace(new View(request.region))) : read(request);
      },
      PUT(request) {
        if (isUndefined(request)) throw badRequest("Space cannot be modified: undefined");
        return update(request);
      },
      DELETE(request) {
        if (isUndefined(request)) throw badRequest("Space cannot be deleted: undefined");
        return remove(request);
      },
    },
  },
});

const hasUndefined = ({ region }: ApiRequest) => region.store.vlans.hasBy("space", null);

/** The pseudo-space of everything without a space: it can be read, not written. */
const isUndefined = (request: ApiRequest) => ["-1", "undefined"].includes(part(request, "id"));

/** The pseudo-space of all VLANs without one, which MAAS keeps for old clients. */
function undefinedSpace(view: View): Json {
  const description = "Backward compatibility object to ensure objects not associated with a space can be found.";
  return {
    name: "undefined",
    ...(view.region.version.features.spaceDescription ? { description } : {}),
    ...members(view, null),
    id: -1,
    resource_uri: `${API_PATH}spaces/undefined/`,
  };
}

function members(view: View, spaceId: number | null): Json {
  const { vlans, subnets } = view.region.store;
  const own = vlans.by("space", spaceId);
  return {
    vlans: own.map((vlan) => view.show(vlans, vlan)),
    subnets: own.flatMap((vlan) => subnets.by("vlan", vlan.id)).map((subnet) => view.show(subnets, subnet)),
  };
}
