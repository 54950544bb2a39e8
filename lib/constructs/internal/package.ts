import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folder of this package: the nearest one with a package.json, from the sources as from dist/. */
export function packageRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}

/** Version of this package, from its package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };
  return version;
}

/**
 * How Terraform knows the provider. The host is under a top-level domain that is reserved and never resolves, so that
 * no registry can ever answer for it: the plugin comes from this package or not at all.
 */
export const PROVIDER = {
  /** Prefix of resource types, and the local name unless the user gives another one. */
  name: "maas",
  /** What CDKTF matches resources with providers by: our own, since other providers of MAAS are called `maas` there. */
  generatorName: "cdktf-maas",
  source: "cdktf-maas.invalid/cdktf-maas/maas",
  /** The package's own version, and the only one that its constructs are made for. */
  version: packageVersion(),
} as const;

/** Name of the plugin file in its folder, as Terraform wants it. */
export const PLUGIN_FILE_NAME = `terraform-provider-${PROVIDER.name}_v${PROVIDER.version}`;
