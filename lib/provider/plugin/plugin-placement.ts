import { existsSync } from "node:fs";
import { join } from "node:path";
import { type IStackSynthesizer, type ISynthesisSession, type TerraformStack } from "../../cdk";
import { packageRoot } from "../../constructs/package";
import { placePlugin } from "./place-plugin";

/** The package without its built plugin: a checkout that was never built. */
export class PluginMissingError extends Error {
  override readonly name = "MaasPluginMissingError";
  constructor(stackPath: string, file: string) {
    super(
      `[${stackPath}] the Terraform plugin that belongs into the stack's folder is missing: ${file} does not exist. ` +
        "It is built with the package. Fix: run `npm run build` in a checkout of cdktf-maas, or install the package anew.",
    );
  }
}

/**
 * Synthesises a stack as before, then places the plugin in its folder. A synthesizer and no part of the construct tree,
 * because it acts in a real synth only, after the stack's file is written.
 */
export class PluginPlacement implements IStackSynthesizer {
  static readonly #installed = new WeakSet<TerraformStack>();

  /** Wraps the stack's synthesizer, once. */
  static installFor(stack: TerraformStack): void {
    if (PluginPlacement.#installed.has(stack)) return;
    PluginPlacement.#installed.add(stack);
    stack.synthesizer = new PluginPlacement(stack, stack.synthesizer);
  }

  private constructor(
    private readonly stack: TerraformStack,
    private readonly inner: IStackSynthesizer,
  ) {}

  /** @throws PluginMissingError before anything is written. */
  synthesize(session: ISynthesisSession): void {
    const plugin = join(packageRoot(), "dist", "bin", "terraform-provider-maas");
    if (!existsSync(plugin)) throw new PluginMissingError(this.stack.node.path, plugin);
    this.inner.synthesize(session);
    placePlugin(plugin, join(session.outdir, session.manifest.forStack(this.stack).workingDirectory));
  }
}
