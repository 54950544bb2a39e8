import type { TerraformStack } from "../cdk";
import { refuseCall } from "../constructs/construct-error";
import { strangerProblem } from "../constructs/internal/edition";
import { once } from "../constructs/internal/facts";

/** Has synth refuse what is made for the other CDK in a stack, before anything else: the CDK looks at all elements first. */
export function requireOneCdk(stack: TerraformStack): void {
  once(stack, "one-cdk", () => {
    const prepare = stack.prepareStack.bind(stack);
    stack.prepareStack = () => {
      const strangers = stack.node.findAll().flatMap((construct) => strangerProblem(construct) ?? []);
      refuseCall(stack, "stack", strangers);
      prepare();
    };
  });
}
