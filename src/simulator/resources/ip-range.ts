import { IpAddress } from "../../../lib/model/address";
import { type ApiRequest, collection, item } from "../api/handler";
import type { Params } from "../api/params";
import { column, derived, optionalReference, reference, type RowOf } from "../model/columns";
import { crash, forbidden, Invalid } from "../model/errors";
import { byColumn, byId, choice, ipAddress, text } from "../model/fields";
import type { Form, FormRules } from "../model/form";
import { defineResource, type Resource } from "../model/resource";
import type { Region } from "../model/store";
import { readAddress } from "../text/addresses";
import { removeSnippet } from "./dhcp/snippets";
import { bestSubnetFor } from "./subnet/lookup";
import type { SubnetRow } from "./subnet/subnet";
import { free } from "./subnet/utilization";

const TYPES = ["dynamic", "reserved"];
const SMALLEST_IPV6_DYNAMIC_RANGE = 256n;

const columns = {
  /** A seed may leave it out: it is found by the start then. */
  subnet: reference("subnets", { field: byId("subnets", { required: true }), seed: byId("subnets") }),
  type: column<string>({ field: choice({ choices: TYPES, required: true }) }),
  start_ip: column<string>({ field: ipAddress(true) }),
  end_ip: column<string>({ field: ipAddress(true) }),
  user: optionalReference("users", {
    field: byColumn("users", "username"),
    seed: false,
    by: "username",
    json: (row, view): unknown => view.showId(view.region.store.users, (row as RangeRow).user),
  }),
  comment: column<string | null>({ field: text({ maxLength: 255, empty: null }), default: "", blank: true }),
  /** `start_ip` and `end_ip`, parsed. */
  start: derived((row): IpAddress => IpAddress.parse((row as RangeRow).start_ip)),
  end: derived((row): IpAddress => IpAddress.parse((row as RangeRow).end_ip)),
};

export type RangeColumns = typeof columns;
export type RangeRow = RowOf<RangeColumns>;

const rules: FormRules<RangeRow> = {
  prepare: complete,
  /** From 3.6: a dynamic range holds no reserved IP. Here MAAS trips over what is missing or reversed. */
  cleanForm(form) {
    const { store, version } = form.region;
    if (!version.features.reservedIps || form.get("type") !== "dynamic") return;
    for (const name of ["subnet", "start_ip", "end_ip"]) if (!form.cleaned.has(name)) throw crash(`'${name}'`);
    const [startIp = "", endIp = ""] = [form.get<string>("start_ip"), form.get<string>("end_ip")];
    const [start, end] = [readAddress(startIp), readAddress(endIp)];
    if (start === undefined || end?.family !== start.family) {
      throw crash(`base address '${endIp}' is not IPv${start?.family ?? 4}`);
    }
    if (end.compare(start) < 0) throw crash("lower bound IP greater than upper bound!");
    const reserved = store.reserved_ips.by("subnet", form.get<SubnetRow>("subnet")?.id ?? null);
    if (reserved.map(({ ip }) => readAddress(ip)).some((ip) => ip !== undefined && isBetween(ip, start, end))) {
      throw Invalid.whole("The dynamic IP range cannot include reserved IPs.");
    }
  },
  cleanModel(form) {
    const { draft, region } = form;
    const start = readAddress(draft.start_ip ?? "");
    const end = readAddress(draft.end_ip ?? "");
    if (start === undefined || end === undefined) {
      throw onBoth("Start IP address and end IP address are both required.");
    }
    if (start.family !== end.family) {
      throw onBoth("Start IP address and end IP address must be in the same address family.");
    }
    if (end.compare(start) < 0) {
      throw Invalid.field("end_ip", "End IP address must not be less than Start IP address.");
    }
    const subnet = region.store.subnets.get(draft.subnet);
    if (subnet !== undefined) checkWithin(subnet, start, end);
    const size = end.value - start.value + 1n;
    if (start.family === 6 && draft.type === "dynamic" && size < SMALLEST_IPV6_DYNAMIC_RANGE) {
      throw onBoth("IPv6 dynamic range must be at least 256 addresses in size.");
    }
    if (subnet !== undefined) checkOverlap(form, subnet, start, end);
  },
};

/** A range of addresses: `dynamic` for DHCP, or `reserved` for something outside of MAAS. */
export const ipRanges: Resource<RangeRow> = defineResource({
  model: "IPRange",
  path: "ipranges",
  columns,
  indexes: ["subnet"],
  specifiers: {
    prefixes: {
      type: (store, item) => store.ip_ranges.all().filter((range) => range.type === item),
      start_ip: (store, item) => store.ip_ranges.all().filter((range) => range.start_ip === item),
      end_ip: (store, item) => store.ip_ranges.all().filter((range) => range.end_ip === item),
    },
  },
  seed: {},
  rules,
  remove({ store }, range) {
    for (const snippet of store.dhcp_snippets.by("iprange", range.id)) removeSnippet(store, snippet);
    store.ip_ranges.delete(range);
  },
  endpoints: {
    "ipranges/": collection("ip_ranges", { permit: permitType }),
    "ipranges/{id}/": item("ip_ranges", { permit: permitOwner }),
  },
});

function permitType({ region, data }: ApiRequest): void {
  if (data.get("type") !== "dynamic" || region.user.is_superuser) return;
  throw forbidden("Unable to create dynamic IP range. You don't have sufficient privileges.");
}

function permitOwner({ region: { user } }: ApiRequest, range: RangeRow): void {
  if (user.is_superuser || range.user === user.id) return;
  throw forbidden("Unable to modify IP range. You don't own the IP range.");
}

/** A new range belongs to its caller, and to the subnet that suits its start when none is given. */
function complete(data: Params, { store, user }: Region, live: RangeRow | undefined): void {
  if (live !== undefined) return;
  const start = data.text("start_ip");
  if (data.get("subnet") === undefined && start !== undefined) {
    if (readAddress(start) === undefined) throw crash(`failed to detect a valid IP address from '${start}'`);
    const subnet = bestSubnetFor(store, start);
    if (subnet !== undefined) data.set("subnet", subnet.id);
  }
  data.set("user", user.username);
}

const onBoth = (message: string) => new Invalid({ start_ip: [message], end_ip: [message] });

const isBetween = (ip: IpAddress, start: IpAddress, end: IpAddress) => start.compare(ip) <= 0 && ip.compare(end) <= 0;

function checkOverlap(form: Form<RangeRow>, subnet: SubnetRow, start: IpAddress, end: IpAddress): void {
  const { live, draft, region } = form;
  const { type } = draft;
  if (type === undefined || !TYPES.includes(type)) return;
  const isSame = live?.type === type && live.start_ip === draft.start_ip && live.end_ip === draft.end_ip;
  if (isSame && !region.version.features.overlapOnEveryPut) return;
  const unused = free(region.store, region.version.features, subnet, { range: type, except: live });
  if (unused.ranges.length === 0) throw onBoth(`There is no room for any ${type} ranges on this subnet.`);
  if (unused.covers(start, end)) return;
  throw onBoth(
    `Requested ${type} range conflicts with an existing ${type === "reserved" ? "range" : "IP address or range"}.`,
  );
}

function checkWithin({ network, cidr }: SubnetRow, start: IpAddress, end: IpAddress): void {
  const isStartIn = network.contains(start);
  const isEndIn = network.contains(end);
  if (!isStartIn && !isEndIn) throw onBoth(`IP addresses must be within subnet: ${cidr}.`);
  if (!isStartIn) throw Invalid.field("start_ip", `Start IP address must be within subnet: ${cidr}.`);
  if (!isEndIn) throw Invalid.field("end_ip", `End IP address must be within subnet: ${cidr}.`);
  if (network.first.equals(start)) {
    throw Invalid.field("start_ip", "Reserved network address cannot be included in IP range.");
  }
  const hasBroadcast = network.family === 4 && network.prefixLength < 31;
  if (hasBroadcast && network.last.equals(end)) {
    throw Invalid.field("end_ip", "Broadcast address cannot be included in IP range.");
  }
}
