import { badRequest } from "../errors";
import { getSetting, setSetting } from "../settings";
import { mandatory } from "./parameters";
import { requireAdmin } from "./permissions";
import { type Handlers, json, plain } from "./request";

/** `maas/`: the region's settings. */
export const maas: Handlers = {
  "GET get_config": ({ region, query }) => json(getSetting(region.store, region.version, mandatory(query, "name"))),
  "POST set_config"(request) {
    requireAdmin(request);
    const { store, version } = request.region;
    const name = mandatory(request.data, "name");
    if (name === "") throw badRequest("Invalid name: Please enter a value");
    setSetting(store, version, name, mandatory(request.data, "value"));
    return plain("OK");
  },
};
