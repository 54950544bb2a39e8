import { FabricForm } from "../forms/named";
import { deleteFabric } from "../models/fabric";
import { find } from "../models/lookup";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "fabric", part(request, "id"));

export const fabrics: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.fabrics.all().map((fabric) => view.fabric(fabric)));
  },
  POST(request) {
    requireAdmin(request);
    return json(viewOf(request).fabric(new FabricForm(request.region, request.data).save()));
  },
};

export const fabric: Handlers = {
  GET: (request) => json(viewOf(request).fabric(named(request))),
  PUT(request) {
    const row = named(request);
    requirePermission(request);
    return json(viewOf(request).fabric(new FabricForm(request.region, request.data, row).save()));
  },
  DELETE(request) {
    const row = named(request);
    requirePermission(request);
    deleteFabric(request.region.store, row);
    return deleted;
  },
};
