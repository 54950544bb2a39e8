import { forbidden } from "../errors";
import { IpRangeForm } from "../forms/ip-range";
import { find } from "../models/lookup";
import type { RangeRow } from "../store/rows";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const named = (request: ApiRequest) => find(request.region.store, "iprange", part(request, "id"));

function requireOwner({ region }: ApiRequest, range: RangeRow): void {
  if (region.user.isSuperuser || range.userId === region.user.id) return;
  throw forbidden("Unable to modify IP range. You don't own the IP range.");
}

export const ipRanges: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.ranges.all().map((range) => view.range(range)));
  },
  POST(request) {
    if (request.data.get("type") === "dynamic" && !request.region.user.isSuperuser) {
      throw forbidden("Unable to create dynamic IP range. You don't have sufficient privileges.");
    }
    return json(viewOf(request).range(new IpRangeForm(request.region, request.data).save()));
  },
};

export const ipRange: Handlers = {
  GET: (request) => json(viewOf(request).range(named(request))),
  PUT(request) {
    const range = named(request);
    requireOwner(request, range);
    return json(viewOf(request).range(new IpRangeForm(request.region, request.data, range).save()));
  },
  DELETE(request) {
    const range = named(request);
    requireOwner(request, range);
    request.region.store.ranges.delete(range);
    return deleted;
  },
};
