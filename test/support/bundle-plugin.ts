import { chmodSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Makes a Terraform plugin of this folder one executable file, bundled the way the real one is. */
export function bundlePlugin(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [join(__dirname, entry)],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    banner: { js: "#!/usr/bin/env node" },
  });
  chmodSync(outfile, 0o755);
}
