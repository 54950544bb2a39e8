import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundlePlugin } from "./bundle-plugin";

/** The demo provider as one executable file. */
export class DemoPlugin {
  private readonly folder = mkdtempSync(join(tmpdir(), "demo-plugin-"));
  readonly file = join(this.folder, "terraform-provider-demo");

  constructor() {
    bundlePlugin("demo-provider.ts", this.file);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
