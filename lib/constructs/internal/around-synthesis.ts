import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type IStackSynthesizer, type ISynthesisSession, type TerraformStack } from "../../cdk";
import { Fact } from "./facts";

const INSTALLED = new Fact<Map<string, AroundSynthesis>>("synthesizers");

/**
 * Something that goes with the writing of a stack. A synthesizer around the stack's own and no part of the construct tree,
 * because it acts in a real synth only, when there is a folder to write to.
 */
export abstract class AroundSynthesis implements IStackSynthesizer {
  /** The stack's one instance under that name; put around its synthesizer when it is first asked for. */
  protected static around<T extends AroundSynthesis>(
    name: string,
    type: new (stack: TerraformStack, inner: IStackSynthesizer) => T,
    stack: TerraformStack,
  ): T {
    const present = INSTALLED.getOrMake(stack, () => new Map());
    const made = (present.get(name) as T | undefined) ?? new type(stack, stack.synthesizer);
    if (!present.has(name)) stack.synthesizer = made;
    present.set(name, made);
    return made;
  }

  /** Whether a stack has one under that name. */
  protected static isAround(name: string, stack: TerraformStack): boolean {
    return INSTALLED.of(stack)?.has(name) === true;
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
