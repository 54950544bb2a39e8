import { kept, keptReference, type RowOf } from "../../model/columns";
import { crash } from "../../model/errors";
import { defineResource, type Resource } from "../../model/resource";
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
  key: { of: ({ ip }) => ip ?? "", find: ({ ip_addresses }, ip) => ip_addresses.by("ip", ip)[0] },
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
