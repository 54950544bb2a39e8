// A provider that does nothing: this one's schema and server, and each call is answered with what came in it. What it takes is
// Node's start, HTTP/2 and Protobuf, which is the least that a plugin on them can take.
import { type ProviderHandlers } from "../../src/provider/rpc/dispatch";
import { serve } from "../../src/provider/rpc/server";

const nothing = (): Promise<object> => Promise.resolve({});

async function load(): Promise<ProviderHandlers> {
  const { maasProvider } = await import("../../src/provider/provider.js");
  const { getMetadata, getProviderSchema } = maasProvider(process.env, process.cwd());
  return {
    getMetadata,
    getProviderSchema,
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
}

void serve(load, { program: "terraform-provider-maas" });
