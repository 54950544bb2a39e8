import { serve } from "../../src/provider/rpc/server";

void serve(async () => (await import("./canonical-provider-handlers.js")).handlers, {
  program: "terraform-provider-maas",
});
