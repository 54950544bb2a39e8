import { type IConstruct, TerraformResource, TerraformStack } from "../../cdk";
import { factsOf } from "../../constructs/internal/facts";
import { objectsOf } from "../../constructs/internal/declared-object";
import { MaasEngine } from "../../constructs/maas-engine";
import { type StackRegion, regionOf } from "../../constructs/internal/region";
import { blockOf } from "../../constructs/internal/synthesised";

/** Objects of which it is not known at synth whether they are there, or how many. */
function uncertain(construct: IConstruct, engine: MaasEngine): string[] {
  const otherwise = engine === MaasEngine.APPLY_STEP ? "use MaasEngine.PROVIDER" : "leave out the ApplyStep";
  return objectsOf(construct)
    .filter(({ isCertain }) => !isCertain)
    .map(
      ({ path }) =>
        `how many objects ${path} comes to is only known when Terraform works out its count or forEach: an apply step works from the ` +
        `document that is written at synth. Fix: give it a number, a list or a map that the program itself knows, or ${otherwise}.`,
    );
}

/** Meta-arguments that only Terraform can act on, by their path in the block. */
const LIFECYCLE = ["prevent_destroy", "replace_triggered_by", "precondition", "postcondition"] as const;

function unfollowedIn(construct: IConstruct): string[] {
  const block = blockOf(construct, factsOf(construct)?.synthesis);
  const isResource = TerraformResource.isTerraformResource(construct);
  const provisioners = isResource && (construct.provisioners ?? []).length > 0 ? ["provisioners"] : [];
  if (block === undefined || block === "plain") return provisioners;
  const lifecycle = (block.lifecycle ?? {}) as Readonly<Record<string, unknown>>;
  const isSet = (name: string): boolean => {
    const value = lifecycle[name];
    return value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);
  };
  return [...provisioners, ...LIFECYCLE.filter(isSet).map((name) => `lifecycle.${name}`)];
}

/** Where Terraform has no resource for an object, nothing acts on what it alone would have done about it. */
function unfollowed(construct: IConstruct): string[] {
  const names = unfollowedIn(construct);
  if (names.length === 0) return [];
  return [
    `${construct.node.path} has ${names.join(", ")}, which only Terraform can act on: with MaasEngine.APPLY_STEP it has no resource for this ` +
      `object. Fix: take ${names.length === 1 ? "it" : "them"} out, or use MaasEngine.PROVIDER.`,
  ];
}

const constructsOf = (region: StackRegion): IConstruct[] =>
  TerraformStack.of(region.provider)
    .node.findAll()
    .filter((construct) => factsOf(construct) !== undefined && regionOf(construct) === region);

/** The paths of objects that may not be there. */
export function uncertainPaths(region: StackRegion): ReadonlySet<string> {
  const objects = constructsOf(region).flatMap((construct) => objectsOf(construct));
  return new Set(objects.filter(({ isCertain }) => !isCertain).map(({ path }) => path));
}

/** What an apply step can't follow of the constructs of its region, one message each. */
export function unfollowedErrors(region: StackRegion): string[] {
  const { engine } = region;
  const constructs = constructsOf(region);
  return [
    ...constructs.flatMap((construct) => uncertain(construct, engine)),
    ...(engine === MaasEngine.APPLY_STEP ? constructs.flatMap(unfollowed) : []),
  ];
}
