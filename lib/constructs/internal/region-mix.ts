import { type IConstruct, TerraformStack } from "../../cdk";
import { factsOf } from "./facts";
import { areDifferent, chosenRegion, givenProvider, type StackRegion, regionOf, regionsOf } from "./region";

const shown = ({ provider, alias, apiUrl }: StackRegion): string => {
  const name = alias === undefined ? "the default configuration" : `alias "${alias}"`;
  const url = apiUrl === undefined || apiUrl.includes("${") ? "" : `, ${apiUrl}`;
  return `${provider.node.path} (${name}${url})`;
};

/** What is wrong with the provider configuration that a construct was given. */
function foreignProvider(construct: IConstruct): string[] {
  const given = givenProvider(construct);
  if (given === undefined || chosenRegion(construct) !== undefined) return [];
  const name = typeof given === "string" ? `"${given}"` : given.node.path;
  const [first] = regionsOf(TerraformStack.of(construct));
  return [
    `${construct.node.path} has the provider ${name}, which is no MaasProvider of its stack. ` +
      `Fix: give it ${first?.provider.node.path ?? 'new MaasProvider(stack, "maas")'} as its provider.`,
  ];
}

/** What neither says which region it is made in, nor refers to anything that does, where none is the stack's default. */
function undecided(construct: IConstruct): string[] {
  const regions = regionsOf(TerraformStack.of(construct));
  if (regions.length < 2 || regions.some(({ alias }) => alias === undefined)) return [];
  if (givenProvider(construct) !== undefined || chosenRegion(construct) !== undefined) return [];
  // Said once, of what the others refer to.
  const stack = TerraformStack.of(construct);
  const isBeside = (target: IConstruct): boolean =>
    factsOf(target) !== undefined && TerraformStack.of(target) === stack;
  if (Object.values(factsOf(construct)?.references ?? {}).some(isBeside)) return [];
  return [
    `${construct.node.path} does not say which region it is in: its stack has ${regions.map(shown).join(" and ")}, and no MaasProvider ` +
      `without an alias. Fix: give it one of them as its provider.`,
  ];
}

/** What refers to an object of another region: its id means another object there, or none. */
function mixed(construct: IConstruct): string[] {
  const own = regionOf(construct);
  if (own === undefined) return [];
  const stack = TerraformStack.of(construct);
  return Object.values(factsOf(construct)?.references ?? {}).flatMap((target) => {
    const other = factsOf(target) === undefined ? undefined : regionOf(target);
    if (other === undefined || !areDifferent(own, other)) return [];
    const isOwnStacks = regionsOf(stack).includes(other);
    const fix = isOwnStacks
      ? `give ${construct.node.path} and all that it refers to one provider: ${own.provider.node.path}, or ${other.provider.node.path}`
      : `give ${construct.node.path} a MaasProvider of its stack with the URL of ${other.provider.node.path}`;
    return [
      `${construct.node.path} is in the region of ${shown(own)}, and refers to ${target.node.path} in that of ${shown(other)}. ` +
        `Ids are each region's own: they would mean other objects there. Fix: ${fix}.`,
    ];
  });
}

/** One message per construct whose region is not clear, or that mixes two. */
export function regionMix(constructs: readonly IConstruct[]): string[] {
  return constructs.flatMap((construct) => [
    ...foreignProvider(construct),
    ...undecided(construct),
    ...mixed(construct),
  ]);
}
