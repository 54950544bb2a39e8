import { type IConstruct, TerraformElement, TerraformResource, TerraformStack } from "../cdk";
import { objectsOf } from "../constructs/internal/declared-object";
import { factsOf } from "../constructs/internal/facts";
import { applyStepOf, regionOf, type StackRegion } from "../constructs/internal/region";
import { addressOf, blockOf, rendered } from "../constructs/internal/synthesised";
import { MaasEngine } from "../constructs/maas-engine";
import { fault, type Problem } from "../model/problem";

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

/** One problem per reference to an attribute that Terraform will not know. */
function danglingReferences(region: StackRegion): Problem[] {
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
        fault("MAAS-CON-15", undefined, {
          what: `${element.node.path} reads an attribute of ${path}, which Terraform does not know: with MaasEngine.APPLY_STEP there is no ${address}`,
          fix: `use the value that ${path} was given, or MaasEngine.PROVIDER. To have ${element.node.path} wait for ${path}, name that in its dependsOn.`,
        }),
      ];
    });
  });
}

/** What is wrong with a region that an apply step is the engine of. */
export function applyStepProblems(region: StackRegion): Problem[] {
  const missing =
    applyStepOf(region) === undefined
      ? [
          fault("MAAS-CON-17", undefined, {
            what: "with MaasEngine.APPLY_STEP nothing makes the objects unless there is an apply step",
            fix: `add new ApplyStep(stack, "apply"${region.alias === undefined ? "" : ", { provider }"}) to ${TerraformStack.of(region.provider).node.path}.`,
          }),
        ]
      : [];
  return [...missing, ...danglingReferences(region)];
}

/** Objects of which it is not known at synth whether they are there, or how many. */
function uncertain(construct: IConstruct, engine: MaasEngine): Problem[] {
  const alternative = engine === MaasEngine.APPLY_STEP ? "use MaasEngine.PROVIDER" : "leave out the ApplyStep";
  return objectsOf(construct)
    .filter(({ isCertain }) => !isCertain)
    .map(({ path }) =>
      fault("MAAS-CON-15", undefined, {
        what:
          `how many objects ${path} comes to is only known when Terraform works out its count or forEach: an apply step works from the ` +
          "document that is written at synth",
        fix: `give it a number, a list or a map that the program itself knows, or ${alternative}.`,
      }),
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
function unfollowed(construct: IConstruct): Problem[] {
  const names = unfollowedIn(construct);
  if (names.length === 0) return [];
  return [
    fault("MAAS-CON-15", undefined, {
      what: `${construct.node.path} has ${names.join(", ")}, which only Terraform can act on: with MaasEngine.APPLY_STEP it has no resource for this object`,
      fix: `take ${names.length === 1 ? "it" : "them"} out, or use MaasEngine.PROVIDER.`,
    }),
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

/** What an apply step can't follow of the constructs of its region. */
export function unfollowedProblems(region: StackRegion): Problem[] {
  const { engine } = region;
  const constructs = constructsOf(region);
  return [
    ...constructs.flatMap((construct) => uncertain(construct, engine)),
    ...(engine === MaasEngine.APPLY_STEP ? constructs.flatMap(unfollowed) : []),
  ];
}
