import { Annotations, Aspects, type IAspect, type IConstruct, TerraformStack } from "../cdk";
import type { Level } from "../rules/rule";
import { errorsOf, type Finding, sentenceOf } from "../rules/report";
import { caveatReport, inStack } from "./caveat-report";

const ANNOTATE: Readonly<Record<Level, (at: Annotations, text: string) => void>> = {
  error: (at, text) => at.addError(text),
  warning: (at, text) => at.addWarning(text),
  information: (at, text) => at.addInfo(text),
};

/**
 * Enforces the IPv6 caveats of MAAS when a stack is synthesised: errors stop it before anything is written, warnings and
 * information are shown at their construct. `MaasProvider` installs it on its stack.
 */
export class Ipv6Caveats implements IAspect {
  static readonly #installed = new WeakSet<TerraformStack>();

  /**
   * Enforces the caveats on a stack, once. As an aspect and as a validation: CDKTF's command line writes a stack in spite
   * of error annotations, and `skipValidation` mutes validations, so that only both switches together get past.
   */
  static installFor(stack: TerraformStack): void {
    if (Ipv6Caveats.#installed.has(stack)) return;
    Ipv6Caveats.#installed.add(stack);
    Aspects.of(stack).add(new Ipv6Caveats());
    stack.node.addValidation({ validate: () => Ipv6Caveats.errorsOf(stack) });
  }

  /**
   * The errors of the whole app, one sentence each. Not of the stack alone: stacks are written one after another, and the
   * first must not be when a later one is refused.
   */
  static errorsOf(stack: TerraformStack): string[] {
    return errorsOf(caveatReport(stack.node.root)).map(sentenceOf);
  }

  /** Annotates the constructs of a stack. Only the stack itself is acted on: all else is below it. */
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    const constructs = new Map(node.node.findAll().map((construct) => [construct.node.path, construct]));
    for (const finding of inStack(node, caveatReport(node.node.root)).findings) {
      // What is at fault may be in another stack, and this one only have part in it.
      if (finding.suppressed === undefined) annotate(constructs.get(finding.where.path) ?? node, finding);
    }
  }
}

/** Says it once, however often the app is synthesised. */
function annotate(construct: IConstruct, finding: Finding): void {
  const text = sentenceOf(finding);
  const isSaid = construct.node.metadata.some(({ data }) => data === text);
  if (!isSaid) ANNOTATE[finding.level](Annotations.of(construct), text);
}
