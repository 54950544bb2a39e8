import { notFound } from "../errors";
import { VlanForm } from "../forms/vlan";
import { find, findVlan } from "../models/lookup";
import { deleteVlan } from "../models/vlan";
import type { VlanRow } from "../store/rows";
import { readInteger } from "../text/python";
import { requirePermission } from "./permissions";
import { type ApiRequest, deleted, type Handlers, json, part, type Reply, viewOf } from "./request";

const fabricOf = (request: ApiRequest) => find(request.region.store, "fabric", part(request, "fabric"));

export const vlans: Handlers = {
  GET(request) {
    const view = viewOf(request);
    const rows = request.region.store.vlans.by("fabric", fabricOf(request).id);
    return json(rows.map((vlan) => view.vlan(vlan)));
  },
  POST(request) {
    const fabric = fabricOf(request);
    requirePermission(request);
    return json(viewOf(request).vlan(new VlanForm(request.region, request.data, { fabric }).save()));
  },
};

/** The two addresses of a VLAN differ in how it is found, and in when permission is asked for. */
function handlers(locate: (request: ApiRequest, check: () => void) => VlanRow): Handlers {
  const writable = (request: ApiRequest) => locate(request, () => requirePermission(request));
  return {
    GET: (request) =>
      json(
        viewOf(request).vlan(
          locate(request, () => {
            return;
          }),
        ),
      ),
    PUT(request): Reply {
      const vlan = writable(request);
      const data = request.data.copy();
      if (data.get("space") === "undefined") data.set("space", "");
      return json(viewOf(request).vlan(new VlanForm(request.region, data, { vlan }).save()));
    },
    DELETE(request) {
      deleteVlan(request.region.store, writable(request));
      return deleted;
    },
  };
}

/** `vlans/{id}/` */
export const vlanById = handlers((request, check) => {
  const vlan = request.region.store.vlans.get(readInteger(part(request, "id")));
  if (vlan === undefined) throw notFound("VLAN with specified ID does not exist.");
  check();
  return vlan;
});

/** `fabrics/{fabric}/vlans/{vid}/` */
export const vlanByVid = handlers((request, check) => {
  const fabric = fabricOf(request);
  check();
  return findVlan(request.region.store, fabric.id, part(request, "vid"));
});
