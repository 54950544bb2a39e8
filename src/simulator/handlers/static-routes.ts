import { crash, notFound } from "../errors";
import { StaticRouteForm } from "../forms/static-route";
import type { StaticRouteRow } from "../store/rows";
import { readInteger } from "../text/python";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

function find(request: ApiRequest): StaticRouteRow {
  const id = readInteger(part(request, "id"));
  if (id === undefined) throw crash(`Field 'id' expected a number but got '${part(request, "id")}'.`);
  const route = request.region.store.routes.get(id);
  if (route === undefined) throw notFound("No StaticRoute matches the given query.");
  return route;
}

function writable(request: ApiRequest): StaticRouteRow {
  const route = find(request);
  requirePermission(request);
  return route;
}

export const staticRoutes: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.routes.all().map((route) => view.route(route)));
  },
  POST(request) {
    requireAdmin(request);
    return json(viewOf(request).route(new StaticRouteForm(request.region, request.data).save()));
  },
};

export const staticRoute: Handlers = {
  GET: (request) => json(viewOf(request).route(find(request))),
  PUT(request) {
    const route = writable(request);
    return json(viewOf(request).route(new StaticRouteForm(request.region, request.data, route).save()));
  },
  DELETE(request) {
    request.region.store.routes.delete(writable(request));
    return deleted;
  },
};
