import { badRequest, conflict, crash, notFound } from "../errors";
import type { UserRow } from "../store/rows";
import type { Store } from "../store/store";
import { mandatory } from "./parameters";
import { requireAdmin } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, viewOf } from "./request";

const find = (store: Store, username: string): UserRow | undefined => store.users.by("username", username)[0];

/** Here MAAS reads nothing but 0 and 1. */
function readBool(text: string): boolean {
  if (text !== "0" && text !== "1") throw crash(`Not a valid Boolean value (0 or 1): '${text}'`);
  return text === "1";
}

function create({ region: { store }, data }: ApiRequest): UserRow {
  const username = mandatory(data, "username");
  const email = mandatory(data, "email");
  mandatory(data, "password"); // Users of the API have keys, and a user that is made here has none.
  const isSuperuser = readBool(mandatory(data, "is_superuser"));
  if (find(store, username) !== undefined) {
    throw conflict("Conflict error. Try your request again, as it will most likely succeed.");
  }
  return store.users.insert({ username, email, isSuperuser });
}

/** What keeps a user from being deleted, as MAAS counts it. */
function owned(store: Store, user: UserRow): string[] {
  const addresses = store.addresses.all().filter((row) => row.userId === user.id).length;
  const ranges = store.ranges.all().filter((row) => row.userId === user.id).length;
  return [
    ...(addresses > 0 ? [`${addresses} static IP address(es)`] : []),
    ...(ranges > 0 ? [`${ranges} IP range(s)`] : []),
  ];
}

function transfer(store: Store, from: UserRow, to: UserRow): void {
  for (const row of store.addresses.all()) if (row.userId === from.id) store.addresses.update(row, { userId: to.id });
  for (const row of store.ranges.all()) if (row.userId === from.id) store.ranges.update(row, { userId: to.id });
}

export const users: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.users.all().map((user) => view.user(user)));
  },
  POST(request) {
    requireAdmin(request);
    return json(viewOf(request).user(create(request)));
  },
  "GET whoami": (request) => json(viewOf(request).user(request.region.user)),
};

export const user: Handlers = {
  GET(request) {
    const row = find(request.region.store, part(request, "id"));
    if (row === undefined) throw notFound("No User matches the given query.");
    return json(viewOf(request).user(row));
  },
  DELETE(request) {
    requireAdmin(request);
    const { store, user: caller } = request.region;
    const row = find(store, part(request, "id"));
    if (row === caller) throw badRequest("An administrator cannot self-delete.");
    if (row === undefined) return deleted;
    const heir = request.query.text("transfer_resources_to");
    if (heir) {
      const owner = find(store, heir);
      if (owner === undefined) throw notFound("No User matches the given query.");
      transfer(store, row, owner);
    }
    const kept = owned(store, row);
    if (kept.length > 0) {
      throw badRequest(`User ${row.username} cannot be deleted: ${kept.join(", ")} are still allocated`);
    }
    store.users.delete(row);
    return deleted;
  },
};
