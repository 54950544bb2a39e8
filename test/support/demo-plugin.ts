import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** The demo provider as one executable file, bundled the way the real one is. */
export class DemoPlugin {
  private readonly folder = mkdtempSync(join(tmpdir(), "demo-plugin-"));
  readonly file = join(this.folder, "terraform-provider-demo");

  constructor() {
    buildSync({
      entryPoints: [join(__dirname, "demo-provider.ts")],
      outfile: this.file,
      bundle: true,
      minify: true,
      keepNames: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      banner: { js: "#!/usr/bin/env node" },
    });
    chmodSync(this.file, 0o755);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
