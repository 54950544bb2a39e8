import { deleted, flag, type Handler, json, mandatory, plain } from "../api/handler";
import { badRequest, forbidden, notFound } from "../model/errors";
import { defineResource, type Resource } from "../model/resource";
import type { Row } from "../model/table";
import { isRack } from "./node/kinds";

const none: Handler = () => json([]);

const NOT_CLEARED =
  "Bad request: could not determine what data to clear.\nMust specify mdns=True, neighbours=True, or all=True.";

const NOT_SCANNED =
  "Bad request: scanning all subnets is not allowed unless force=True is specified.\n\n**WARNING: This will scan ALL networks attached to MAAS rack controllers.\nCheck with your internet service provider or IT department to be sure this is\nallowed before proceeding.**\n";

const NO_RACK =
  "Unable to initiate network scanning on any rack controller. Verify that the rack controllers are started and have connected to the region.";

const forAdmins =
  (handler: Handler): Handler =>
  (request) => {
    if (!request.region.user.is_superuser) throw forbidden("Must be an administrator to clear discovery entries.");
    return handler(request);
  };

/** What racks have seen on their networks: nothing here, where no rack daemon runs. */
export const discoveries: Resource<Row> = defineResource({
  model: "Discovery",
  path: "discovery",
  columns: {},
  endpoints: {
    "discovery/": {
      GET: none,
      "GET by_unknown_mac": none,
      "GET by_unknown_ip": none,
      "GET by_unknown_ip_and_mac": none,
      "POST clear": forAdmins(({ data }) => {
        const isMeant = ["all", "mdns", "neighbours"].some((name) => flag(data, name, false));
        if (!isMeant) throw badRequest(NOT_CLEARED);
        return deleted;
      }),
      "POST clear_by_mac_and_ip": forAdmins(({ data }) => {
        mandatory(data, "ip");
        mandatory(data, "mac");
        return plain("", 410);
      }),
      "POST scan"({ data, region: { store } }) {
        if (data.all("cidr").length === 0 && !flag(data, "force", false)) throw badRequest(NOT_SCANNED);
        const racks = store.nodes.all().filter(isRack);
        return json({
          result: NO_RACK,
          scan_attempted_on: [],
          failed_to_connect_to: racks.map(({ system_id, hostname }) => ({ system_id, hostname })),
          scan_started_on: [],
          scan_failed_on: [],
          rpc_call_timed_out_on: [],
          failures: [],
        });
      },
    },
    "discovery/{id}/": {
      GET() {
        throw notFound("No Discovery matches the given query.");
      },
    },
  },
});
