import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ISynthesisSession, type TerraformStack } from "../../cdk";
import { AroundSynthesis, folderOf } from "../../constructs/internal/around-synthesis";
import { packageRoot } from "../../constructs/internal/package";
import { placePlugin } from "./place-plugin";

/** The package without its built plugin: a checkout that was never built. */
export class PluginMissingError extends Error {
  override readonly name = "MaasPluginMissingError";
  constructor(stackPath: string, file: string) {
    super(
      `[${stackPath}] the Terraform plugin that belongs into the stack's folder is missing: ${file} does not exist. ` +
        "It is built with the package. Fix: run `npm run build` in a checkout of cdktf-maas, or reinstall the package.",
    );
  }
}

/** Places the plugin in a stack's folder, after the stack's file is written. */
export class PluginPlacement extends AroundSynthesis {
  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    AroundSynthesis.around("plugin-placement", PluginPlacement, stack);
  }

  /** @throws PluginMissingError before anything is written. */
  override synthesize(session: ISynthesisSession): void {
    const plugin = join(packageRoot(), "dist", "bin", "terraform-provider-maas");
    if (!existsSync(plugin)) throw new PluginMissingError(this.stack.node.path, plugin);
    this.inner.synthesize(session);
    placePlugin(plugin, folderOf(this.stack, session));
  }
}
