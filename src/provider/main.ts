import { serve } from "./rpc/server";

void serve(async () => (await import("./provider.js")).maasProvider(process.env, process.cwd()), {
  program: "terraform-provider-maas",
});
