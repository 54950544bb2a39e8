import { App, Aspects, type IAspect, type IConstruct, TerraformStack } from "../cdk";
import { Fact, once } from "../constructs/internal/facts";
import { constructPath, type Place } from "../model/network/objects";
import { errorsOf, sentenceOf } from "../rules/report";
import { annotateOnce } from "./annotations";
import { caveatReport, inStack } from "./caveat-report";

/**
 * Enforces the IPv6 caveats of MAAS when a stack is synthesised: errors stop it before anything is written, warnings and
 * information are shown at their construct. `MaasProvider` installs it on its stack.
 */
export class Ipv6Caveats implements IAspect {
  constructor() {
    READS_ONLY.set(this, true);
  }

  /**
   * Enforces the caveats on a stack, once. As a validation, so that all aspects have had their say in what is synthesised,
   * and with annotations: CDKTF's command line writes a stack in spite of error annotations, and `skipValidation` mutes
   * validations, so that only both switches together get past.
   */
  static installFor(stack: TerraformStack): void {
    once(stack, "ipv6-caveats", () => {
      Aspects.of(stack).add(new WithoutValidation());
      stack.node.addValidation({
        validate: () => {
          SETTLED.set(stack, true);
          new Ipv6Caveats().visit(stack);
          return Ipv6Caveats.errorsOf(stack);
        },
      });
    });
  }

  /**
   * The errors of the whole app, one sentence each. Not of the stack alone: stacks are written one after another, and the
   * first must not be when a later one is refused. Only what an aspect may still change in a later stack is left to that.
   */
  static errorsOf(stack: TerraformStack): string[] {
    const { root } = stack.node;
    const stacks = root.node.findAll().filter((construct) => TerraformStack.isStack(construct));
    const open = stacks.filter((other) => other !== stack && isOpen(other)).map(({ node }) => node.path);
    const isIn = ({ path }: Place): boolean => open.some((other) => path === other || path.startsWith(`${other}/`));
    return errorsOf(caveatReport(root))
      .filter(({ where, related }) => ![where, ...related].some(isIn))
      .map(sentenceOf);
  }

  /** Annotates the constructs of a stack. Only the stack itself is acted on: all else is below it. */
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    const constructs = new Map(node.node.findAll().map((construct) => [construct.node.path, construct]));
    for (const finding of inStack(node, caveatReport(node.node.root)).findings) {
      // What is at fault may be in another stack, and this one only have part in it.
      if (finding.suppressed === undefined)
        annotateOnce(constructs.get(constructPath(finding.where.path)) ?? node, finding.level, sentenceOf(finding));
    }
  }
}

/** Stacks whose aspects have been invoked. */
const SETTLED = new Fact<true>("settled");

/** Aspects that change nothing of what is synthesised: those of this package. */
const READS_ONLY = new Fact<true>("reads-only");

/** Whether an aspect may still change what is synthesised of a stack. */
function isOpen(stack: TerraformStack): boolean {
  if (SETTLED.of(stack) === true) return false;
  const isForeign = (aspect: IAspect): boolean => READS_ONLY.of(aspect) !== true;
  return [...stack.node.scopes, ...stack.node.findAll()].some((construct) => Aspects.of(construct).all.some(isForeign));
}

/** Annotates the stack where no validation will. Aspects that come after it can't be waited for then. */
class WithoutValidation implements IAspect {
  constructor() {
    READS_ONLY.set(this, true);
  }

  visit(node: IConstruct): void {
    const { root } = node.node;
    if (App.isApp(root) && root.skipValidation === true) new Ipv6Caveats().visit(node);
  }
}
