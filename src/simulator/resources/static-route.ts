import { type ApiRequest, collection, item, part } from "../api/handler";
import { column, reference, type RowOf } from "../model/columns";
import { crash, Invalid, notFound } from "../model/errors";
import { bySpecifier, integer, ipAddress } from "../model/fields";
import { type Form, type FormRules, isTaken } from "../model/form";
import { defineResource, type Resource } from "../model/resource";
import { readAddress } from "../text/addresses";
import { readInteger } from "../text/python";
import type { SubnetRow } from "./subnet/subnet";

const subnet = bySpecifier("subnets", { required: true });

const columns = {
  source: reference("subnets", { field: subnet }),
  destination: reference("subnets", { field: subnet }),
  gateway_ip: column<string>({ field: ipAddress(true) }),
  metric: column<number>({ field: integer({ min: 0, max: 2147483647 }), default: 0 }),
};

export type StaticRouteColumns = typeof columns;
export type StaticRouteRow = RowOf<StaticRouteColumns>;

const rules: FormRules<StaticRouteRow> = {
  cleanForm(form) {
    const gateway = readAddress(form.get<string>("gateway_ip") ?? "");
    if (gateway === undefined) return;
    const source = form.get<SubnetRow>("source");
    if (source === undefined) throw crash("'NoneType' object has no attribute 'get_ipnetwork'");
    if (!source.network.contains(gateway)) form.addError("gateway_ip", `Enter an IP address in ${source.cidr}.`);
  },
  cleanModel({ draft, region: { store } }: Form<StaticRouteRow>) {
    const source = store.subnets.get(draft.source);
    const destination = store.subnets.get(draft.destination);
    if (source === undefined || destination === undefined) return;
    if (source === destination) throw Invalid.whole("source and destination cannot be the same subnet.");
    if (source.network.family !== destination.network.family) {
      throw Invalid.whole("source and destination must be the same IP version.");
    }
    const gateway = readAddress(draft.gateway_ip ?? "");
    if (gateway !== undefined && !source.network.contains(gateway)) {
      throw Invalid.whole("gateway_ip must be with in the source subnet.");
    }
  },
  isUniqueOnSaveOnly: true,
  unique(form) {
    const { source, destination, gateway_ip } = form.draft;
    const same = form.table
      .by("source", source ?? null)
      .filter((route) => route.destination === destination && route.gateway_ip === gateway_ip);
    if (!isTaken(form, same)) return undefined;
    return ["__all__", "Static route with this Source, Destination and Gateway IP already exists."];
  },
};

/** A route that MAAS gives to machines on the source subnet. */
export const staticRoutes: Resource<StaticRouteRow> = defineResource({
  model: "StaticRoute",
  path: "static-routes",
  columns,
  indexes: ["source", "destination"],
  seed: {},
  rules,
  endpoints: {
    "static-routes/": collection("static_routes"),
    "static-routes/{id}/": item("static_routes", { locate }),
  },
});

/** MAAS finds routes by their number alone. */
function locate(request: ApiRequest): StaticRouteRow {
  const id = readInteger(part(request, "id"));
  if (id === undefined) throw crash(`Field 'id' expected a number but got '${part(request, "id")}'.`);
  const route = request.region.store.static_routes.get(id);
  if (route === undefined) throw notFound("No StaticRoute matches the given query.");
  return route;
}
