import { badRequest } from "../errors";
import { SpaceForm } from "../forms/named";
import { find } from "../models/lookup";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "space", part(request, "id"));

const hasUndefined = ({ region }: ApiRequest) => region.store.vlans.hasBy("space", null);

/** The pseudo-space of everything without a space: it can be read, not written. */
const isUndefined = (request: ApiRequest) => ["-1", "undefined"].includes(part(request, "id"));

export const spaces: Handlers = {
  GET(request) {
    const view = viewOf(request);
    const rows = request.region.store.spaces.all().map((space) => view.space(space));
    return json(hasUndefined(request) ? [...rows, view.undefinedSpace()] : rows);
  },
  POST(request) {
    requireAdmin(request);
    return json(viewOf(request).space(new SpaceForm(request.region, request.data).save()));
  },
};

export const space: Handlers = {
  GET(request) {
    const isAsked = part(request, "id") === "-1" || (part(request, "id") === "undefined" && hasUndefined(request));
    return json(isAsked ? viewOf(request).undefinedSpace() : viewOf(request).space(named(request)));
  },
  PUT(request) {
    if (isUndefined(request)) throw badRequest("Space cannot be modified: undefined");
    const row = named(request);
    requirePermission(request);
    return json(viewOf(request).space(new SpaceForm(request.region, request.data, row).save()));
  },
  DELETE(request) {
    if (isUndefined(request)) throw badRequest("Space cannot be deleted: undefined");
    const row = named(request);
    requirePermission(request);
    const { store } = request.region;
    for (const vlan of store.vlans.by("space", row.id)) store.vlans.update(vlan, { spaceId: null });
    store.spaces.delete(row);
    return deleted;
  },
};
