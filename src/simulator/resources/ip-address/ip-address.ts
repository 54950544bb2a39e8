import { kept, keptReference, type RowOf } from "../../model/columns";
import { crash } from "../../model/errors";
import { defineResource, type Resource } from "../../model/resource";
import type { Store } from "../../model/store";
import type { Json } from "../../model/view";
import { AllocType } from "./addresses";
import { ipAddressCalls } from "./reservations";

const ALLOC_TYPE_NAMES: Readonly<Record<number, string>> = {
  [AllocType.AUTO]: "Automatic",
  [AllocType.STICKY]: "Static",
  [AllocType.USER_RESERVED]: "User reserved",
  [AllocType.DHCP]: "DHCP",
  [AllocType.DISCOVERED]: "Observed",
};

const columns = {
  /** Null for the wish for an address, as links may be. */
  ip: kept<string | null>({ default: null }),
  alloc_type: kept<number>(),
  subnet: keptReference("subnets"),
  user: keptReference("users", { json: false }),
  interface: keptReference("interfaces", { json: false }),
  created: kept<string>(),
  updated: kept<string>({ json: false }),
};

export type IpAddressRow = RowOf<typeof columns>;

/** MAAS cannot show an interface that belongs to no node: it crashes, which undoes the request too. */
const UNKNOWN_INTERFACE_CRASH =
  "create_forward_many_to_many_manager.<locals>.ManyRelatedManager.__call__() missing 1 required keyword-only argument: 'manager'";

/** An address, or the wish for one: links of interfaces are addresses too. */
export const ipAddresses: Resource<IpAddressRow> = defineResource({
  model: "StaticIPAddress",
  path: "ipaddresses",
  columns,
  indexes: ["subnet", "ip", "interface"],
  showsId: false,
  json(address, view) {
    const { store } = view.region;
    const nic = store.interfaces.get(address.interface);
    if (nic?.type === "unknown") throw crash(UNKNOWN_INTERFACE_CRASH);
    return {
      alloc_type_name: ALLOC_TYPE_NAMES[address.alloc_type] ?? "",
      owner: view.showId(store.users, address.user),
      interface_set: nic === undefined ? [] : [view.show(store.interfaces, nic)],
    };
  },
  uri: () => "ipaddresses/",
  endpoints: { "ipaddresses/": ipAddressCalls },
});

const MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A moment as MAAS's pages show it: `Sun, 22 Nov. 2026 23:08:10`. */
function showMoment(moment: string): string {
  const date = new Date(`${moment}Z`);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time}`;
}

/** One entry of a subnet's `op=ip_addresses`. */
export function showSubnetAddress(
  store: Store,
  address: IpAddressRow,
  { withUsername, withSummary }: { readonly withUsername: boolean; readonly withSummary: boolean },
): Json {
  const nic = store.interfaces.get(address.interface);
  const node = store.nodes.get(nic?.node);
  const user = withUsername ? store.users.get(address.user) : undefined;
  const json: Json = {
    ip: address.ip,
    alloc_type: address.alloc_type,
    created: showMoment(address.created),
    updated: showMoment(address.updated),
    ...(user === undefined ? {} : { user: user.username }),
  };
  if (!withSummary) return json;
  if (node !== undefined && nic !== undefined) {
    json.node_summary = {
      system_id: node.system_id,
      node_type: node.node_type,
      fqdn: `${node.hostname}.${store.domains.need(node.domain).name}`,
      hostname: node.hostname,
      is_container: false,
      via: nic.name,
    };
  }
  const resources = store.dns_resources.all().filter((resource) => resource.ip_addresses.includes(address.id));
  if (resources.length > 0) {
    json.dns_records = resources.map((resource) => ({
      id: resource.id,
      name: resource.name,
      domain: store.domains.need(resource.domain).name,
    }));
  }
  return json;
}
