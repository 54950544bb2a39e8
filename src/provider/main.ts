import { setFlagsFromString } from "node:v8";
import { serve } from "./rpc/server";

// A run takes seconds, in which V8 would spend more on optimising functions than it gains from that: only those that run
// fifteen times as long as usual are worth it. A V8 without this setting says so on stderr, which Terraform logs.
setFlagsFromString("--interrupt-budget=1000000");

void serve(async () => (await import("./provider.js")).maasProvider(process.env, process.cwd()), {
  program: "terraform-provider-maas",
});
