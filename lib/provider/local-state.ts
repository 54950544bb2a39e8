import { annotateOnce } from "../aspects/annotations";
import { LocalBackend, TerraformBackend, TerraformResource, type TerraformStack } from "../cdk";
import { isMadeFrom } from "../constructs/internal/edition";
import { once } from "../constructs/internal/facts";
import { stackOverridesAt } from "../constructs/internal/synthesised";
import { told } from "../constructs/internal/users-language";
import { warning } from "../model/problem";

/** From how many resources on Terraform's writes of a local state are what takes longest. */
const MANY = 500;

/** Whether CDKTF's backend is a local file, and no override puts another one in its place. */
function isLocal(stack: TerraformStack): boolean {
  const backends = stack.node.findAll().filter((one) => TerraformBackend.isBackend(one));
  const overrides = stackOverridesAt(stack, "terraform");
  return backends.every((one) => isMadeFrom(one, LocalBackend)) && !("backend" in overrides || "cloud" in overrides);
}

/**
 * Says once of a large stack whose state is a local file that a backend is faster: Terraform writes the whole file after each
 * resource, so that the time grows with the square of their number. Measured in docs/performance.md.
 */
export function warnOfLocalState(stack: TerraformStack): void {
  once(stack, "local-state", () => {
    const validate = (): string[] => {
      const count = stack.node.findAll().filter((one) => TerraformResource.isTerraformResource(one)).length;
      if (count <= MANY || !isLocal(stack)) return [];
      const problem = warning("MAAS-CON-23", undefined, {
        what: `the state of ${count} resources is a local file`,
        why: "Terraform writes the whole file after each resource.",
        fix:
          "Give the stack a backend, such as new HttpBackend(this, { address: … }) or new S3Backend(this, { … }), " +
          `or deploy ${stack.node.id} with an ApplyStep.`,
      });
      annotateOnce(stack, "warning", told(problem));
      return [];
    };
    stack.node.addValidation({ validate });
  });
}
