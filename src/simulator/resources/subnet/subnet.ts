import { Cidr } from "../../../../lib/model/cidr";
import {
  type ApiRequest,
  collection,
  deleted,
  flag,
  type Handler,
  item,
  json,
  named,
  requirePermission,
} from "../../api/handler";
import { column, derived, reference, type RowOf } from "../../model/columns";
import { badRequest, Invalid } from "../../model/errors";
import { byId, checkbox, checkLength, choice, ipAddress, isEmpty, text, textArray } from "../../model/fields";
import { defineResource, type Resource } from "../../model/resource";
import type { Region, Store } from "../../model/store";
import { readAddress, readNetwork, showCidr } from "../../text/addresses";
import { readInteger } from "../../text/python";
import { removeSnippet } from "../dhcp/snippets";
import { AllocType, deleteAddress, showSubnetAddress } from "../ip-address/addresses";
import { spaceNameOf, subnetLabel } from "../names";
import { showRange } from "./ip-set";
import { dynamicRanges, subnetSpecifiers } from "./lookup";
import { subnetRules } from "./rules";
import { free, fullSet, inUse, statistics, suggestions } from "./utilization";

const NAME = /^[.: \p{L}\p{N}_/-]+$/u;

/** The network the model stores. @throws Invalid, as MAAS's CIDR column does */
function checkCidr(value: unknown): unknown {
  const network = readNetwork(value as string);
  if (network === undefined) throw Invalid.whole(`invalid IPNetwork ${value as string}`);
  return showCidr(network);
}

function checkRdnsMode(value: unknown): unknown {
  const mode = readInteger(String(value));
  if (mode === undefined) throw Invalid.whole(`“${String(value)}” value must be an integer.`);
  return mode;
}

function checkName(value: unknown): unknown {
  if (isEmpty(value)) throw Invalid.whole("This field cannot be blank.");
  if (!NAME.test(value as string)) throw Invalid.whole("Enter a valid value.");
  checkLength(value as string, 255);
  return value;
}

const columns = {
  name: column<string>({ field: text({ maxLength: 255 }), check: checkName }),
  description: column<string>({ field: text(), default: "", blank: true }),
  vlan: reference("vlans", { field: byId("vlans") }),
  /** In MAAS's spelling. */
  cidr: column<string>({ field: text({ required: true }), check: checkCidr }),
  gateway_ip: column<string | null>({ field: ipAddress(), default: null, blank: true }),
  dns_servers: column<string[]>({ field: textArray, default: [], blank: true }),
  rdns_mode: column<number>({
    field: choice({ choices: ["0", "1", "2"], type: "integer" }),
    default: 2,
    check: checkRdnsMode,
  }),
  active_discovery: column<boolean>({ field: checkbox, default: false }),
  allow_dns: column<boolean>({ field: checkbox, default: true }),
  allow_proxy: column<boolean>({ field: checkbox, default: true }),
  managed: column<boolean>({ field: checkbox, default: true }),
  disabled_boot_architectures: column<string[]>({
    field: textArray,
    default: [],
    blank: true,
    since: "bootArchitectures",
  }),
  /** The same network as `cidr`, parsed. */
  network: derived((row): Cidr => readNetwork((row as SubnetRow).cidr) ?? Cidr.parse("0.0.0.0/32")),
};

export type SubnetColumns = typeof columns;
export type SubnetRow = RowOf<SubnetColumns>;

/** A reply to a write shows an unset gateway as empty text; MAAS shows null only once it reads the subnet again. */
const written =
  (handler: Handler): Handler =>
  (request) => {
    const reply = handler(request);
    const body = reply.body as { readonly gateway_ip: string | null };
    return { ...reply, body: { ...body, gateway_ip: body.gateway_ip ?? "" } };
  };

const all = collection("subnets");
const one = item("subnets");

/** A subnet on a VLAN. */
export const subnets: Resource<SubnetRow> = defineResource({
  model: "Subnet",
  path: "subnets",
  columns,
  indexes: ["cidr", "vlan", "name"],
  key: {
    of: ({ cidr }) => cidr,
    find({ subnets }, key) {
      const network = readNetwork(key);
      return network && subnets.by("cidr", showCidr(network))[0];
    },
  },
  seed: {},
  specifiers: subnetSpecifiers,
  rules: subnetRules,
  json: ({ vlan }, { region: { store } }) => ({ space: spaceNameOf(store, store.vlans.need(vlan)) }),
  // A CIDR in a path has a slash of its own.
  idPattern: "[.: \\p{L}\\p{N}_-]+(?:/\\d\\d\\d?)?",
  endpoints: {
    "subnets/": { ...all, POST: written(all.POST) },
    "subnets/{id}/": {
      ...one,
      PUT: written(one.PUT),
      DELETE(request) {
        const row = named(request, "subnets");
        requirePermission(request);
        deleteSubnet(request.region, row, flag(request.query, "force", false));
        return deleted;
      },
      "GET reserved_ip_ranges"(request) {
        const used = inUse(...usageOf(request));
        return json(used.ranges.map((range) => showRange(range, true)));
      },
      "GET unreserved_ip_ranges"(request) {
        const unused = free(...usageOf(request));
        return json(unused.ranges.map((range) => showRange(range, false)));
      },
      "GET statistics"(request) {
        const usage = usageOf(request);
        const withRanges = flag(request.query, "include_ranges", false);
        const withSuggestions = flag(request.query, "include_suggestions", false);
        const full = fullSet(...usage);
        return json({
          ...statistics(full),
          ...(withRanges ? { ranges: full.ranges.map((range) => showRange(range, true)) } : {}),
          ...(withSuggestions ? suggestions(full) : {}),
        });
      },
      "GET ip_addresses"(request) {
        const { store } = request.region;
        const row = named(request, "subnets");
        const withUsername = flag(request.query, "with_username", true);
        const withSummary = flag(request.query, "with_summary", true) && flag(request.query, "with_node_summary", true);
        const rows = store.ip_addresses.by("subnet", row.id).filter((address) => address.ip !== null);
        rows.sort((a, b) => compareIp(a.ip, b.ip));
        return json(rows.map((address) => showSubnetAddress(store, address, { withUsername, withSummary })));
      },
    },
  },
});

const usageOf = (request: ApiRequest) =>
  [request.region.store, request.region.version.features, named(request, "subnets")] as const;

function compareIp(a: string | null, b: string | null): number {
  const [first, second] = [readAddress(a ?? ""), readAddress(b ?? "")];
  return first === undefined || second === undefined ? 0 : first.compare(second);
}

/** Deletes the subnet and all that is on it. @throws MaasError while it serves DHCP; while nodes use it, from 3.7.3 */
function deleteSubnet(region: Region, subnet: SubnetRow, force: boolean): void {
  const { store, version } = region;
  if (store.vlans.need(subnet.vlan).dhcp_on && dynamicRanges(store, subnet).length > 0) {
    throw badRequest(
      "Cannot delete a subnet that is actively servicing a dynamic IP range. (Delete the dynamic range or disable DHCP first.)",
    );
  }
  if (version.features.subnetDeleteNeedsForce && !force && hasAddressesInUse(store, subnet)) {
    throw badRequest(
      "Cannot delete a subnet that has IP addresses in use by nodes. (Use the 'force' parameter to override.)",
    );
  }
  store.pools.forget(subnetLabel(store, subnet));
  for (const range of store.ip_ranges.by("subnet", subnet.id)) store.ip_ranges.delete(range);
  for (const snippet of store.dhcp_snippets.by("subnet", subnet.id)) removeSnippet(store, snippet);
  for (const route of store.static_routes.by("source", subnet.id)) store.static_routes.delete(route);
  for (const route of store.static_routes.by("destination", subnet.id)) store.static_routes.delete(route);
  for (const reserved of store.reserved_ips.by("subnet", subnet.id)) store.reserved_ips.delete(reserved);
  for (const address of store.ip_addresses.by("subnet", subnet.id)) deleteAddress(store, address);
  store.subnets.delete(subnet);
}

function hasAddressesInUse(store: Store, subnet: SubnetRow): boolean {
  const unused: number[] = [AllocType.DISCOVERED, AllocType.DHCP];
  return store.ip_addresses
    .by("subnet", subnet.id)
    .some((row) => row.ip !== null && row.interface !== null && !unused.includes(row.alloc_type));
}
