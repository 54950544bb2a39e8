import { ReservedIpForm } from "../forms/reserved-ip";
import { find } from "../models/lookup";
import { requireAdmin } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "reservedip", part(request, "id"));

export const reservedIps: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.reservedIps.all().map((reserved) => view.reservedIp(reserved)));
  },
  POST(request) {
    requireAdmin(request);
    return json(viewOf(request).reservedIp(new ReservedIpForm(request.region, request.data).save()));
  },
};

export const reservedIp: Handlers = {
  GET: (request) => json(viewOf(request).reservedIp(named(request))),
  PUT(request) {
    requireAdmin(request);
    return json(viewOf(request).reservedIp(new ReservedIpForm(request.region, request.data, named(request)).save()));
  },
  DELETE(request) {
    requireAdmin(request);
    request.region.store.reservedIps.delete(named(request));
    return deleted;
  },
};
