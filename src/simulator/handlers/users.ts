import { notFound } from "../errors";
import { type Handlers, json, part, viewOf } from "./request";

export const users: Handlers = {
  GET(request) {
    const view = viewOf(request);
    return json(request.region.store.users.all().map((user) => view.user(user)));
  },
  "GET whoami": (request) => json(viewOf(request).user(request.region.user)),
};

export const user: Handlers = {
  GET(request) {
    const row = request.region.store.users.by("username", part(request, "id"))[0];
    if (row === undefined) throw notFound("No User matches the given query.");
    return json(viewOf(request).user(row));
  },
};
