import { join } from "node:path";
import { bundlePlugin } from "./bundle-plugin";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** The version that made the states. */
const VERSION = "2.4.0";

/** Puts a stand-in for canonical/maas at that address where Terraform finds it when it runs in the folder. */
export function placeCanonicalProvider(address: string, folder: string): void {
  const platform = `${process.platform}_${ARCHITECTURES[process.arch] ?? process.arch}`;
  const plugin = join(
    folder,
    "terraform.d",
    "plugins",
    address,
    VERSION,
    platform,
    `terraform-provider-maas_v${VERSION}`,
  );
  bundlePlugin("canonical-provider.ts", plugin);
}
