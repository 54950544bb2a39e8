import { serve } from "../../src/provider/rpc/server";

void serve(async () => (await import("./demo-handlers.js")).handlers, { program: "terraform-provider-demo" });
