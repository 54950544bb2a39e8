import { chmodSync } from "node:fs";
import { resolve } from "node:path";
import { buildSync } from "esbuild";

/** Makes a Terraform plugin one executable file, bundled the way the real one is. @param entry absolute, or in this folder */
export function bundlePlugin(entry: string, outfile: string): void {
  buildSync({
    entryPoints: [resolve(__dirname, entry)],
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
