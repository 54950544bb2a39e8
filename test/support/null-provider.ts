import { serve } from "../../src/provider/rpc/server";

void serve(async () => (await import("./null-provider-handlers.js")).handlers, { program: "terraform-provider-null" });
