import { SubnetForm } from "../forms/subnet";
import { showRange } from "../ip-set";
import { find } from "../models/lookup";
import { deleteSubnet } from "../models/subnet";
import type { SubnetRow } from "../store/rows";
import { free, fullSet, inUse, statistics } from "../utilization";
import { showSubnetAddress } from "../view/ip-address";
import { flag } from "./parameters";
import { requireAdmin, requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, type Reply, viewOf } from "./request";
import { suggestions } from "../suggestions";
import { readAddress } from "../text/addresses";

const named = (request: ApiRequest) => find(request.region.store, "subnet", part(request, "id"));

/** A reply to a write shows an unset gateway as empty text; MAAS shows null only once it reads the subnet again. */
const written = (request: ApiRequest, subnet: SubnetRow): Reply =>
  json({ ...viewOf(request).subnet(subnet), gateway_ip: subnet.gatewayIp ?? "" });

export const subnets: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.subnets.all().map((subnet) => view.subnet(subnet)));
  },
  POST(request) {
    requireAdmin(request);
    return written(request, new SubnetForm(request.region, request.data).save());
  },
};

export const subnet: Handlers = {
  GET: (request) => json(viewOf(request).subnet(named(request))),
  PUT(request) {
    const row = named(request);
    requirePermission(request);
    return written(request, new SubnetForm(request.region, request.data, row).save());
  },
  DELETE(request) {
    const row = named(request);
    requirePermission(request);
    deleteSubnet(request.region, row, flag(request.query, "force", false));
    return deleted;
  },
  "GET reserved_ip_ranges"(request) {
    const row = named(request);
    const used = inUse(request.region.store, request.region.version.features, row);
    return json(used.ranges.map((range) => showRange(range, true)));
  },
  "GET unreserved_ip_ranges"(request) {
    const row = named(request);
    const unused = free(request.region.store, request.region.version.features, row);
    return json(unused.ranges.map((range) => showRange(range, false)));
  },
  "GET statistics"(request) {
    const row = named(request);
    const withRanges = flag(request.query, "include_ranges", false);
    const withSuggestions = flag(request.query, "include_suggestions", false);
    const full = fullSet(request.region.store, request.region.version.features, row);
    return json({
      ...statistics(full),
      ...(withRanges ? { ranges: full.ranges.map((range) => showRange(range, true)) } : {}),
      ...(withSuggestions ? suggestions(full) : {}),
    });
  },
  "GET ip_addresses"(request) {
    const row = named(request);
    const withUsername = flag(request.query, "with_username", true);
    const withSummary = flag(request.query, "with_summary", true) && flag(request.query, "with_node_summary", true);
    const rows = request.region.store.addresses.by("subnet", row.id).filter((address) => address.ip !== null);
    rows.sort((a, b) => compareIp(a.ip, b.ip));
    return json(rows.map((address) => showSubnetAddress(request.region.store, address, { withUsername, withSummary })));
  },
};

function compareIp(a: string | null, b: string | null): number {
  const [first, second] = [readAddress(a ?? ""), readAddress(b ?? "")];
  return first === undefined || second === undefined ? 0 : first.compare(second);
}
