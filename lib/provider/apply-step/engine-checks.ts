import { TerraformElement, TerraformStack } from "../../cdk";
import { applyStepOf } from "../../constructs/internal/region";
import { factsOf } from "../../constructs/internal/facts";
import { type StackRegion, regionOf } from "../../constructs/internal/region";
import { addressOf, rendered } from "../../constructs/internal/synthesised";

const ADDRESS = /\b(?:data\.)?maas_\w+\.[\w-]+/g;

/** The constructs of the region by the address that they would have if Terraform had them. */
function absentees(region: StackRegion): ReadonlyMap<string, string> {
  const constructs = TerraformStack.of(region.provider).node.findAll();
  return new Map(
    constructs.flatMap((construct): [string, string][] => {
      if (factsOf(construct) === undefined || regionOf(construct) !== region) return [];
      const address = addressOf(construct);
      return address === undefined ? [] : [[address, construct.node.path]];
    }),
  );
}

const textOf = (element: TerraformElement): string => JSON.stringify(rendered(element, element.toTerraform()));

/** One message per reference to an attribute that Terraform will not know. */
function danglingReferences(region: StackRegion): string[] {
  const absent = absentees(region);
  const elements = TerraformStack.of(region.provider)
    .node.findAll()
    .filter((construct) => TerraformElement.isTerraformElement(construct));
  return elements.flatMap((element) => {
    const found = new Set(textOf(element).match(ADDRESS) ?? []);
    return [...found].flatMap((address) => {
      const path = absent.get(address);
      if (path === undefined) return [];
      return [
        `${element.node.path} reads an attribute of ${path}, which Terraform does not know: with MaasEngine.APPLY_STEP there is ` +
          `no ${address}. Fix: use the value that ${path} was given, or MaasEngine.PROVIDER. To have ` +
          `${element.node.path} wait for ${path}, name that in its dependsOn.`,
      ];
    });
  });
}

/** What is wrong with a region that an apply step is the engine of, one message each. */
export function applyStepErrors(region: StackRegion): string[] {
  const missing =
    applyStepOf(region) === undefined
      ? [
          "with MaasEngine.APPLY_STEP nothing makes the objects unless there is an apply step. " +
            `Fix: add new ApplyStep(stack, "apply"${region.alias === undefined ? "" : ", { provider }"}) to ${TerraformStack.of(region.provider).node.path}.`,
        ]
      : [];
  return [...missing, ...danglingReferences(region)];
}
