import { type ApiRequest, collection, item, named, requireAdmin } from "../api/handler";
import { column, reference, type RowOf } from "../model/columns";
import { Invalid } from "../model/errors";
import { bySpecifier, ipAddress, macAddress, text } from "../model/fields";
import { type Form, type FormRules, isTaken } from "../model/form";
import { defineResource, type Resource } from "../model/resource";
import { readAddress, showAddress } from "../text/addresses";
import { bestSubnetFor, dynamicRangeOf } from "./subnet/lookup";
import type { SubnetRow } from "./subnet/subnet";

function normalised(value: unknown): unknown {
  const address = readAddress(String(value));
  return address === undefined ? value : showAddress(address);
}

function checkMac(value: unknown): unknown {
  if (!value) throw Invalid.whole("This field cannot be blank.");
  return value;
}

const columns = {
  ip: column<string>({ field: ipAddress(true), check: normalised }),
  subnet: reference("subnets", { field: bySpecifier("subnets") }),
  mac_address: column<string>({ field: macAddress({ required: true, emptyText: true }), check: checkMac }),
  comment: column<string | null>({ field: text(), default: "", blank: true }),
};

export type ReservedIpColumns = typeof columns;
export type ReservedIpRow = RowOf<ReservedIpColumns>;

const IMMUTABLE =
  "The ip, mac_address and the subnet of a reserved IP are immutable. Delete the entry and recreate it.";

/** MAAS's rules: of a stored reserved IP only the comment may change. */
const rules: FormRules<ReservedIpRow> = {
  clean: { ip: (_value, form) => cleanIp(form), subnet: cleanSubnet },
  cleanForm(form) {
    if (!isUnchanged(form)) throw Invalid.whole(IMMUTABLE);
    const subnet = form.get<SubnetRow>("subnet");
    const ip = form.get<string>("ip");
    const address = ip === undefined ? undefined : readAddress(ip);
    if (subnet === undefined || address === undefined) return;
    const range = dynamicRangeOf(form.region.store, subnet, address);
    if (range === undefined) return;
    form.addError("ip", `The reserved IP ${ip} must be outside the dynamic range ${range.start_ip} - ${range.end_ip}.`);
  },
  /** MAAS's newer Django looks at this pair with the model's own checks, before uniqueness. */
  cleanModel(form) {
    const { mac_address: mac, subnet } = form.draft;
    if (mac === undefined || subnet === undefined || form.hasError("mac_address") || form.hasError("subnet")) return;
    if (
      !isTaken(
        form,
        form.table.by("mac_address", mac).filter((row) => row.subnet === subnet),
      )
    )
      return;
    throw Invalid.whole("Reserved IP with this MAC address and Subnet already exists.");
  },
  unique(form, except) {
    const { ip } = form.draft;
    if (ip === undefined || except.has("ip") || !isUnchanged(form)) return undefined;
    return isTaken(form, form.table.by("ip", ip))
      ? ["ip", "Reserved IP with this IP address already exists."]
      : undefined;
  },
};

/** What identifies a stored reserved IP is sent as it is; always so for a new one. */
function isUnchanged({ data, live }: Form<ReservedIpRow>): boolean {
  if (live === undefined) return true;
  const { ip, mac_address, subnet } = live;
  return data.get("ip") === ip && data.get("mac_address") === mac_address && data.get("subnet") === subnet;
}

/** MAAS goes on with the text as it was sent. */
function cleanIp(form: Form<ReservedIpRow>): string {
  const { store } = form.region;
  const given = form.data.text("ip") ?? "";
  const mac = form.data.text("mac_address");
  const [address] = store.ip_addresses.by("ip", given);
  if (address !== undefined && store.interfaces.get(address.interface)?.mac_address !== mac) {
    form.addError("ip", `The ip ${given} is already in use by another machine.`);
  }
  return given;
}

function cleanSubnet(given: unknown, form: Form<ReservedIpRow>): SubnetRow | null {
  const ip = form.get<string>("ip");
  if (ip === undefined) return null;
  const subnet = (given as SubnetRow | null) ?? bestSubnetFor(form.region.store, ip);
  if (subnet === undefined) throw Invalid.whole(`There is no subnet for ${ip}. Create the subnet and try again.`);
  const address = readAddress(ip);
  if (address === undefined) return subnet;
  const { network } = subnet;
  if (!network.contains(address)) form.addError("ip", `${ip} is not part of the subnet.`);
  if (network.first.equals(address)) form.addError("ip", "The network address cannot be a reserved IP.");
  if (network.last.equals(address)) form.addError("ip", "The broadcast address cannot be a reserved IP.");
  return subnet;
}

/** An address that a MAC is given by DHCP. */
export const reservedIps: Resource<ReservedIpRow> = defineResource({
  model: "ReservedIP",
  path: "reservedips",
  since: "reservedIps",
  columns,
  indexes: ["subnet", "ip", "mac_address"],
  seed: {},
  rules,
  endpoints: {
    "reservedips/": collection("reserved_ips"),
    "reservedips/{id}/": {
      ...item("reserved_ips", { locate: forAdmins }),
      GET: item("reserved_ips").GET,
    },
  },
});

function forAdmins(request: ApiRequest): ReservedIpRow {
  requireAdmin(request);
  return named(request, "reserved_ips");
}
