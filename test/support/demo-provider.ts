import { CLIENT_LIMITS } from "../../src/provider/rpc/handshake";
import { serve } from "../../src/provider/rpc/server";

const { DEMO_FIRST_CALL_MS, DEMO_NO_CLIENT_MS } = process.env;
const limits = {
  firstCallMs: Number(DEMO_FIRST_CALL_MS ?? CLIENT_LIMITS.firstCallMs),
  noClientMs: Number(DEMO_NO_CLIENT_MS ?? CLIENT_LIMITS.noClientMs),
};

void serve(async () => (await import("./demo-handlers.js")).handlers, { program: "terraform-provider-demo", limits });
