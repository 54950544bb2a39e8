import { pluginHash } from "../../../../lib/provider/plugin/plugin-hash";

test("the hash is the one that Terraform computes for a folder of one file", () => {
  // Recorded from `terraform providers lock -fs-mirror` of Terraform 1.11.4 for a file with this name and content.
  expect(pluginHash("terraform-provider-maas_v0.1.0", Buffer.from("#!/usr/bin/env node\nx\n"))).toBe(
    "h1:mSTEPOLzG0Bb33EADwdefyUtZ4xEUMyfAsYpGI1mKHo=",
  );
});
