import { type ApiRequest, collection, deleted, mandatory, part, requireAdmin, shown } from "../api/handler";
import { kept, type RowOf } from "../model/columns";
import { badRequest, conflict, crash, notFound } from "../model/errors";
import { defineResource, type Resource } from "../model/resource";
import type { Store } from "../model/store";

const columns = {
  username: kept<string>(),
  email: kept<string>(),
  is_superuser: kept<boolean>(),
};

export type UserColumns = typeof columns;
export type UserRow = RowOf<UserColumns>;

/** A user. Users of the API have keys, and a user that is made through it has none. */
export const users: Resource<UserRow> = defineResource({
  model: "User",
  path: "users",
  columns,
  indexes: ["username"],
  json: () => ({ is_local: true }),
  showsId: false,
  uri: ({ username }) => `users/${username}/`,
  endpoints: {
    "users/": {
      GET: collection("users").GET,
      POST(request) {
        requireAdmin(request);
        return shown(request, request.region.store.users, create(request));
      },
      "GET whoami": (request) => {
        const { store, user } = request.region;
        return shown(request, store.users, store.users.need(user.id));
      },
    },
    "users/{id}/": {
      GET(request) {
        const { users } = request.region.store;
        return shown(request, users, find(request.region.store, part(request, "id")));
      },
      DELETE(request) {
        requireAdmin(request);
        const { store, user: caller } = request.region;
        const row = store.users.by("username", part(request, "id"))[0];
        if (row?.id === caller.id) throw badRequest("An administrator cannot self-delete.");
        if (row === undefined) return deleted;
        const heir = request.query.text("transfer_resources_to");
        if (heir) transfer(store, row, find(store, heir));
        const kept = owned(store, row);
        if (kept.length > 0) {
          throw badRequest(`User ${row.username} cannot be deleted: ${kept.join(", ")} are still allocated`);
        }
        store.users.delete(row);
        return deleted;
      },
    },
  },
});

function find(store: Store, username: string): UserRow {
  const row = store.users.by("username", username)[0];
  if (row === undefined) throw notFound("No User matches the given query.");
  return row;
}

function create({ region: { store }, data }: ApiRequest): UserRow {
  const username = mandatory(data, "username");
  const email = mandatory(data, "email");
  mandatory(data, "password");
  const isSuperuser = readBool(mandatory(data, "is_superuser"));
  if (store.users.hasBy("username", username)) {
    throw conflict("Conflict error. Try your request again, as it will most likely succeed.");
  }
  return store.users.insert({ username, email, is_superuser: isSuperuser });
}

/** Here MAAS reads nothing but 0 and 1. */
function readBool(text: string): boolean {
  if (text !== "0" && text !== "1") throw crash(`Not a valid Boolean value (0 or 1): '${text}'`);
  return text === "1";
}

/** What keeps a user from being deleted, as MAAS counts it. */
function owned(store: Store, user: UserRow): string[] {
  const addresses = store.ip_addresses.all().filter((row) => row.user === user.id).length;
  const ranges = store.ip_ranges.all().filter((row) => row.user === user.id).length;
  return [
    ...(addresses > 0 ? [`${addresses} static IP address(es)`] : []),
    ...(ranges > 0 ? [`${ranges} IP range(s)`] : []),
  ];
}

function transfer({ ip_addresses, ip_ranges }: Store, from: UserRow, to: UserRow): void {
  for (const row of ip_addresses.all()) if (row.user === from.id) ip_addresses.update(row, { user: to.id });
  for (const row of ip_ranges.all()) if (row.user === from.id) ip_ranges.update(row, { user: to.id });
}
