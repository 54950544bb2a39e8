// A provider that does nothing: each call is answered with what came in it, and the schema is that of the file beside it. What it
// takes is Node's start, HTTP/2 and Protobuf: nothing of this provider is in it but the server.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetProviderSchema_Response } from "../../src/provider/protocol/tfplugin6_pb";
import { type ProviderHandlers } from "../../src/provider/rpc/dispatch";
import { serve } from "../../src/provider/rpc/server";

const nothing = (): Promise<object> => Promise.resolve({});

const handlers: ProviderHandlers = {
  getProviderSchema: () =>
    Promise.resolve(GetProviderSchema_Response.decode(readFileSync(join(__dirname, "schema.bin")))),
  validateProviderConfig: nothing,
  configureProvider: nothing,
  validateResourceConfig: nothing,
  upgradeResourceState: ({ rawState }) => Promise.resolve({ upgradedState: { json: rawState?.json } }),
  readResource: ({ currentState, private: kept }) => Promise.resolve({ newState: currentState, private: kept }),
  planResourceChange: ({ proposedNewState, priorPrivate }) =>
    Promise.resolve({ plannedState: proposedNewState, plannedPrivate: priorPrivate }),
  applyResourceChange: ({ plannedState, plannedPrivate }) =>
    Promise.resolve({ newState: plannedState, private: plannedPrivate }),
};

void serve(() => Promise.resolve(handlers), { program: "terraform-provider-maas" });
