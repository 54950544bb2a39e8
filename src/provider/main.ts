import { setFlagsFromString } from "node:v8";
import { serve } from "./rpc/server";

// A run takes seconds, in which the V8 of Node 20 would spend more on optimising functions than it gains from that: only those
// that run fifteen times as long as usual are worth it. A later V8 has a compiler in between, and no such setting.
if (Number.parseInt(process.versions.v8) < 12) setFlagsFromString("--interrupt-budget=1000000");

void serve(async () => (await import("./provider.js")).maasProvider(process.env, process.cwd()), {
  program: "terraform-provider-maas",
});
