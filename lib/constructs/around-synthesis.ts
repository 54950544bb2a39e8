import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type IStackSynthesizer, type ISynthesisSession, type TerraformStack } from "../cdk";

/**
 * Something that goes with the writing of a stack. A synthesizer around the stack's own and no part of the construct tree,
 * because it acts in a real synth only, when there is a folder to write to.
 */
export abstract class AroundSynthesis implements IStackSynthesizer {
  static readonly #installed = new WeakMap<TerraformStack, Map<unknown, AroundSynthesis>>();

  /** The stack's one instance of the class; put around its synthesizer when it is first asked for. */
  protected static around<T extends AroundSynthesis>(
    type: new (stack: TerraformStack, inner: IStackSynthesizer) => T,
    stack: TerraformStack,
  ): T {
    const installed = AroundSynthesis.#installed.get(stack) ?? new Map<unknown, AroundSynthesis>();
    AroundSynthesis.#installed.set(stack, installed);
    const present = installed.get(type) as T | undefined;
    if (present !== undefined) return present;
    const made = new type(stack, stack.synthesizer);
    installed.set(type, made);
    stack.synthesizer = made;
    return made;
  }

  constructor(
    protected readonly stack: TerraformStack,
    protected readonly inner: IStackSynthesizer,
  ) {}

  abstract synthesize(session: ISynthesisSession): void;
}

/** The stack's folder in a synth; made if it is not there yet. */
export function folderOf(stack: TerraformStack, { outdir, manifest }: ISynthesisSession): string {
  const folder = join(outdir, manifest.forStack(stack).workingDirectory);
  mkdirSync(folder, { recursive: true });
  return folder;
}
