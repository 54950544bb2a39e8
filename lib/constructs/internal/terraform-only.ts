import type { IConstruct, TerraformMetaArguments, TerraformResource } from "../../cdk";
import { fault } from "../../model/problem";
import { told } from "./users-language";
import { requireOwnCdk } from "./edition";
import { PROVIDER } from "./facts";
import { isTerraformObject } from "./region";

// Constructs that are no objects of a region: what they tell is known when Terraform reads or applies, and no document has them.

/** What CDKTF is to know of an element of that type. */
export const elementConfig = (type: string, meta: TerraformMetaArguments) => ({
  ...meta,
  terraformResourceType: type,
  terraformGeneratorMetadata: { providerName: PROVIDER.generatorName },
});

/** The construct whose region is that of this one: what it refers to, where it has no provider itself. */
export const placeOf = (
  construct: IConstruct & Pick<TerraformResource, "provider">,
  target: IConstruct | undefined,
): IConstruct => (construct.provider === undefined ? (target ?? construct) : construct);

/** Has synth refuse the construct where an apply step is the engine. */
export function onlyWithTerraform(
  construct: IConstruct & Pick<TerraformResource, "provider">,
  target: IConstruct | undefined,
  { does, fix }: { readonly does: string; readonly fix: string },
): void {
  requireOwnCdk(construct);
  const validate = (): string[] => {
    if (isTerraformObject(placeOf(construct, target))) return [];
    const problem = fault("MAAS-CON-15", undefined, {
      what: `${construct.node.path} ${does}, and with MaasEngine.APPLY_STEP the objects are no part of Terraform`,
      why: "The document of an apply step is complete at synth, where no answer is known.",
      fix,
    });
    return [told(problem)];
  };
  construct.node.addValidation({ validate });
}
